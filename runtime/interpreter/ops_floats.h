/* Floats: IEEE double, conversions. Part of interpreter.c and execute.c; BINARY comes from ops_integers.h. */

BINARY(AddF)
BINARY(SubF)
BINARY(MulF)
BINARY(DivF)
OP(NegF) {
	R(A) = R(B) ^ UINT64_C(1) << 63;
	NEXT;
}

BINARY(EqF)
BINARY(NeF)
BINARY(LtF)
BINARY(LeF)
BINARY(GtF)
BINARY(GeF)

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

#undef BINARY
