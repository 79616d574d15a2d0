/* Loads, copies, slots by index, globals. Part of interpreter.c. */

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
	R(A) = R(B + index);
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
