/* Objects behind pointers. Part of interpreter.c and execute.c. */

OP(PtrNew) {
	/* `new(T)` is compiled with b = 0, where slot 0 may hold anything (SPECIFICATION.md, "Heap pointers"). */
	const uint32_t meta = (uint32_t)R(B);
	R(A) = B != 0 ? heap_new_object(vm->space, meta, FLAGS) : heap_new_untyped(vm->space, meta, FLAGS);
	NEXT;
}
OP(PtrGet) {
	const volt_slot *object = volt_slot_pointer(R(B));
	if (unlikely(!object))
		RAISE_KIND(NilPointerDereference);
	R(A) = object[C];
	NEXT;
}
OP(PtrSet) {
	volt_slot *object = volt_slot_pointer(R(A));
	if (unlikely(!object))
		RAISE_KIND(NilPointerDereference);
	object[B] = R(C);
	NEXT;
}
OP(PtrGetN) {
	const volt_slot *object = volt_slot_pointer(R(B));
	if (unlikely(!object))
		RAISE_KIND(NilPointerDereference);
	memmove(&R(A), object + C, FLAGS * sizeof(volt_slot));
	NEXT;
}
OP(PtrSetN) {
	volt_slot *object = volt_slot_pointer(R(A));
	if (unlikely(!object))
		RAISE_KIND(NilPointerDereference);
	memmove(object + B, &R(C), FLAGS * sizeof(volt_slot));
	NEXT;
}
OP(PtrAdd) {
	/* An address inside nil stays nil, so that using it traps and does not fault. */
	const volt_slot address = R(B);
	R(A) = address ? address + R(C) * sizeof(volt_slot) : 0;
	NEXT;
}
