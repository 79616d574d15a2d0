/* Integer and float arithmetic, comparison, bits and conversions, with the semantics of the opcode tables. */
#include "calls/checks.h"
#include "lower/opcodes.h"

#include <string.h>

static LLVMValueRef integer_operation(LLVMBuilderRef builder, uint8_t op, LLVMValueRef v_left,
                                      LLVMValueRef v_right) {
	switch (op) {
	case VOLT_OP_AddI: return LLVMBuildAdd(builder, v_left, v_right, "");
	case VOLT_OP_SubI: return LLVMBuildSub(builder, v_left, v_right, "");
	case VOLT_OP_MulI: return LLVMBuildMul(builder, v_left, v_right, "");
	case VOLT_OP_And: return LLVMBuildAnd(builder, v_left, v_right, "");
	case VOLT_OP_Or: return LLVMBuildOr(builder, v_left, v_right, "");
	case VOLT_OP_Xor: return LLVMBuildXor(builder, v_left, v_right, "");
	case VOLT_OP_AndNot: return LLVMBuildAnd(builder, v_left, LLVMBuildNot(builder, v_right, ""), "");
	default: return NULL;
	}
}

static void lower_unary_integer(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_value = read_slot(lowering, instruction.b);
	if (instruction.op == VOLT_OP_NegI) {
		write_slot(lowering, instruction.a, LLVMBuildNeg(lowering->builder, v_value, ""));
	} else if (instruction.op == VOLT_OP_Not) {
		write_slot(lowering, instruction.a, LLVMBuildNot(lowering->builder, v_value, ""));
	} else {
		LLVMValueRef v_zero = constant_i64(lowering, 0);
		write_bool(lowering, instruction.a, LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_value, v_zero, ""));
	}
}

static void lower_integer(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	if (instruction.op == VOLT_OP_NegI || instruction.op == VOLT_OP_Not ||
	    instruction.op == VOLT_OP_BoolNot) {
		lower_unary_integer(lowering);
		return;
	}
	LLVMValueRef v_left = read_slot(lowering, instruction.b);
	LLVMValueRef v_right = read_slot(lowering, instruction.c);
	write_slot(lowering, instruction.a,
	           integer_operation(lowering->builder, instruction.op, v_left, v_right));
}

/* ---- Division ---- */

/*
 * INT64_MIN / -1 wraps and INT64_MIN % -1 is 0: dividing by 1 instead and negating gives both without a
 * fault.
 */
static LLVMValueRef signed_division(function_lowering *lowering, LLVMValueRef v_left, LLVMValueRef v_right) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_minus_one =
	    LLVMBuildICmp(builder, LLVMIntEQ, v_right, constant_i64(lowering, UINT64_MAX), "v_minus_one");
	LLVMValueRef v_divisor = LLVMBuildSelect(builder, v_minus_one, constant_i64(lowering, 1), v_right, "");
	if (lowering->instruction.op == VOLT_OP_ModI)
		return LLVMBuildSRem(builder, v_left, v_divisor, "");
	LLVMValueRef v_quotient = LLVMBuildSDiv(builder, v_left, v_divisor, "");
	return LLVMBuildSelect(builder, v_minus_one, LLVMBuildNeg(builder, v_left, ""), v_quotient, "");
}

static void lower_division(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_left = read_slot(lowering, instruction.b);
	LLVMValueRef v_right = read_slot(lowering, instruction.c);
	LLVMValueRef v_zero = LLVMBuildICmp(builder, LLVMIntEQ, v_right, constant_i64(lowering, 0), "v_zero");
	trap_if(lowering, v_zero, VOLT_TRAP_DivisionByZero, NULL, NULL);
	LLVMValueRef v_result;
	if (instruction.op == VOLT_OP_DivU)
		v_result = LLVMBuildUDiv(builder, v_left, v_right, "");
	else if (instruction.op == VOLT_OP_ModU)
		v_result = LLVMBuildURem(builder, v_left, v_right, "");
	else
		v_result = signed_division(lowering, v_left, v_right);
	write_slot(lowering, instruction.a, v_result);
}

/* ---- Shifts ---- */

static void lower_shift(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_value = read_slot(lowering, instruction.b);
	LLVMValueRef v_count = read_slot(lowering, instruction.c);
	LLVMValueRef v_negative =
	    LLVMBuildICmp(builder, LLVMIntSLT, v_count, constant_i64(lowering, 0), "v_negative");
	trap_if(lowering, v_negative, VOLT_TRAP_NegativeShift, NULL, NULL);
	LLVMValueRef v_63 = constant_i64(lowering, 63);
	LLVMValueRef v_wide = LLVMBuildICmp(builder, LLVMIntUGT, v_count, v_63, "v_wide");
	LLVMValueRef v_safe = LLVMBuildSelect(builder, v_wide, v_63, v_count, "");
	if (instruction.op == VOLT_OP_ShrS) {
		write_slot(lowering, instruction.a, LLVMBuildAShr(builder, v_value, v_safe, ""));
		return;
	}
	LLVMValueRef v_shifted = instruction.op == VOLT_OP_Shl ? LLVMBuildShl(builder, v_value, v_safe, "")
	                                                       : LLVMBuildLShr(builder, v_value, v_safe, "");
	write_slot(lowering, instruction.a,
	           LLVMBuildSelect(builder, v_wide, constant_i64(lowering, 0), v_shifted, ""));
}

