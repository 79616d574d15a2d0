/* Instructions that work on slots and objects alone. Interpreter and compiled code have them executed here.
 */
#include "objects.h"

#include <string.h>

static volt_status out_of_range(machine *self, uint64_t index, uint64_t length) {
	return raise_trap(self, VOLT_TRAP_IndexOutOfRange, index, length);
}

/* ---- Constants ---- */

/* A string constant loads as 0: StrNew makes strings. */
static volt_slot constant(const machine *self, uint32_t index) {
	const volt_constant *found = &self->module->constants.items[index];
	return found->tag == VOLT_CONSTANT_STRING ? 0 : found->bits;
}

/* ---- Strings ---- */

volt_slot constant_string(machine *self, uint32_t index) {
	volt_text text = self->module->constants.items[index].text;
	return string_new(self, text.bytes, text.length);
}

static volt_status string_index(machine *self, volt_instruction at, volt_slot *slots) {
	string in = string_of(slots[at.b]);
	if (slots[at.c] >= in.length)
		return out_of_range(self, slots[at.c], in.length);
	slots[at.a] = (uint8_t)in.bytes[slots[at.c]];
	return VOLT_STATUS_OK;
}

/* ---- Arrays and slices ---- */

/* Where the element is that the instruction names; NULL: it is outside. */
static uint8_t *element(volt_slot reference, bool is_array, uint64_t index, uint8_t flags, uint64_t *length) {
	const slice *in = (const slice *)(uintptr_t)reference;
	*length = !reference ? 0 : is_array ? object_of(reference)->length : in->length;
	if (index >= *length)
		return NULL;
	uint8_t *first = is_array ? (uint8_t *)(uintptr_t)reference : in->elements;
	return first + index * element_bytes(flags);
}

static volt_status element_get(machine *self, volt_instruction at, volt_slot *slots) {
	uint64_t length, index = slots[at.c];
	const uint8_t *from = element(slots[at.b], at.op == VOLT_OP_ArrayGet, index, at.flags, &length);
	if (!from)
		return out_of_range(self, index, length);
	element_load(&slots[at.a], from, at.flags);
	return VOLT_STATUS_OK;
}

static volt_status element_set(machine *self, volt_instruction at, volt_slot *slots) {
	uint64_t length, index = slots[at.b];
	uint8_t *to = element(slots[at.a], at.op == VOLT_OP_ArraySet, index, at.flags, &length);
	if (!to)
		return out_of_range(self, index, length);
	element_store(to, &slots[at.c], element_bytes(at.flags));
	return VOLT_STATUS_OK;
}

static volt_slot slice_number(volt_instruction at, volt_slot reference) {
	const slice *in = (const slice *)(uintptr_t)reference;
	return !in ? 0 : at.op == VOLT_OP_SliceLen ? in->length : in->capacity;
}

volt_status new_slice(machine *self, volt_slot length, volt_slot capacity, uint64_t bytes, volt_slot *made) {
	const int64_t most = INT32_MAX;
	if ((int64_t)length < 0)
		return raise_trap(self, VOLT_TRAP_MakeSliceLength, 0, 0);
	if ((int64_t)capacity < 0 || (int64_t)capacity > most)
		return raise_trap(self, VOLT_TRAP_MakeSliceCapacity, 0, 0);
	if (length > capacity)
		return raise_trap(self, VOLT_TRAP_MakeSliceLengthOverCapacity, 0, 0);
	*made = slice_new(self, length, capacity, bytes);
	return VOLT_STATUS_OK;
}

volt_status new_array(machine *self, volt_slot length, uint64_t bytes, volt_slot *made) {
	if (length > INT32_MAX)
		return raise_trap(self, VOLT_TRAP_MakeSliceCapacity, 0, 0);
	*made = array_new(self, length, bytes);
	return VOLT_STATUS_OK;
}

/* ---- Words of objects ---- */

