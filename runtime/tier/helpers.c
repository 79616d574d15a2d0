/* The VM's side of VOLT_HELPERS: what compiled code calls. The context is the start of the VM. */
#include <setjmp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "interpreter/calls.h"
#include "interpreter/channel_ops.h"
#include "interpreter/execute.h"
#include "interpreter/native_call.h"
#include "interpreter/unwind.h"
#include "object/heap.h"
#include "tier/counters.h"
#include "tier/heap_helpers.h"
#include "tier/helper_status.h"
#include "tier/run.h"
#include "tier/state.h"
#include "tier/unexpected_calls.h"

/*
 * A native that waits or wants a closure is executed again; after anything else the next instruction
 * follows. Compiled code has room for all results that the import declares.
 */
static volt_status helper_call_native(volt_context *context, uint32_t native, const volt_slot *arguments,
                                      uint32_t count, volt_slot *results, uint32_t pc) {
	volt_vm *vm = vm_of(context);
	volt_status status = call_native(vm, vm->fibers.current, native, arguments, count, results, UINT32_MAX);
	bool again = status == VOLT_STATUS_WAIT_IO || status == VOLT_STATUS_REPLAY;
	context->exit_pc = again ? pc : pc + 1;
	return status;
}

static void helper_trap(volt_context *context, uint32_t kind, volt_slot x, volt_slot y, uint32_t pc) {
	raise_at(context, pc, (volt_trap){(volt_trap_kind)kind, x, y});
}

_Noreturn void tier_out_of_stack(volt_vm *vm) {
	vm_fail(vm, volt_error_new(VOLT_ERROR_LIMIT, "%s: no memory for a fiber's stack", vm->module->source));
	longjmp(vm->exhausted, 1);
}

/*
 * An exit writes its frame before the VM can say that the language's limit is passed, so the limit does not
 * hold here: the fiber's frames are checked when they are complete. Native frames are bounded by the native
 * stack.
 */
static void helper_grow_stack(volt_context *context, volt_slot slots) {
	volt_vm *vm = vm_of(context);
	if (fiber_make_room(&vm->fibers, vm->fibers.current, slots))
		return;
	tier_out_of_stack(vm);
}

static void helper_write_frame(volt_context *context, volt_slot base, const volt_slot *slots,
                               uint32_t count) {
	context->base = base;
	context->stack_pointer = base + count;
	if (context->stack_pointer > context->stack_capacity)
		helper_grow_stack(context, context->stack_pointer);
	memcpy(context->stack + base, slots, count * sizeof(volt_slot));
}

static void helper_push_resume_point(volt_context *context, uint32_t function, volt_slot base,
                                     uint32_t result_slot, uint32_t result_count, uint32_t caller_pc) {
	tier_state *state = vm_of(context)->tier;
	if (state->resume_count == state->resume_capacity)
		memory_grow_scanned(&state->resume_points, &state->resume_capacity, (uint64_t)state->resume_count + 1,
		                    sizeof(resume_point));
	state->resume_points[state->resume_count] = (resume_point){
	    .function = function,
	    .pc = (uint32_t)context->exit_pc,
	    .base = (uint32_t)base,
	    .result_slot = (uint16_t)result_slot,
	    .result_count = (uint16_t)result_count,
	};
	atomic_signal_fence(memory_order_release); /* the collector may look: see tier_exit_extent() */
	state->resume_count++;
	context->exit_pc = caller_pc;
}

static void helper_spill_frame(volt_context *context, volt_slot base, const volt_slot *slots, uint32_t count,
                               uint32_t pc, uint32_t callee, volt_slot callee_base, uint32_t result_slot,
                               uint32_t result_count, uint32_t status) {
	enum { NO_CALLEE = UINT32_MAX };
	(void)status;
	helper_write_frame(context, base, slots, count);
	if (callee != NO_CALLEE)
		helper_push_resume_point(context, callee, callee_base, result_slot, result_count, pc);
	else if (pc != VOLT_PC_IN_CONTEXT)
		context->exit_pc = pc;
}

