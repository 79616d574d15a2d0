/* Islands and ports. Part of interpreter.c and execute.c. */

OP(IslandNew) {
	SAVE_PC;
	status = island_op_new(vm, fiber, &R(A));
	AFTER_BLOCKING_OPERATION(false);
}
OP(GoIsland) {
	SAVE_PC;
	status = island_op_go(vm, fiber, R(A), R(B), &R(C), FLAGS);
	AFTER_BLOCKING_OPERATION(false);
}
OP(PortNew) {
	CHECK(island_op_new_port(vm, (uint32_t)R(B), (int64_t)R(C), FLAGS, &R(A)));
	NEXT;
}
OP(PortSend) {
	SAVE_PC;
	status = island_op_send(vm, fiber, R(A), &R(B), FLAGS);
	AFTER_BLOCKING_OPERATION(false);
}
OP(PortRecv) {
	SAVE_PC;
	status = island_op_receive(vm, fiber, R(B), &R(A), FLAGS >> 1, FLAGS & 1);
	AFTER_BLOCKING_OPERATION(true);
}
OP(PortClose) {
	CHECK(island_op_close(vm, R(A)));
	NEXT;
}
OP(PortLen) {
	R(A) = island_op_length(vm, R(B));
	NEXT;
}
OP(PortCap) {
	R(A) = island_op_capacity(R(B));
	NEXT;
}