/* ---- Floats ---- */

static void lower_float(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_left = read_float(lowering, instruction.b);
	if (instruction.op == VOLT_OP_NegF) {
		write_float(lowering, instruction.a, LLVMBuildFNeg(builder, v_left, ""));
		return;
	}
	LLVMValueRef v_right = read_float(lowering, instruction.c);
	LLVMValueRef v_result = NULL;
	switch (instruction.op) {
	case VOLT_OP_AddF: v_result = LLVMBuildFAdd(builder, v_left, v_right, ""); break;
	case VOLT_OP_SubF: v_result = LLVMBuildFSub(builder, v_left, v_right, ""); break;
	case VOLT_OP_MulF: v_result = LLVMBuildFMul(builder, v_left, v_right, ""); break;
	case VOLT_OP_DivF: v_result = LLVMBuildFDiv(builder, v_left, v_right, ""); break;
	}
	write_float(lowering, instruction.a, v_result);
}

/* ---- Comparisons ---- */

static void lower_compare_integer(function_lowering *lowering) {
	static const LLVMIntPredicate predicates[] = {
	    [VOLT_OP_EqI] = LLVMIntEQ,  [VOLT_OP_NeI] = LLVMIntNE,  [VOLT_OP_LtI] = LLVMIntSLT,
	    [VOLT_OP_LtU] = LLVMIntULT, [VOLT_OP_LeI] = LLVMIntSLE, [VOLT_OP_LeU] = LLVMIntULE,
	    [VOLT_OP_GtI] = LLVMIntSGT, [VOLT_OP_GtU] = LLVMIntUGT, [VOLT_OP_GeI] = LLVMIntSGE,
	    [VOLT_OP_GeU] = LLVMIntUGE,
	};
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_left = read_slot(lowering, instruction.b);
	LLVMValueRef v_right = read_slot(lowering, instruction.c);
	write_bool(lowering, instruction.a,
	           LLVMBuildICmp(lowering->builder, predicates[instruction.op], v_left, v_right, ""));
}

/* Ordered predicates are false on NaN; only NeF is true. */
static void lower_compare_float(function_lowering *lowering) {
	static const LLVMRealPredicate predicates[] = {
	    [VOLT_OP_EqF] = LLVMRealOEQ, [VOLT_OP_NeF] = LLVMRealUNE, [VOLT_OP_LtF] = LLVMRealOLT,
	    [VOLT_OP_LeF] = LLVMRealOLE, [VOLT_OP_GtF] = LLVMRealOGT, [VOLT_OP_GeF] = LLVMRealOGE,
	};
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_left = read_float(lowering, instruction.b);
	LLVMValueRef v_right = read_float(lowering, instruction.c);
	write_bool(lowering, instruction.a,
	           LLVMBuildFCmp(lowering->builder, predicates[instruction.op], v_left, v_right, ""));
}

/* ---- Conversions ---- */

/*
 * The saturating intrinsic gives the nearest bound, and 0 for NaN (SPECIFICATION.md, "Interfaces and
 * conversions").
 */
static LLVMValueRef float_to_integer(function_lowering *lowering, LLVMValueRef v_value) {
	module_lowering *module = lowering->module;
	LLVMTypeRef overload[] = {module->types.i64, module->types.f64};
	unsigned id = LLVMLookupIntrinsicID("llvm.fptosi.sat", strlen("llvm.fptosi.sat"));
	LLVMValueRef v_intrinsic = LLVMGetIntrinsicDeclaration(module->module, id, overload, 2);
	LLVMTypeRef type = LLVMIntrinsicGetType(module->context, id, overload, 2);
	return LLVMBuildCall2(lowering->builder, type, v_intrinsic, &v_value, 1, "");
}

/* A slot does not tell a float32 from a float64: only here it is sure to be one, so it has the one NaN from
 * here on. */
static LLVMValueRef narrow_float(function_lowering *lowering, LLVMValueRef v_value) {
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_single = LLVMBuildFPTrunc(lowering->builder, v_value, types->f32, "");
	LLVMValueRef v_bits = LLVMBuildBitCast(lowering->builder, v_single, types->i32, "");
	LLVMValueRef v_slot = LLVMBuildZExt(lowering->builder, v_bits, types->i64, "");
	return unified_float(lowering, VOLT_KIND_FLOAT32, v_slot);
}

