/* Package math: libm's functions (NATIVES.md, "Mathematics"). */
#include <math.h>

#include "extern/direct_native.h"

/* A native of one float argument that is a function of libm, and one of two. */
#define UNARY(name, function) \
	DIRECT_NATIVE_1(name, vm, value) { \
		return volt_slot_from_float(function(volt_slot_float(value))); \
	}
#define BINARY(name, function) \
	DIRECT_NATIVE_2(name, vm, first, second) { \
		return volt_slot_from_float(function(volt_slot_float(first), volt_slot_float(second))); \
	}

/*
 * The three inverse hyperbolic functions by the formulas of the original's host language, which takes these
 * and no others from libm by way of logarithms: the last digits are seen when a program prints them.
 */
static double inverse_sinh(double value) {
	double magnitude = fabs(value);
	double reciprocal = 1.0 / magnitude;
	return copysign(log1p(magnitude + magnitude / (hypot(1.0, reciprocal) + reciprocal)), value);
}

static double inverse_cosh(double value) {
	return value < 1.0 ? (double)NAN : log(value + sqrt(value - 1.0) * sqrt(value + 1.0));
}

static double inverse_tanh(double value) {
	return copysign(0.5 * log1p(2.0 * fabs(value) / (1.0 - fabs(value))), value);
}

UNARY(math_floor, floor)
UNARY(math_ceil, ceil)
UNARY(math_round, round)
UNARY(math_trunc, trunc)
UNARY(math_sqrt, sqrt)
UNARY(math_cbrt, cbrt)
UNARY(math_exp, exp)
UNARY(math_exp2, exp2)
UNARY(math_expm1, expm1)
UNARY(math_log, log)
UNARY(math_log2, log2)
UNARY(math_log10, log10)
UNARY(math_log1p, log1p)
UNARY(math_sin, sin)
UNARY(math_cos, cos)
UNARY(math_tan, tan)
UNARY(math_asin, asin)
UNARY(math_acos, acos)
UNARY(math_atan, atan)
UNARY(math_sinh, sinh)
UNARY(math_cosh, cosh)
UNARY(math_tanh, tanh)
UNARY(math_asinh, inverse_sinh)
UNARY(math_acosh, inverse_cosh)
UNARY(math_atanh, inverse_tanh)
BINARY(math_pow, pow)
BINARY(math_hypot, hypot)
BINARY(math_atan2, atan2)
BINARY(math_mod, fmod)

/* The fraction is what the subtraction gives: 0 for whole numbers of either sign, NaN for infinite ones. */
static volt_native_result math_modf(volt_native_call *call) {
	double value = native_float(call, 0);
	double whole = trunc(value);
	native_set_float(call, 0, whole);
	native_set_float(call, 1, value - whole);
	return VOLT_NATIVE_OK;
}

static volt_native_result math_frexp(volt_native_call *call) {
	double value = native_float(call, 0);
	int exponent = 0;
	double fraction = isfinite(value) ? frexp(value, &exponent) : value;
	native_set_float(call, 0, fraction);
	native_set_int(call, 1, exponent);
	return VOLT_NATIVE_OK;
}

/*
 * By a power and not by ldexp(): the factor may overflow or underflow where the product would not
 * (NATIVES.md, "Mathematics").
 */
DIRECT_NATIVE_2(math_ldexp, vm, fraction, exponent) {
	return volt_slot_from_float(volt_slot_float(fraction) * pow(2.0, (double)(int64_t)exponent));
}

DIRECT_NATIVE_3(math_fma, vm, left, right, addend) {
	return volt_slot_from_float(fma(volt_slot_float(left), volt_slot_float(right), volt_slot_float(addend)));
}

DIRECT_NATIVE_1(math_inf, vm, sign) {
	return volt_slot_from_float((int64_t)sign >= 0 ? HUGE_VAL : -HUGE_VAL);
}

static volt_native_result math_nan(volt_native_call *call) {
	return native_return_float(call, (double)NAN);
}

