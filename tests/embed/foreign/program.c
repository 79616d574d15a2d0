/*
 * Modules that this machine can run. What it has not is refused here, by name, before anything is run: so
 * compiled code never asks for a helper that does not exist.
 */
#include <string.h>
#include <volt/verify.h>

#include "machine.h"

static bool is_known(uint8_t op) {
	static const uint8_t known[] = {
	    VOLT_OP_LoadInt,     VOLT_OP_LoadConst,   VOLT_OP_Copy,        VOLT_OP_GlobalGet,
	    VOLT_OP_GlobalSet,   VOLT_OP_PtrNew,      VOLT_OP_PtrGet,      VOLT_OP_PtrSet,
	    VOLT_OP_Jump,        VOLT_OP_JumpIf,      VOLT_OP_JumpIfNot,   VOLT_OP_ForLoop,
	    VOLT_OP_Call,        VOLT_OP_CallExtern,  VOLT_OP_CallClosure, VOLT_OP_CallIface,
	    VOLT_OP_Return,      VOLT_OP_StrNew,      VOLT_OP_StrLen,      VOLT_OP_StrIndex,
	    VOLT_OP_StrConcat,   VOLT_OP_StrEq,       VOLT_OP_ArrayNew,    VOLT_OP_ArrayGet,
	    VOLT_OP_ArraySet,    VOLT_OP_SliceNew,    VOLT_OP_SliceGet,    VOLT_OP_SliceSet,
	    VOLT_OP_SliceLen,    VOLT_OP_SliceCap,    VOLT_OP_SliceAppend, VOLT_OP_ClosureNew,
	    VOLT_OP_ClosureGet,  VOLT_OP_IfaceAssign, VOLT_OP_IfaceAssert, VOLT_OP_ChanNew,
	    VOLT_OP_ChanSend,    VOLT_OP_ChanRecv,    VOLT_OP_GoStart,     VOLT_OP_DeferPush,
	    VOLT_OP_Panic,       VOLT_OP_MapNew,      VOLT_OP_MapGet,      VOLT_OP_MapSet,
	    VOLT_OP_MapDelete,   VOLT_OP_MapLen,      VOLT_OP_MapIterInit, VOLT_OP_MapIterNext,
	    VOLT_OP_SelectBegin, VOLT_OP_SelectSend,  VOLT_OP_SelectRecv,  VOLT_OP_SelectExec,
	    VOLT_OP_Recover,
	};
	return is_of_numbers(op) || memchr(known, op, sizeof known) != NULL;
}

/* Of the known ones, those forms that the machine has. */
static bool has_form(const volt_module *module, volt_instruction instruction) {
	enum { MAP_OF_ONE_SLOT = 1 << 8 | 1, ENTRY_OF_ONE_SLOT = 1 << 4 | 1 };
	enum { ONE_SLOT = 1, RECEIVE_ONE_SLOT = 2, ASSERT_OTHER_SORT = 3, ASSERT_SLOTS = 3 };
	switch (instruction.op) {
	case VOLT_OP_ForLoop:
	case VOLT_OP_Return: return instruction.flags == 0;
	case VOLT_OP_ArrayNew:
	case VOLT_OP_ArrayGet:
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceNew:
	case VOLT_OP_SliceGet:
	case VOLT_OP_SliceSet:
	case VOLT_OP_SliceAppend: return instruction.flags != 0;
	case VOLT_OP_ChanNew:
	case VOLT_OP_ChanSend:
	case VOLT_OP_SelectSend: return instruction.flags == ONE_SLOT;
	case VOLT_OP_MapNew: return instruction.c == MAP_OF_ONE_SLOT;
	case VOLT_OP_MapIterNext: return instruction.flags == ENTRY_OF_ONE_SLOT;
	case VOLT_OP_SelectRecv:
	case VOLT_OP_ChanRecv: return instruction.flags == RECEIVE_ONE_SLOT;
	case VOLT_OP_ClosureNew:
		return module->functions.items[volt_instruction_get(instruction, VOLT_FIELD_B_WITH_FLAGS)].is_closure;
	case VOLT_OP_CallExtern: return native_takes(&module->natives.items[instruction.b], instruction.flags);
	case VOLT_OP_GoStart:
	case VOLT_OP_DeferPush: return instruction.c <= UINT8_MAX;
	case VOLT_OP_IfaceAssign:
		return instruction.flags != VOLT_KIND_INTERFACE && instruction.flags != VOLT_KIND_STRUCT &&
		       instruction.flags != VOLT_KIND_ARRAY;
	case VOLT_OP_IfaceAssert:
		return !(instruction.flags & ASSERT_OTHER_SORT) && instruction.flags >> ASSERT_SLOTS <= ONE_SLOT;
	default: return true;
	}
}

static volt_error *check_code(const volt_module *module) {
	for (uint32_t i = 0; i < module->functions.count; i++) {
		const volt_function *function = &module->functions.items[i];
		for (uint32_t pc = 0; pc < function->code.count; pc++)
			if (!is_known(function->code.items[pc].op) || !has_form(module, function->code.items[pc]))
				return volt_module_error_at(
				    module, i, pc, volt_error_new(VOLT_ERROR_FORMAT, "this machine has no such instruction"));
	}
	return NULL;
}

static volt_error *check_natives(const volt_module *module) {
	for (uint32_t i = 0; i < module->natives.count; i++) {
		const volt_text name = module->natives.items[i].name;
		if (!native_exists(&module->natives.items[i]))
			return volt_error_new(VOLT_ERROR_FORMAT, "%s: this machine has no such native: %.*s",
			                      module->source, (int)name.length, name.bytes);
	}
	return NULL;
}

volt_error *program_load(const char *path, volt_module **module) {
	volt_error *error = volt_module_read_file(path, module);
	if (!error)
		error = volt_module_verify(*module);
	if (!error)
		error = check_code(*module);
	if (!error)
		error = check_natives(*module);
	return error;
}
