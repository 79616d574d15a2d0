/* What runs what is not compiled: calls, jumps, natives, channels. All else is in execute.c. */
#include "objects.h"

/* ---- Giving way ---- */

/* Compiled code compares this with its stack pointer where it calls, and with the maximum where it loops. */
void ask_to_give_way(machine *self) {
	__atomic_store_n(&self->registers.native_stack_limit, UINT64_MAX, __ATOMIC_RELAXED);
}

static bool must_give_way(const machine *self) {
	return __atomic_load_n(&self->registers.native_stack_limit, __ATOMIC_RELAXED) == UINT64_MAX;
}

/* ---- Heat ---- */

/* Counters go on from where compiled code of the quick level has left them, and it from here. */
static void count(machine *self, uint32_t function, bool is_loop) {
	if (!self->registers.heat)
		return;
	volt_heat *heat = &self->registers.heat[function];
	uint32_t *counter = is_loop ? &heat->loops : &heat->calls;
	if (--*counter == 0)
		compiler_look_at(self, function, false);
}

/* ---- Calls ---- */

static volt_status call(machine *self, uint32_t function, const volt_slot *arguments, uint32_t given) {
	count(self, function, false);
	return frame_push(self, self->running, function, arguments, given) ? VOLT_STATUS_OK : VOLT_STATUS_PANIC;
}

/* A closure, or the receiver of a method, goes to slot 0. */
static volt_status call_with(machine *self, uint32_t function, volt_slot slot_0, const volt_slot *arguments,
                             uint32_t given) {
	volt_slot slots[1 + UINT8_MAX] = {slot_0};
	for (uint32_t i = 0; i < given; i++)
		slots[1 + i] = arguments[i];
	return call(self, function, slots, 1 + given);
}

static volt_status call_closure(machine *self, volt_slot closure, const volt_slot *arguments,
                                uint32_t given) {
	if (!closure)
		return raise_trap(self, VOLT_TRAP_NilFunctionCall, 0, 0);
	return call_with(self, function_of(self, closure), closure, arguments, given);
}

static volt_status call_method(machine *self, const volt_slot *value, uint32_t method,
                               const volt_slot *arguments, uint32_t given) {
	const volt_module *module = self->module;
	const uint32_t table = table_of(value[0]);
	if (kind_of(value[0]) == VOLT_KIND_VOID || table >= module->itabs.count ||
	    method >= module->itabs.items[table].count)
		return raise_trap(self, VOLT_TRAP_NilPointerDereference, 0, 0);
	return call_with(self, module->itabs.items[table].items[method], value[1], arguments, given);
}

/* ---- What stops, and what goes on when it is executed again ---- */

static volt_status interpret_native(machine *self, frame *at, volt_instruction native) {
	volt_status status = native_call(self, native.b, &at->slots[native.c], &at->slots[native.a]);
	if (status == VOLT_STATUS_WAIT_IO || status == VOLT_STATUS_REPLAY)
		at->pc--;
	return status;
}

static volt_status interpret_receive(machine *self, frame *at, volt_instruction receive) {
	volt_status status = channel_receive(self, at->slots[receive.b], &at->slots[receive.a]);
	if (status == VOLT_STATUS_WAIT_QUEUE)
		at->pc--;
	return status;
}

/* The other instructions of a select put it together. */
static volt_status interpret_select(machine *self, frame *at, volt_instruction instruction) {
	if (instruction.op != VOLT_OP_SelectExec)
		return select_add(self, at, instruction);
	volt_status status = select_execute(self, at, instruction);
	if (status == VOLT_STATUS_WAIT_QUEUE)
		at->pc--;
	return status;
}

/* ---- Jumps ---- */

static volt_status jump(machine *self, frame *at, uint32_t from, volt_instruction instruction) {
	at->pc = (uint32_t)volt_jump_target(instruction, from);
	if (at->pc > from)
		return VOLT_STATUS_OK;
	count(self, at->function, true);
	return must_give_way(self) ? VOLT_STATUS_YIELD : VOLT_STATUS_OK;
}

static bool is_taken(volt_instruction instruction, volt_slot *slots) {
	switch (instruction.op) {
	case VOLT_OP_JumpIf: return slots[instruction.a] != 0;
	case VOLT_OP_JumpIfNot: return slots[instruction.a] == 0;
	case VOLT_OP_ForLoop: return (int64_t)++slots[instruction.a] < (int64_t)slots[instruction.b];
	default: return true;
	}
}

/* ---- The loop ---- */

static volt_status interpret_one(machine *self, frame *at) {
	const uint32_t pc = at->pc++;
	const volt_instruction instruction = self->module->functions.items[at->function].code.items[pc];
	volt_slot *slots = at->slots;
	switch (instruction.op) {
	case VOLT_OP_Jump:
	case VOLT_OP_JumpIf:
	case VOLT_OP_JumpIfNot:
	case VOLT_OP_ForLoop:
		return is_taken(instruction, slots) ? jump(self, at, pc, instruction) : VOLT_STATUS_OK;
	case VOLT_OP_Call:
		return call(self, instruction.a | (uint32_t)instruction.flags << 16, &slots[instruction.b],
		            instruction.c >> 8);
	case VOLT_OP_CallClosure:
		return call_closure(self, slots[instruction.a], &slots[instruction.b], instruction.c >> 8);
	case VOLT_OP_CallIface:
		return call_method(self, &slots[instruction.a], instruction.flags, &slots[instruction.b],
		                   instruction.c >> 8);
	case VOLT_OP_CallExtern: return interpret_native(self, at, instruction);
	case VOLT_OP_ChanSend: return channel_send(self, slots[instruction.a], slots[instruction.b]);
	case VOLT_OP_ChanRecv: return interpret_receive(self, at, instruction);
	case VOLT_OP_SelectBegin: select_begin(at, instruction); return VOLT_STATUS_OK;
	case VOLT_OP_SelectSend:
	case VOLT_OP_SelectRecv:
	case VOLT_OP_SelectExec: return interpret_select(self, at, instruction);
	case VOLT_OP_Return: return frame_leave(self, &slots[instruction.a], instruction.b);
	default: return execute(self, instruction, slots);
	}
}

volt_status interpret(machine *self) {
	task *running = self->running;
	frame *at = running->top;
	do {
		at->is_new = at->must_interpret = false;
		at->was_interpreted = true;
		const uint32_t pc = at->pc;
		volt_status status = interpret_one(self, at);
		if (status != VOLT_STATUS_OK || running->top != at)
			return status;
		if (at->pc <= pc && compiler_find(self, at))
			return VOLT_STATUS_OK;
	} while (true);
}
