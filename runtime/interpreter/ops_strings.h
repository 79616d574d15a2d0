/* Strings. Part of interpreter.c and execute.c. */

OP(StrNew) {
	R(A) = vm_constant_string(vm, B);
	NEXT;
}
OP(StrLen) {
	R(A) = string_get(R(B)).length;
	NEXT;
}
OP(StrIndex) {
	const string_view string = string_get(R(B));
	const volt_slot index = R(C);
	if (unlikely(index >= string.length))
		RAISE(out_of_range(index, string.length));
	R(A) = (uint8_t)string.bytes[index];
	NEXT;
}
OP(StrConcat) {
	BEFORE_WORK;
	R(A) = string_concatenate(vm->space, R(B), R(C));
	NEXT;
}
OP(StrSlice) {
	BEFORE_WORK;
	CHECK(string_slice(vm->space, R(B), R(C), R(C + 1), &R(A)));
	NEXT;
}

#define STRING_COMPARE(name, expression) \
	OP(name) { \
		BEFORE_WORK; \
		R(A) = (expression); \
		NEXT; \
	}
STRING_COMPARE(StrEq, string_equal(R(B), R(C)))
STRING_COMPARE(StrNe, !string_equal(R(B), R(C)))
STRING_COMPARE(StrLt, string_compare(R(B), R(C)) < 0)
STRING_COMPARE(StrLe, string_compare(R(B), R(C)) <= 0)
STRING_COMPARE(StrGt, string_compare(R(B), R(C)) > 0)
STRING_COMPARE(StrGe, string_compare(R(B), R(C)) >= 0)
#undef STRING_COMPARE

OP(StrDecodeRune) {
	const string_view string = string_get(R(B));
	unsigned width;
	const int32_t rune = utf8_decode(string.bytes, string.length, R(C), &width);
	R(A) = (volt_slot)(int64_t)rune;
	R(A + 1) = width;
	NEXT;
}