static void helper_capture_frame(volt_context *context, const volt_exit_site *site, const volt_slot *values) {
	tier_state *state = vm_of(context)->tier;
	captured_frames_add(&state->captured, site, values, context->exit_pc);
}

static void helper_capture_skipped(volt_context *context, const volt_exit_site *site, volt_slot count) {
	tier_state *state = vm_of(context)->tier;
	captured_frames_add_skipped(&state->captured, site, count);
}

/* Every frame that is unwound has a landing pad that either goes on or ends the unwinding. */
static _Unwind_Reason_Code never_stop(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                      struct _Unwind_Exception *exception, struct _Unwind_Context *unwound,
                                      void *user) {
	(void)version, (void)kind, (void)exception, (void)unwound, (void)user;
	if (actions & _UA_END_OF_STACK)
		abort();
	return _URC_NO_REASON;
}

/* The unwinder needs the exception until it has ended, on whatever frame; a thread unwinds once at a time. */
static void helper_raise(volt_context *context, uint32_t status) {
	static _Thread_local struct _Unwind_Exception exception;
	context->status = status;
	memset(&exception, 0, sizeof exception);
	_Unwind_ForcedUnwind(&exception, never_stop, NULL);
	abort();
}

/* ---- Instructions out of line ---- */

static bool repeats(const volt_vm *vm, uint32_t function, uint32_t pc) {
	const uint8_t opcode = vm->module->functions.items[function].code.items[pc].op;
	return volt_opcode_get_info(opcode)->effects & VOLT_EFFECT_REPEATS;
}

static volt_status helper_execute(volt_context *context, uint32_t function, uint32_t pc, volt_slot *slots) {
	volt_vm *vm = vm_of(context);
	volt_status status = execute_instruction(vm, vm->fibers.current, function, pc, slots);
	context->exit_pc = status == VOLT_STATUS_WAIT_QUEUE && repeats(vm, function, pc) ? pc : pc + 1;
	return status;
}

/* ---- Channels ---- */

static volt_status helper_channel_send(volt_context *context, uint32_t pc, volt_slot channel,
                                       const volt_slot *value, uint32_t slots) {
	volt_vm *vm = vm_of(context);
	context->exit_pc = pc + 1;
	return channel_op_send(vm, vm->fibers.current, channel, value, slots);
}

/* A fiber that had to sleep executes the instruction again. */
static volt_status helper_channel_receive(volt_context *context, uint32_t pc, volt_slot channel,
                                          volt_slot *value, uint32_t slots, uint32_t has_ok) {
	volt_vm *vm = vm_of(context);
	volt_status status = channel_op_receive(vm, vm->fibers.current, channel, value, slots, has_ok);
	context->exit_pc = status == VOLT_STATUS_WAIT_QUEUE ? pc : pc + 1;
	return status;
}

static volt_pair helper_channel_new(volt_context *context, uint32_t pc, volt_slot element_meta,
                                    volt_slot capacity, uint32_t slots) {
	volt_slot made = 0;
	const volt_trap trap =
	    channel_new(vm_of(context)->space, (uint32_t)element_meta, (int64_t)capacity, (uint16_t)slots, &made);
	return (volt_pair){made, status_of(context, pc, trap)};
}

static volt_status helper_channel_close(volt_context *context, uint32_t pc, volt_slot channel) {
	volt_vm *vm = vm_of(context);
	context->exit_pc = pc + 1;
	return channel_op_close(vm, vm->fibers.current, channel);
}

static volt_status helper_select(volt_context *context, uint32_t function, uint32_t pc, volt_slot *slots) {
	volt_vm *vm = vm_of(context);
	const volt_instruction *code = vm->module->functions.items[function].code.items, *next = code + pc;
	const volt_status status = select_execute_ready(vm, vm->fibers.current, &next, slots);
	context->exit_pc = status == VOLT_STATUS_CALL ? pc : (uint64_t)(next - code);
	return status;
}

static volt_slot helper_channel_length(volt_context *context, volt_slot channel) {
	(void)context;
	return channel_length(channel_or_nil(channel));
}

static volt_slot helper_channel_capacity(volt_context *context, volt_slot channel) {
	(void)context;
	return channel_capacity(channel_or_nil(channel));
}

