/* Closures, goroutines, deferred calls, panic and recover. Part of interpreter.c and execute.c. */

OP(ClosureNew) {
	const uint32_t function = (uint32_t)B | (uint32_t)FLAGS << 16;
	R(A) = closure_new(vm->space, function, C);
	NEXT;
}
OP(ClosureGet) {
	const volt_closure *closure = volt_slot_pointer(R(0));
	if (unlikely(!closure))
		RAISE_KIND(NilPointerDereference);
	if (unlikely(B >= closure->capture_count))
		RAISE(out_of_range(B, closure->capture_count));
	R(A) = closure->captures[B];
	NEXT;
}
OP(GoStart) {
	call_target target = call_plain(plain_callee(pc[-1]));
	if (FLAGS & 1)
		CHECK(call_resolve_closure(vm, R(A), &target));
	CHECK(call_go(vm, &target, &R(B), C));
	NEXT;
}
OP(DeferPush) {
	const bool by_closure = FLAGS & 1;
	unwind_defer(fiber, by_closure ? R(A) : 0, by_closure, plain_callee(pc[-1]), &R(B), C, false);
	NEXT_IN_COMPILED_CODE;
}
OP(ErrDeferPush) {
	const bool by_closure = FLAGS & 1;
	unwind_defer(fiber, by_closure ? R(A) : 0, by_closure, plain_callee(pc[-1]), &R(B), C, true);
	NEXT_IN_COMPILED_CODE;
}
OP(Panic) {
	SAVE_PC;
	panic_raise(fiber, &R(A));
	goto unwind;
}
OP(Recover) {
	unwind_recover(fiber, &R(A));
	NEXT_IN_COMPILED_CODE;
}
