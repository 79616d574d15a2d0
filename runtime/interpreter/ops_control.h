/* Jumps, calls, returns. Part of interpreter.c. */

OP(Jump) {
	const int32_t distance = IMMEDIATE;
	pc += distance - 1;
	if (distance <= 0)
		COUNT_STEP;
	NEXT;
}
OP(JumpIf) {
	PROFILE_BRANCH(R(A) != 0);
	if (R(A) != 0) {
		const int32_t distance = IMMEDIATE;
		pc += distance - 1;
		if (distance <= 0)
			COUNT_STEP;
	}
	NEXT;
}
OP(JumpIfNot) {
	PROFILE_BRANCH(R(A) == 0);
	if (R(A) == 0) {
		const int32_t distance = IMMEDIATE;
		pc += distance - 1;
		if (distance <= 0)
			COUNT_STEP;
	}
	NEXT;
}
OP(ForLoop) {
	const uint8_t kind = FLAGS & 7;
	const volt_slot index = kind & 2 ? R(A) - 1 : R(A) + 1;
	R(A) = index;
	/* The comparison is the same for all kinds once sign and direction are folded into the operands. */
	const volt_slot sign = kind & 1 ? 0 : UINT64_C(1) << 63;
	volt_slot x = index ^ sign, y = R(B) ^ sign;
	if (kind & 2) {
		x = ~x;
		y = ~y;
	}
	const bool again = kind & 4 ? x <= y : x < y;
	PROFILE_BRANCH(again);
	if (again) {
		const int16_t distance = (int16_t)C;
		pc += distance;
		if (distance < 0)
			COUNT_STEP;
	}
	NEXT;
}

OP(Call) {
	const uint32_t callee = (uint32_t)A | (uint32_t)FLAGS << 16;
	const executable_function *const function = &functions[callee];
	const volt_instruction call = pc[-1];
	const uint32_t base = fiber->stack_pointer;
	const uint32_t top = base + function->local_slots;
	COUNT_CALL;
	PROFILE_CALL;
	SAVE_PC;
	if (unlikely(top > fiber->stack_capacity || fiber->frame_count == fiber->frame_capacity)) {
		const call_target target = call_plain(callee);
		CHECK(call_push(vm, fiber, &target, &R(call.b), call.c >> 8, call.b, call.c & 0xff));
		goto enter;
	}
	const volt_slot *from = &R(call.b);
	const uint32_t count = call.c >> 8;
	slots = fiber->stack + base;
	if (likely(count == function->exact_arguments)) {
		for (uint32_t i = 0; i < count; i++)
			slots[i] = from[i];
	} else {
		const call_target target = call_plain(callee);
		call_fill_frame(vm, &target, slots, from, count);
	}
	fiber->stack_pointer = top;
	fiber->frame_count++;
	frame++;
	*frame = (call_frame){callee, 0, base, call.b, call.c & 0xff};
	if (unlikely(atomic_load_explicit(&functions[callee].entry, memory_order_relaxed) != NULL))
		goto enter;
	COUNT_HEAT_OF_CALL(callee);
	ENTER_CODE(callee);
	pc = code;
	NEXT;
}
OP(CallExtern) {
	BEFORE_WORK;
	SAVE_PC;
	status = call_native(vm, fiber, B, &R(C), FLAGS, &R(A), FRAME_SLOTS - A);
	if (likely(status == VOLT_STATUS_OK))
		NEXT;
	switch (status) {
	case VOLT_STATUS_PANIC: goto unwind;
	case VOLT_STATUS_WAIT_IO: frame->pc--; return INTERPRETER_PARKED;
	case VOLT_STATUS_REPLAY:
		frame->pc--;
		replay_start(vm, fiber);
		goto load;
	case VOLT_STATUS_OK:
	case VOLT_STATUS_CALL:
	case VOLT_STATUS_WAIT_QUEUE:
	case VOLT_STATUS_YIELD: break;
	}
	return INTERPRETER_YIELD;
}
OP(CallClosure) {
	COUNT_CALL;
	PROFILE_CALL;
	SAVE_PC;
	call_target target;
	CHECK(call_resolve_closure(vm, R(A), &target));
	PROFILE_CALLEE(target.function);
	if (likely(call_push_without_growing(vm, fiber, &target, &R(B), C >> 8, B, C & 0xff)))
		goto enter;
	CHECK(call_push(vm, fiber, &target, &R(B), C >> 8, B, C & 0xff));
	goto enter;
}
OP(CallIface) {
	COUNT_CALL;
	PROFILE_CALL;
	SAVE_PC;
	call_target target;
	CHECK(call_resolve_method(vm, &R(A), FLAGS, &target));
	PROFILE_CALLEE(target.function);
	if (likely(call_push_without_growing(vm, fiber, &target, &R(B), C >> 8, B, C & 0xff)))
		goto enter;
	CHECK(call_push(vm, fiber, &target, &R(B), C >> 8, B, C & 0xff));
	goto enter;
}
OP(Return) {
	if (unlikely(fiber->frame_count == fiber->watch_depth || (FLAGS & 2))) {
		SAVE_PC;
		flow = unwind_return(vm, fiber, pc[-1]);
		goto follow;
	}
	const volt_slot *from = &R(A);
	const uint32_t offered = B, wanted = frame->result_count, first = frame->result_slot;
	fiber->stack_pointer = frame->base;
	fiber->frame_count--;
	frame--;
	slots = fiber->stack + frame->base;
	for (uint32_t i = 0, count = offered < wanted ? offered : wanted; i < count; i++)
		slots[first + i] = from[i];
	if (unlikely(HAS_CONTINUATION(frame->function)))
		goto resume;
	ENTER_CODE(frame->function);
	pc = code + frame->pc;
	NEXT;
}
