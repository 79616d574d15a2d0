/* Islands and ports. Part of interpreter.c and execute.c. */

OP(IslandNew) {
	SAVE_PC;
	status = vm->island_operations->new_island(vm, fiber, &R(A));
	AFTER_BLOCKING_OPERATION(false);
}
OP(GoIsland) {
	BEFORE_WORK;
	SAVE_PC;
	status = vm->island_operations->go(vm, fiber, R(A), R(B), &R(C), FLAGS);
	AFTER_BLOCKING_OPERATION(false);
}
OP(PortNew) {
	BEFORE_WORK;
	CHECK(vm->island_operations->new_port(vm, (uint32_t)R(B), (int64_t)R(C), FLAGS, &R(A)));
	NEXT;
}
OP(PortSend) {
	BEFORE_WORK;
	SAVE_PC;
	status = vm->island_operations->send(vm, fiber, R(A), &R(B), FLAGS);
	AFTER_BLOCKING_OPERATION(false);
}
OP(PortRecv) {
	BEFORE_WORK;
	SAVE_PC;
	status = vm->island_operations->receive(vm, fiber, R(B), &R(A), FLAGS >> 1, FLAGS & 1);
	AFTER_BLOCKING_OPERATION(true);
}
OP(PortClose) {
	CHECK(vm->island_operations->close(vm, R(A)));
	NEXT;
}
OP(PortLen) {
	R(A) = vm->island_operations->length(vm, R(B));
	NEXT;
}
OP(PortCap) {
	R(A) = vm->island_operations->capacity(R(B));
	NEXT;
}
