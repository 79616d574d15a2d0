/* Integers: arithmetic modulo 2^64, comparisons, bits, shifts (expressions.h). Part of interpreter.c and
 * execute.c. */

#define BINARY(name) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		R(A) = (volt_slot)(EXPRESSION_##name(x, y)); \
		NEXT; \
	}
#define DIVISION(name) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		if (unlikely(y == 0)) { \
			RAISE_KIND(DivisionByZero); \
		} \
		R(A) = (volt_slot)(EXPRESSION_##name(x, y)); \
		NEXT; \
	}
#define SHIFT(name) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		if (unlikely((int64_t)y < 0)) { \
			RAISE_KIND(NegativeShift); \
		} \
		R(A) = (volt_slot)(EXPRESSION_##name(x, y)); \
		NEXT; \
	}

BINARY(AddI)
BINARY(SubI)
BINARY(MulI)
DIVISION(DivI)
DIVISION(DivU)
DIVISION(ModI)
DIVISION(ModU)
OP(NegI) {
	R(A) = -R(B);
	NEXT;
}

BINARY(EqI)
BINARY(NeI)
BINARY(LtI)
BINARY(LtU)
BINARY(LeI)
BINARY(LeU)
BINARY(GtI)
BINARY(GtU)
BINARY(GeI)
BINARY(GeU)

BINARY(And)
BINARY(Or)
BINARY(Xor)
BINARY(AndNot)
OP(Not) {
	R(A) = ~R(B);
	NEXT;
}
SHIFT(Shl)
SHIFT(ShrS)
SHIFT(ShrU)
OP(BoolNot) {
	R(A) = R(B) == 0;
	NEXT;
}
OP(Trunc) {
	R(A) = truncated(R(B), FLAGS);
	NEXT;
}

#undef DIVISION
#undef SHIFT
