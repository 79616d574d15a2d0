/* Channels. Part of interpreter.c and execute.c. */

OP(ChanNew) {
	BEFORE_WORK;
	CHECK(channel_new(vm->space, (uint32_t)R(B), (int64_t)R(C), FLAGS, &R(A)));
	NEXT;
}
OP(ChanSend) {
	SAVE_PC;
	status = channel_op_send(vm, fiber, R(A), &R(B), FLAGS);
	AFTER_BLOCKING_OPERATION(false);
}
OP(ChanRecv) {
	SAVE_PC;
	status = channel_op_receive(vm, fiber, R(B), &R(A), FLAGS >> 1, FLAGS & 1);
	AFTER_BLOCKING_OPERATION(true);
}
OP(ChanClose) {
	SAVE_PC;
	status = channel_op_close(vm, fiber, R(A));
	AFTER_BLOCKING_OPERATION(false);
}
OP(ChanLen) {
	R(A) = channel_length(channel_or_nil(R(B)));
	NEXT;
}
OP(ChanCap) {
	R(A) = channel_capacity(channel_or_nil(R(B)));
	NEXT;
}