static const native_row rows[] = {
    {"math_Acos", math_acos, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Acosh", math_acosh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Asin", math_asin, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Asinh", math_asinh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Atan", math_atan, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Atan2", math_atan2, VOLT_PERMIT_NOTHING, "(float64, float64) -> float64"},
    {"math_Atanh", math_atanh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Cbrt", math_cbrt, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Ceil", math_ceil, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Cos", math_cos, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Cosh", math_cosh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Exp", math_exp, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Exp2", math_exp2, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Expm1", math_expm1, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_FMA", math_fma, VOLT_PERMIT_NOTHING, "(x float64, y float64, z float64) -> float64"},
    {"math_Floor", math_floor, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Frexp", math_frexp, VOLT_PERMIT_NOTHING, "(float64) -> (fraction float64, exponent int)"},
    {"math_Hypot", math_hypot, VOLT_PERMIT_NOTHING, "(float64, float64) -> float64"},
    {"math_Inf", math_inf, VOLT_PERMIT_NOTHING, "(sign int) -> float64"},
    {"math_Ldexp", math_ldexp, VOLT_PERMIT_NOTHING, "(fraction float64, exponent int) -> float64"},
    {"math_Log", math_log, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Log10", math_log10, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Log1p", math_log1p, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Log2", math_log2, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Mod", math_mod, VOLT_PERMIT_NOTHING, "(float64, float64) -> float64"},
    {"math_Modf", math_modf, VOLT_PERMIT_NOTHING, "(float64) -> (whole float64, fraction float64)"},
    {"math_NaN", math_nan, VOLT_PERMIT_NOTHING, "() -> float64"},
    {"math_Pow", math_pow, VOLT_PERMIT_NOTHING, "(float64, float64) -> float64"},
    {"math_Round", math_round, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Sin", math_sin, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Sinh", math_sinh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Sqrt", math_sqrt, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Tan", math_tan, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Tanh", math_tanh, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
    {"math_Trunc", math_trunc, VOLT_PERMIT_NOTHING, "(float64) -> float64"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("math_Acos", math_acos, 1),   DIRECT_ROW("math_Acosh", math_acosh, 1),
    DIRECT_ROW("math_Asin", math_asin, 1),   DIRECT_ROW("math_Asinh", math_asinh, 1),
    DIRECT_ROW("math_Atan", math_atan, 1),   DIRECT_ROW("math_Atan2", math_atan2, 2),
    DIRECT_ROW("math_Atanh", math_atanh, 1), DIRECT_ROW("math_Cbrt", math_cbrt, 1),
    DIRECT_ROW("math_Ceil", math_ceil, 1),   DIRECT_ROW("math_Cos", math_cos, 1),
    DIRECT_ROW("math_Cosh", math_cosh, 1),   DIRECT_ROW("math_Exp", math_exp, 1),
    DIRECT_ROW("math_Exp2", math_exp2, 1),   DIRECT_ROW("math_Expm1", math_expm1, 1),
    DIRECT_ROW("math_FMA", math_fma, 3),     DIRECT_ROW("math_Floor", math_floor, 1),
    DIRECT_ROW("math_Hypot", math_hypot, 2), DIRECT_ROW("math_Inf", math_inf, 1),
    DIRECT_ROW("math_Ldexp", math_ldexp, 2), DIRECT_ROW("math_Log", math_log, 1),
    DIRECT_ROW("math_Log10", math_log10, 1), DIRECT_ROW("math_Log1p", math_log1p, 1),
    DIRECT_ROW("math_Log2", math_log2, 1),   DIRECT_ROW("math_Mod", math_mod, 2),
    DIRECT_ROW("math_Pow", math_pow, 2),     DIRECT_ROW("math_Round", math_round, 1),
    DIRECT_ROW("math_Sin", math_sin, 1),     DIRECT_ROW("math_Sinh", math_sinh, 1),
    DIRECT_ROW("math_Sqrt", math_sqrt, 1),   DIRECT_ROW("math_Tan", math_tan, 1),
    DIRECT_ROW("math_Tanh", math_tanh, 1),   DIRECT_ROW("math_Trunc", math_trunc, 1),
};

const native_package math_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
