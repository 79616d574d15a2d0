/* Integers: arithmetic modulo 2^64, comparisons, bits, shifts. Part of interpreter.c. */

#define BINARY(name, expression) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		R(A) = (volt_slot)(expression); \
		NEXT; \
	}
#define DIVISION(name, expression) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		if (unlikely(y == 0)) { \
			RAISE_KIND(DivisionByZero); \
		} \
		R(A) = (volt_slot)(expression); \
		NEXT; \
	}
#define SHIFT(name, expression) \
	OP(name) { \
		const volt_slot x = R(B), y = R(C); \
		if (unlikely((int64_t)y < 0)) { \
			RAISE_KIND(NegativeShift); \
		} \
		R(A) = (volt_slot)(expression); \
		NEXT; \
	}

BINARY(AddI, x + y)
BINARY(SubI, x - y)
BINARY(MulI, x *y)
/* INT64_MIN / -1 would trap in hardware: x / -1 is -x, and x % -1 is 0. */
DIVISION(DivI, y == UINT64_MAX ? -x : (volt_slot)((int64_t)x / (int64_t)y))
DIVISION(DivU, x / y)
DIVISION(ModI, y == UINT64_MAX ? 0 : (volt_slot)((int64_t)x % (int64_t)y))
DIVISION(ModU, x % y)
OP(NegI) {
	R(A) = -R(B);
	NEXT;
}

BINARY(EqI, x == y)
BINARY(NeI, x != y)
BINARY(LtI, (int64_t)x < (int64_t)y)
BINARY(LtU, x < y)
BINARY(LeI, (int64_t)x <= (int64_t)y)
BINARY(LeU, x <= y)
BINARY(GtI, (int64_t)x > (int64_t)y)
BINARY(GtU, x > y)
BINARY(GeI, (int64_t)x >= (int64_t)y)
BINARY(GeU, x >= y)

BINARY(And, x &y)
BINARY(Or, x | y)
BINARY(Xor, x ^ y)
BINARY(AndNot, x & ~y)
OP(Not) {
	R(A) = ~R(B);
	NEXT;
}
SHIFT(Shl, y < 64 ? x << y : 0)
SHIFT(ShrS, (int64_t)x >> (y < 64 ? y : 63))
SHIFT(ShrU, y < 64 ? x >> y : 0)
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