/* ---- Goroutines ---- */

static volt_status helper_go(volt_context *context, uint32_t pc, uint32_t function,
                             const volt_slot *arguments, uint32_t count) {
	const call_target target = call_plain(function);
	return status_of(context, pc, call_go(vm_of(context), &target, arguments, count));
}

static volt_status helper_go_closure(volt_context *context, uint32_t pc, volt_slot closure,
                                     const volt_slot *arguments, uint32_t count) {
	volt_vm *vm = vm_of(context);
	call_target target;
	volt_trap trap = call_resolve_closure(vm, closure, &target);
	if (trap.kind == VOLT_TRAP_None)
		trap = call_go(vm, &target, arguments, count);
	return status_of(context, pc, trap);
}

/* ---- Calls of closures and methods ---- */

/* A call instruction in compiled code: who calls, and where its arguments lie and its results go. */
typedef struct {
	volt_instruction instruction;
	uint32_t pc;
	volt_slot *area;
	volt_slot base;          /* of the callee's frame */
	_Atomic uint64_t *cache; /* NULL: the site has none */
} indirect_call;

static indirect_call describe_call(const volt_vm *vm, uint32_t function, uint32_t pc, volt_slot *area,
                                   volt_slot base, uint64_t *cache) {
	return (indirect_call){vm->module->functions.items[function].code.items[pc], pc, area, base,
	                       (_Atomic uint64_t *)cache};
}

/* Does the site's way of calling fit? See VOLT_CALL_CACHE_WORDS. */
static bool fits_site(const volt_vm *vm, const indirect_call *call, const call_target *target) {
	executable_function *function = &vm->functions[target->function];
	return call->cache && atomic_load_explicit(&function->entry, memory_order_acquire) &&
	       function->call_results == (call->instruction.c & 0xff) && target->has_slot_0 &&
	       target->first_argument == 1 && function->parameter_slots == 1 + (call->instruction.c >> 8);
}

static void remember_callee(const volt_vm *vm, const indirect_call *call, const call_target *target,
                            uint32_t number) {
	if (!fits_site(vm, call, target))
		return;
	uint64_t key = (uint64_t)number + 1;
	atomic_store_explicit(&call->cache[key % VOLT_CALL_CACHE_WORDS], (uint64_t)target->function << 32 | key,
	                      memory_order_relaxed);
}

/* Slot 0 of a function that is a closure is the closure, whatever it has captured. */
static void remember_closure(const volt_vm *vm, const indirect_call *call, const call_target *target) {
	const executable_function *function = &vm->functions[target->function];
	if (function->is_closure && function->receiver_slots == 0)
		remember_callee(vm, call, target, target->function);
}

/* The module's own tables: what is looked up at run time may go by more than the table. */
static void remember_method(const volt_vm *vm, const indirect_call *call, const call_target *target,
                            volt_slot type) {
	uint32_t itab = volt_interface_itab(type);
	if (itab < vm->module->itabs.count && call->instruction.flags < vm->module->itabs.items[itab].count)
		remember_callee(vm, call, target, itab);
}

/* A callee whose frame was captured needs no resume point; the caller's is next. */
static void note_callee(volt_vm *vm, const indirect_call *call, uint32_t callee) {
	const tier_state *state = vm->tier;
	if (state->captured.count == 0)
		helper_push_resume_point(&vm->context, callee, call->base, call->instruction.b,
		                         call->instruction.c & 0xff, call->pc + 1);
	else
		vm->context.exit_pc = call->pc + 1;
}

/* Enters the callee's compiled code; the frame's registers in the context are the caller's again after OK. */
static volt_status enter_callee(volt_vm *vm, const indirect_call *call, uint32_t callee,
                                const volt_slot *arguments) {
	executable_function *function = &vm->functions[callee];
	volt_compiled_function compiled = atomic_load_explicit(&function->entry, memory_order_acquire);
	uint64_t base = vm->context.base, stack_pointer = vm->context.stack_pointer;
	volt_slot results[function->call_results + 1];
	vm->context.base = call->base;
	vm->context.stack_pointer = call->base + function->local_slots;
	volt_status status = compiled(&vm->context, arguments, results);
	uint32_t wanted = call->instruction.c & 0xff;
	if (status != VOLT_STATUS_OK) {
		note_callee(vm, call, callee);
		return status;
	}
	vm->context.base = base;
	vm->context.stack_pointer = stack_pointer;
	uint32_t given = function->call_results < wanted ? function->call_results : wanted;
	memcpy(call->area, results, given * sizeof(volt_slot));
	return VOLT_STATUS_OK;
}

