/* Channels and select. Part of interpreter.c. */

OP(ChanNew) {
	CHECK(channel_new(vm->space, (uint32_t)R(B), (int64_t)R(C), FLAGS, &R(A)));
	NEXT;
}
OP(ChanSend) {
	SAVE_PC;
	status = channel_op_send(vm, fiber, R(A), &R(B), FLAGS);
	if (status == VOLT_STATUS_OK) {
		NEXT;
	}
	goto channel_status;
}
OP(ChanRecv) {
	SAVE_PC;
	status = channel_op_receive(vm, fiber, R(B), &R(A), FLAGS >> 1, FLAGS & 1);
	if (status == VOLT_STATUS_OK) {
		NEXT;
	}
	goto channel_status_again;
}
OP(ChanClose) {
	SAVE_PC;
	status = channel_op_close(vm, fiber, R(A));
	if (status == VOLT_STATUS_OK) {
		NEXT;
	}
	goto channel_status;
}
OP(ChanLen) {
	R(A) = channel_length(R(B));
	NEXT;
}
OP(ChanCap) {
	R(A) = channel_capacity(R(B));
	NEXT;
}
OP(SelectBegin) {
	select_begin(fiber, frame->base, FLAGS & 1);
	NEXT;
}
OP(SelectSend) {
	REQUIRE(select_add(fiber, frame->base, true, A, B, FLAGS, false),
	        "no select was begun, or it has too many cases");
	NEXT;
}
OP(SelectRecv) {
	REQUIRE(select_add(fiber, frame->base, false, B, A, FLAGS >> 1, FLAGS & 1),
	        "no select was begun, or it has too many cases");
	NEXT;
}
OP(SelectExec) {
	SAVE_PC;
	int64_t chosen = 0;
	status = select_execute(vm, fiber, frame->base, &chosen);
	if (status == VOLT_STATUS_OK || status == VOLT_STATUS_YIELD) {
		R(A) = (volt_slot)chosen;
	}
	if (status == VOLT_STATUS_OK) {
		NEXT;
	}
	goto channel_status_again;
}

channel_status_again :
    /* The instruction is executed again when the fiber wakes. */
    if (status == VOLT_STATUS_WAIT_QUEUE) {
	frame->pc--;
}
channel_status : switch (status) {
case VOLT_STATUS_PANIC: goto unwind;
case VOLT_STATUS_WAIT_QUEUE: return INTERPRETER_PARKED;
default: return INTERPRETER_YIELD;
}
