/* Which function lowers which opcode. An opcode without a row keeps its function in the interpreter. */
#include "lower/lowering.h"

static const opcode_lowering table[VOLT_OPCODE_COUNT] = {
    [VOLT_OP_Hint] = lower_hint,

    [VOLT_OP_LoadInt] = lower_load,
    [VOLT_OP_LoadConst] = lower_load,
    [VOLT_OP_Copy] = lower_copy,
    [VOLT_OP_CopyN] = lower_copy,
    [VOLT_OP_SlotGet] = lower_indexed_slot,
    [VOLT_OP_SlotSet] = lower_indexed_slot,
    [VOLT_OP_SlotGetN] = lower_indexed_slot,
    [VOLT_OP_SlotSetN] = lower_indexed_slot,
    [VOLT_OP_GlobalGet] = lower_global,
    [VOLT_OP_GlobalGetN] = lower_global,
    [VOLT_OP_GlobalSet] = lower_global,
    [VOLT_OP_GlobalSetN] = lower_global,

    [VOLT_OP_AddI] = lower_integer,
    [VOLT_OP_SubI] = lower_integer,
    [VOLT_OP_MulI] = lower_integer,
    [VOLT_OP_DivI] = lower_division,
    [VOLT_OP_DivU] = lower_division,
    [VOLT_OP_ModI] = lower_division,
    [VOLT_OP_ModU] = lower_division,
    [VOLT_OP_NegI] = lower_integer,
    [VOLT_OP_And] = lower_integer,
    [VOLT_OP_Or] = lower_integer,
    [VOLT_OP_Xor] = lower_integer,
    [VOLT_OP_AndNot] = lower_integer,
    [VOLT_OP_Not] = lower_integer,
    [VOLT_OP_BoolNot] = lower_integer,
    [VOLT_OP_Shl] = lower_shift,
    [VOLT_OP_ShrS] = lower_shift,
    [VOLT_OP_ShrU] = lower_shift,

    [VOLT_OP_AddF] = lower_float,
    [VOLT_OP_SubF] = lower_float,
    [VOLT_OP_MulF] = lower_float,
    [VOLT_OP_DivF] = lower_float,
    [VOLT_OP_NegF] = lower_float,

    [VOLT_OP_EqI] = lower_compare_integer,
    [VOLT_OP_NeI] = lower_compare_integer,
    [VOLT_OP_LtI] = lower_compare_integer,
    [VOLT_OP_LtU] = lower_compare_integer,
    [VOLT_OP_LeI] = lower_compare_integer,
    [VOLT_OP_LeU] = lower_compare_integer,
    [VOLT_OP_GtI] = lower_compare_integer,
    [VOLT_OP_GtU] = lower_compare_integer,
    [VOLT_OP_GeI] = lower_compare_integer,
    [VOLT_OP_GeU] = lower_compare_integer,
    [VOLT_OP_EqF] = lower_compare_float,
    [VOLT_OP_NeF] = lower_compare_float,
    [VOLT_OP_LtF] = lower_compare_float,
    [VOLT_OP_LeF] = lower_compare_float,
    [VOLT_OP_GtF] = lower_compare_float,
    [VOLT_OP_GeF] = lower_compare_float,

    [VOLT_OP_ConvI2F] = lower_conversion,
    [VOLT_OP_ConvF2I] = lower_conversion,
    [VOLT_OP_ConvF64F32] = lower_conversion,
    [VOLT_OP_ConvF32F64] = lower_conversion,
    [VOLT_OP_Trunc] = lower_conversion,

    [VOLT_OP_Jump] = lower_jump,
    [VOLT_OP_JumpIf] = lower_jump,
    [VOLT_OP_JumpIfNot] = lower_jump,
    [VOLT_OP_ForLoop] = lower_for_loop,
    [VOLT_OP_Call] = lower_call,
    [VOLT_OP_CallExtern] = lower_native_call,
    [VOLT_OP_Return] = lower_return,

    [VOLT_OP_StrNew] = lower_string_new,
    [VOLT_OP_IfaceAssign] = lower_interface_assign,
    [VOLT_OP_IndexCheck] = lower_index_check,
};

opcode_lowering opcode_lowering_find(uint8_t opcode) {
	return opcode < VOLT_OPCODE_COUNT ? table[opcode] : NULL;
}
