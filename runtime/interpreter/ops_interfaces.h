/* Interfaces. Operands are copied where the result may lie over them. Part of interpreter.c and execute.c. */

OP(IfaceAssign) {
	BEFORE_WORK;
	const volt_slot source[2] = {R(B), FLAGS == VOLT_KIND_INTERFACE ? R(B + 1) : 0};
	interface_assign(vm->space, &R(A), FLAGS, source, vm->constants[C]);
	NEXT;
}
OP(IfaceAssert) {
	BEFORE_WORK;
	const volt_slot value[2] = {R(B), R(B + 1)};
	CHECK(interface_assert(vm->space, &R(A), value, C, FLAGS & 3, FLAGS & 4, FLAGS >> 3));
	NEXT;
}
OP(IfaceEq) {
	BEFORE_WORK;
	bool equal;
	CHECK(interface_equal(vm->space, &R(B), &R(C), &equal));
	R(A) = equal;
	NEXT;
}