static volt_status call_target_now(volt_vm *vm, const indirect_call *call, const call_target *target) {
	uint32_t parameters = vm->functions[target->function].parameter_slots;
	uint32_t count = call->instruction.c >> 8;
	bool compiled = atomic_load_explicit(&vm->functions[target->function].entry, memory_order_acquire);
	if (!compiled || target->first_argument + count > parameters) {
		vm->context.exit_pc = call->pc;
		if (tier_counts_steps(vm))
			vm->context.budget++; /* compiled code has counted the call, and the interpreter is going to */
		return VOLT_STATUS_CALL;
	}
	volt_slot arguments[parameters + 1];
	memset(arguments, 0, sizeof arguments);
	if (target->has_slot_0)
		arguments[0] = target->slot_0;
	memcpy(arguments + target->first_argument, call->area, count * sizeof(volt_slot));
	return enter_callee(vm, call, target->function, arguments);
}

static volt_status call_or_trap(volt_vm *vm, const indirect_call *call, volt_trap trap,
                                const call_target *target) {
	if (trap.kind == VOLT_TRAP_None)
		return call_target_now(vm, call, target);
	return raise_at(&vm->context, call->pc, trap);
}

static volt_status helper_call_closure(volt_context *context, uint32_t function, uint32_t pc,
                                       volt_slot closure, volt_slot *area, volt_slot base, uint64_t *cache) {
	volt_vm *vm = vm_of(context);
	indirect_call call = describe_call(vm, function, pc, area, base, cache);
	call_target target;
	volt_trap trap = call_resolve_closure(vm, closure, &target);
	if (trap.kind == VOLT_TRAP_None)
		remember_closure(vm, &call, &target);
	return call_or_trap(vm, &call, trap, &target);
}

static volt_status helper_call_method(volt_context *context, uint32_t function, uint32_t pc, volt_slot type,
                                      volt_slot payload, volt_slot *area, volt_slot base, uint64_t *cache) {
	volt_vm *vm = vm_of(context);
	indirect_call call = describe_call(vm, function, pc, area, base, cache);
	call_target target;
	volt_trap trap = call_resolve_method(vm, (volt_slot[]){type, payload}, call.instruction.flags, &target);
	if (trap.kind == VOLT_TRAP_None)
		remember_method(vm, &call, &target, type);
	return call_or_trap(vm, &call, trap, &target);
}

/* ---- Heat ---- */

static void helper_hot(volt_context *context, uint32_t function, uint32_t kind) {
	tier_hot(vm_of(context), function, (heat_kind)kind);
}

static void helper_unexpected_call(volt_context *context, uint32_t function, uint32_t pc, uint32_t expected,
                                   uint32_t callee) {
	unexpected_call_count(vm_of(context), function, pc, expected, callee);
}

/* ---- Deferred calls, recover ---- */

static volt_slot helper_defer(volt_context *context, uint32_t pc, volt_slot list, const volt_slot *values,
                              uint32_t count) {
	enum { HEAD = sizeof(volt_deferred_call) / sizeof(volt_slot) };
	volt_deferred_call *call = heap_new_words(vm_of(context)->space, HEAD + count);
	call->next = list;
	call->pc = pc;
	memcpy(call->values, values, count * sizeof *values);
	return volt_slot_reference(call);
}

static void helper_recover(volt_context *context, volt_slot *value) {
	unwind_recover(vm_of(context)->fibers.current, value);
}

void (*const tier_helpers[VOLT_HELPER_COUNT])(void) = {
#define HELPER(name, ...) [VOLT_HELPER_##name] = (void (*)(void))helper_##name,
    VOLT_HELPERS(HELPER)
#undef HELPER
};
