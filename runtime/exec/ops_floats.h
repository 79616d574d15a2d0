/* Floats: IEEE double, conversions. Part of interpreter.c; BINARY comes from ops_integers.h. */

#define FLOAT(name, operator) \
	BINARY(name, volt_slot_from_float(volt_slot_float(x) operator volt_slot_float(y)))
#define FLOAT_COMPARE(name, operator) BINARY(name, volt_slot_float(x) operator volt_slot_float(y))

FLOAT(AddF, +)
FLOAT(SubF, -)
FLOAT(MulF, *)
FLOAT(DivF, /)
OP(NegF) {
	R(A) = R(B) ^ UINT64_C(1) << 63;
	NEXT;
}

FLOAT_COMPARE(EqF, ==)
FLOAT_COMPARE(NeF, !=)
FLOAT_COMPARE(LtF, <)
FLOAT_COMPARE(LeF, <=)
FLOAT_COMPARE(GtF, >)
FLOAT_COMPARE(GeF, >=)

OP(ConvI2F) {
	R(A) = volt_slot_from_float((double)(int64_t)R(B));
	NEXT;
}
OP(ConvF2I) {
	R(A) = (volt_slot)saturating_int(volt_slot_float(R(B)));
	NEXT;
}
OP(ConvF64F32) {
	R(A) = slot_from_float32((float)volt_slot_float(R(B)));
	NEXT;
}
OP(ConvF32F64) {
	R(A) = volt_slot_from_float((double)slot_float32(R(B)));
	NEXT;
}

#undef FLOAT
#undef FLOAT_COMPARE
#undef BINARY