/* NULL: the reference is nil, and the panic is pending. */
static volt_slot *word_of(machine *self, volt_slot reference, uint32_t index) {
	if (reference)
		return (volt_slot *)(uintptr_t)reference + index;
	raise_trap(self, VOLT_TRAP_NilPointerDereference, 0, 0);
	return NULL;
}

static volt_status pointer_get(machine *self, volt_instruction at, volt_slot *slots) {
	const volt_slot *word = word_of(self, slots[at.b], at.c);
	if (!word)
		return VOLT_STATUS_PANIC;
	slots[at.a] = *word;
	return VOLT_STATUS_OK;
}

static volt_status pointer_set(machine *self, volt_instruction at, const volt_slot *slots) {
	volt_slot *word = word_of(self, slots[at.a], at.b);
	if (!word)
		return VOLT_STATUS_PANIC;
	*word = slots[at.c];
	return VOLT_STATUS_OK;
}

/* The closure stands in slot 0. */
static volt_status closure_get(machine *self, volt_instruction at, volt_slot *slots) {
	if (!slots[0])
		return raise_trap(self, VOLT_TRAP_NilPointerDereference, 0, 0);
	const uint32_t captures = object_of(slots[0])->closure.captures;
	if (at.b >= captures)
		return out_of_range(self, at.b, captures);
	slots[at.a] = object_of(slots[0])->words[1 + at.b];
	return VOLT_STATUS_OK;
}

/* ---- Interfaces ---- */

/* Structs, arrays and interfaces are no sources here (program.c). */
static void interface_assign(const machine *self, volt_instruction at, volt_slot *slots) {
	const uint64_t types = self->module->constants.items[at.c].bits;
	const volt_slot payload = volt_slot_identity((volt_kind)at.flags, slots[at.b]);
	const bool is_nil = at.flags == VOLT_KIND_VOID;
	slots[at.a] = is_nil ? 0 : type_word((uint32_t)types, (uint32_t)(types >> 32), (volt_kind)at.flags);
	slots[at.a + 1] = is_nil ? 0 : payload;
}

volt_status interface_assert(machine *self, const volt_slot *value, uint32_t id, bool has_ok,
                             volt_slot *result) {
	const volt_slot payload = value[1];
	const bool is = kind_of(value[0]) != VOLT_KIND_VOID && id_of(value[0]) == id;
	if (!is && !has_ok)
		return raise_trap(self, VOLT_TRAP_TypeAssertionFailed, 0, 0);
	result[0] = is ? payload : 0;
	if (has_ok)
		result[1] = is;
	return VOLT_STATUS_OK;
}

/* ---- Tasks ---- */

/* The closure goes to slot 0, in front of the arguments, of which program.c lets no more in. */
volt_status go_closure(machine *self, volt_slot closure, const volt_slot *passed, uint32_t count) {
	if (!closure)
		return raise_trap(self, VOLT_TRAP_NilFunctionCall, 0, 0);
	volt_slot arguments[1 + UINT8_MAX];
	arguments[0] = closure;
	memcpy(&arguments[1], passed, count * sizeof *arguments);
	task_start(self, function_of(self, closure), arguments, 1 + count);
	return VOLT_STATUS_OK;
}

/* Bit 0 of the flags: a closure. */
static volt_status start_task(machine *self, volt_instruction at, const volt_slot *slots) {
	if (at.flags & 1)
		return go_closure(self, slots[at.a], &slots[at.b], at.c);
	task_start(self, at.a | (uint32_t)(at.flags >> 1) << 16, &slots[at.b], at.c);
	return VOLT_STATUS_OK;
}

/* The same flags. The frame on top is the one that defers: it is interpreted, or held while code continues
 * it.
 */
static volt_status push_deferred(machine *self, volt_instruction at, const volt_slot *slots) {
	volt_slot values[1 + UINT8_MAX];
	const uint32_t by_closure = at.flags & 1;
	if (by_closure)
		values[0] = slots[at.a];
	memcpy(&values[by_closure], &slots[at.b], at.c * sizeof *values);
	defer(self->running->top, at, values);
	return VOLT_STATUS_OK;
}