static LLVMValueRef widen_float(function_lowering *lowering, LLVMValueRef v_bits) {
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_low = LLVMBuildTrunc(lowering->builder, v_bits, types->i32, "");
	LLVMValueRef v_single = LLVMBuildBitCast(lowering->builder, v_low, types->f32, "");
	return LLVMBuildFPExt(lowering->builder, v_single, types->f64, "");
}

/* Trunc: flags name the width and whether the value is signed; any other flags copy. */
static LLVMValueRef truncate_integer(function_lowering *lowering, LLVMValueRef v_value, uint8_t flags) {
	const basic_types *types = &lowering->module->types;
	LLVMTypeRef narrow;
	switch (flags & 0x7f) {
	case 1: narrow = types->i8; break;
	case 2: narrow = types->i16; break;
	case 4: narrow = types->i32; break;
	default: return v_value;
	}
	LLVMValueRef v_low = LLVMBuildTrunc(lowering->builder, v_value, narrow, "");
	return flags & 0x80 ? LLVMBuildSExt(lowering->builder, v_low, types->i64, "")
	                    : LLVMBuildZExt(lowering->builder, v_low, types->i64, "");
}

static void lower_conversion(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_value = read_slot(lowering, instruction.b);
	switch (instruction.op) {
	case VOLT_OP_ConvI2F:
		write_float(lowering, instruction.a,
		            LLVMBuildSIToFP(lowering->builder, v_value, lowering->module->types.f64, ""));
		break;
	case VOLT_OP_ConvF2I:
		write_slot(lowering, instruction.a, float_to_integer(lowering, read_float(lowering, instruction.b)));
		break;
	case VOLT_OP_ConvF64F32:
		write_slot(lowering, instruction.a, narrow_float(lowering, read_float(lowering, instruction.b)));
		break;
	case VOLT_OP_ConvF32F64: write_float(lowering, instruction.a, widen_float(lowering, v_value)); break;
	case VOLT_OP_Trunc:
		write_slot(lowering, instruction.a, truncate_integer(lowering, v_value, instruction.flags));
		break;
	}
}

const opcode_row arithmetic_opcodes[] = {
    {VOLT_OP_AddI, lower_integer},
    {VOLT_OP_SubI, lower_integer},
    {VOLT_OP_MulI, lower_integer},
    {VOLT_OP_DivI, lower_division},
    {VOLT_OP_DivU, lower_division},
    {VOLT_OP_ModI, lower_division},
    {VOLT_OP_ModU, lower_division},
    {VOLT_OP_NegI, lower_integer},
    {VOLT_OP_And, lower_integer},
    {VOLT_OP_Or, lower_integer},
    {VOLT_OP_Xor, lower_integer},
    {VOLT_OP_AndNot, lower_integer},
    {VOLT_OP_Not, lower_integer},
    {VOLT_OP_BoolNot, lower_integer},
    {VOLT_OP_Shl, lower_shift},
    {VOLT_OP_ShrS, lower_shift},
    {VOLT_OP_ShrU, lower_shift},
    {VOLT_OP_AddF, lower_float},
    {VOLT_OP_SubF, lower_float},
    {VOLT_OP_MulF, lower_float},
    {VOLT_OP_DivF, lower_float},
    {VOLT_OP_NegF, lower_float},
    {VOLT_OP_EqI, lower_compare_integer},
    {VOLT_OP_NeI, lower_compare_integer},
    {VOLT_OP_LtI, lower_compare_integer},
    {VOLT_OP_LtU, lower_compare_integer},
    {VOLT_OP_LeI, lower_compare_integer},
    {VOLT_OP_LeU, lower_compare_integer},
    {VOLT_OP_GtI, lower_compare_integer},
    {VOLT_OP_GtU, lower_compare_integer},
    {VOLT_OP_GeI, lower_compare_integer},
    {VOLT_OP_GeU, lower_compare_integer},
    {VOLT_OP_EqF, lower_compare_float},
    {VOLT_OP_NeF, lower_compare_float},
    {VOLT_OP_LtF, lower_compare_float},
    {VOLT_OP_LeF, lower_compare_float},
    {VOLT_OP_GtF, lower_compare_float},
    {VOLT_OP_GeF, lower_compare_float},
    {VOLT_OP_ConvI2F, lower_conversion},
    {VOLT_OP_ConvF2I, lower_conversion},
    {VOLT_OP_ConvF64F32, lower_conversion},
    {VOLT_OP_ConvF32F64, lower_conversion},
    {VOLT_OP_Trunc, lower_conversion},
    {.lower = NULL},
};
