/* Select: its cases name slots of the frame, which must lie in the fiber's stack. Part of interpreter.c. */

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
	if (status == VOLT_STATUS_OK || status == VOLT_STATUS_YIELD)
		R(A) = (volt_slot)chosen;
	if (status == VOLT_STATUS_OK)
		NEXT_IN_COMPILED_CODE;
	AFTER_BLOCKING_OPERATION(true);
}
