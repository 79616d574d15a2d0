/* Loads, copies, slots by index, globals. Part of interpreter.c and execute.c. */

OP(Hint) {
	NEXT;
}
OP(LoadInt) {
	R(A) = (volt_slot)(int64_t)IMMEDIATE;
	NEXT;
}
OP(LoadConst) {
	R(A) = vm->constants[B];
	NEXT;
}
OP(Copy) {
	R(A) = R(B);
	NEXT;
}
OP(CopyN) {
	memmove(&R(A), &R(B), C * sizeof(volt_slot));
	NEXT;
}
OP(SlotGet) {
	const volt_slot index = R(C);
	const uint32_t available = FRAME_SLOTS - B;
	if (unlikely(index >= available))
		RAISE(out_of_range(index, available));
	volt_slot value = R(B + index);
	const volt_slot unified = volt_slot_identity(VOLT_KIND_FLOAT64, value);
	if (unlikely(value != unified)) { /* a NaN, or an integer that looks like one */
		const volt_function *function = &vm->module->functions.items[RUNNING_FUNCTION];
		if (volt_reads_float_field(function, RUNNING_PC))
			value = unified;
	}
	R(A) = value;
	NEXT;
}
OP(SlotSet) {
	const volt_slot index = R(B);
	const uint32_t available = FRAME_SLOTS - A;
	if (unlikely(index >= available))
		RAISE(out_of_range(index, available));
	R(A + index) = R(C);
	NEXT;
}
OP(SlotGetN) {
	const uint32_t width = FLAGS;
	if (likely(width != 0)) {
		const volt_slot index = R(C);
		const uint32_t available = FRAME_SLOTS - B;
		if (unlikely(index >= available || (index + 1) * width > available))
			RAISE(out_of_range(index, available / width));
		memmove(&R(A), &R(B + index * width), width * sizeof(volt_slot));
	}
	NEXT;
}
OP(SlotSetN) {
	const uint32_t width = FLAGS;
	if (likely(width != 0)) {
		const volt_slot index = R(B);
		const uint32_t available = FRAME_SLOTS - A;
		if (unlikely(index >= available || (index + 1) * width > available))
			RAISE(out_of_range(index, available / width));
		memmove(&R(A + index * width), &R(C), width * sizeof(volt_slot));
	}
	NEXT;
}
OP(GlobalGet) {
	R(A) = vm->context.globals[B];
	NEXT;
}
OP(GlobalGetN) {
	memcpy(&R(A), vm->context.globals + B, FLAGS * sizeof(volt_slot));
	NEXT;
}
OP(GlobalSet) {
	vm->context.globals[A] = R(B);
	NEXT;
}
OP(GlobalSetN) {
	memcpy(vm->context.globals + A, &R(B), FLAGS * sizeof(volt_slot));
	NEXT;
}