/* ---- One instruction ---- */

static volt_status execute_on_heap(machine *self, volt_instruction at, volt_slot *slots) {
	const uint64_t bytes = element_bytes(at.flags);
	switch (at.op) {
	case VOLT_OP_PtrNew: slots[at.a] = object_new(self, at.flags * sizeof(volt_slot)); break;
	case VOLT_OP_PtrGet: return pointer_get(self, at, slots);
	case VOLT_OP_PtrSet: return pointer_set(self, at, slots);
	case VOLT_OP_ArrayNew: return new_array(self, slots[at.c], bytes, &slots[at.a]);
	case VOLT_OP_ArrayGet:
	case VOLT_OP_SliceGet: return element_get(self, at, slots);
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceSet: return element_set(self, at, slots);
	case VOLT_OP_SliceNew: return new_slice(self, slots[at.c], slots[at.c + 1], bytes, &slots[at.a]);
	case VOLT_OP_SliceAppend: slots[at.a] = slice_append(self, slots[at.b], bytes, &slots[at.c + 1]); break;
	case VOLT_OP_ClosureNew: slots[at.a] = closure_new(self, at.b | (uint32_t)at.flags << 16, at.c); break;
	case VOLT_OP_ClosureGet: return closure_get(self, at, slots);
	case VOLT_OP_IfaceAssert: return interface_assert(self, &slots[at.b], at.c, at.flags & 4, &slots[at.a]);
	case VOLT_OP_ChanNew: slots[at.a] = channel_new(self, slots[at.c]); break;
	case VOLT_OP_GoStart: return start_task(self, at, slots);
	case VOLT_OP_Panic: return raise_value(self, slots[at.a], slots[at.a + 1]);
	case VOLT_OP_MapNew:
	case VOLT_OP_MapGet:
	case VOLT_OP_MapSet:
	case VOLT_OP_MapDelete:
	case VOLT_OP_MapLen:
	case VOLT_OP_MapIterInit:
	case VOLT_OP_MapIterNext: return execute_on_maps(self, at, slots);
	case VOLT_OP_DeferPush: return push_deferred(self, at, slots);
	case VOLT_OP_Recover: recover(self, &slots[at.a]); break;
	default: break;
	}
	return VOLT_STATUS_OK;
}

volt_status execute(machine *self, volt_instruction at, volt_slot *slots) {
	switch (at.op) {
	case VOLT_OP_LoadInt: slots[at.a] = (volt_slot)volt_instruction_immediate(at); break;
	case VOLT_OP_LoadConst: slots[at.a] = constant(self, at.b); break;
	case VOLT_OP_Copy: slots[at.a] = slots[at.b]; break;
	case VOLT_OP_GlobalGet: slots[at.a] = self->registers.globals[at.b]; break;
	case VOLT_OP_GlobalSet: self->registers.globals[at.a] = slots[at.b]; break;
	case VOLT_OP_StrNew: slots[at.a] = constant_string(self, at.b); break;
	case VOLT_OP_StrLen: slots[at.a] = string_of(slots[at.b]).length; break;
	case VOLT_OP_StrIndex: return string_index(self, at, slots);
	case VOLT_OP_StrConcat: slots[at.a] = string_join(self, slots[at.b], slots[at.c]); break;
	case VOLT_OP_StrEq: slots[at.a] = string_compare(slots[at.b], slots[at.c]) == 0; break;
	case VOLT_OP_SliceLen:
	case VOLT_OP_SliceCap: slots[at.a] = slice_number(at, slots[at.b]); break;
	case VOLT_OP_IfaceAssign: interface_assign(self, at, slots); break;
	default:
		return is_of_numbers(at.op) ? execute_on_numbers(self, at, slots) : execute_on_heap(self, at, slots);
	}
	return VOLT_STATUS_OK;
}
