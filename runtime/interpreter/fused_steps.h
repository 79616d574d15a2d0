/*
 * Steps of superinstructions, in the interpreter: what each does. Every step leaves its value in `last`, and
 * R(A) always gets it, as if it stood alone. `pc` is behind the step's own instruction, so a step that traps
 * or ends the slice is seen at its own pc. No commas outside of parentheses: steps are arguments of macros.
 * Part of interpreter.c; fuse.c says when a step fits an instruction.
 */

#define RESULT(value) \
	do { \
		last = (volt_slot)(value); \
		R(A) = last; \
	} while (0)

#define LOAD_INT RESULT((int64_t)IMMEDIATE)
#define LOAD_CONST RESULT(vm->constants[B])
#define COPY RESULT(R(B))
#define COPY_LAST (R(A) = last)
/* Overlap is possible. */
#define COPY_TWO \
	do { \
		const volt_slot first = R(B); \
		const volt_slot second = R(B + 1); \
		R(A) = first; \
		R(A + 1) = second; \
	} while (0)
#define COPY_THREE \
	do { \
		const volt_slot first = R(B); \
		const volt_slot second = R(B + 1); \
		const volt_slot third = R(B + 2); \
		R(A) = first; \
		R(A + 1) = second; \
		R(A + 2) = third; \
	} while (0)
#define TRUNCATE(bytes, type) RESULT((int64_t)(type)R(B))
#define TRUNCATE_LAST(bytes, type) RESULT((int64_t)(type)last)

#define BINARY(name) \
	do { \
		const volt_slot x = R(B); \
		const volt_slot y = R(C); \
		RESULT(EXPRESSION_##name(x, y)); \
	} while (0)
/* The right operand is the value before. */
#define RIGHT(name) \
	do { \
		const volt_slot x = R(B); \
		const volt_slot y = last; \
		RESULT(EXPRESSION_##name(x, y)); \
	} while (0)
#define DIVIDE(name) \
	do { \
		if (unlikely(last == 0)) { \
			RAISE_KIND(DivisionByZero); \
		} \
		RIGHT(name); \
	} while (0)
#define SHIFT(name) \
	do { \
		if (unlikely((int64_t)last < 0)) { \
			RAISE_KIND(NegativeShift); \
		} \
		RIGHT(name); \
	} while (0)

/* ---- Jumps: only as a last step; the condition is the value before ---- */

#define JUMP_IF(condition) \
	do { \
		if (condition) { \
			const int32_t distance = IMMEDIATE; \
			pc += distance - 1; \
			if (distance <= 0) { \
				COUNT_STEP; \
			} \
		} \
	} while (0)
#define UNLESS JUMP_IF(last == 0)
#define WHEN JUMP_IF(last != 0)

/* Backwards, signed, by one, below the limit. */
#define FOR_UP \
	do { \
		last = R(A) + 1; \
		R(A) = last; \
		if ((int64_t)last < (int64_t)R(B)) { \
			pc += (int16_t)C; \
			COUNT_STEP; \
		} \
	} while (0)

/* An instruction as its own case has it. */
#define THEN(name) goto op_##name

/* ---- Elements and fields ---- */

#define ELEMENT(slice, index) \
	if (unlikely(!(slice) || (index) >= (slice)->length)) { \
		RAISE(out_of_range(index, (slice) ? (slice)->length : 0)); \
	}

#define GET_WORD \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(B)); \
		const volt_slot index = R(C); \
		ELEMENT(slice, index) \
		memcpy(&last, slice->data + index * 8, 8); \
		R(A) = last; \
	} while (0)
#define GET_BYTE \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(B)); \
		const volt_slot index = R(C); \
		ELEMENT(slice, index) \
		RESULT(slice->data[index]); \
	} while (0)
#define GET_PACKED(flags, type) \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(B)); \
		const volt_slot index = R(C); \
		ELEMENT(slice, index) \
		type element; \
		memcpy(&element, slice->data + index * sizeof element, sizeof element); \
		RESULT((int64_t)element); \
	} while (0)
#define GET_WORDS \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(B)); \
		const volt_slot index = R(C); \
		ELEMENT(slice, index) \
		const uint32_t bytes = FLAGS; \
		const uint8_t *from = slice->data + index * bytes; \
		volt_slot *to = &R(A); \
		for (uint32_t at = 0; at < bytes; at += 8) { \
			memcpy((uint8_t *)to + at, from + at, 8); \
		} \
	} while (0)
#define SET_WORD \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(A)); \
		const volt_slot index = R(B); \
		ELEMENT(slice, index) \
		memcpy(slice->data + index * 8, &R(C), 8); \
	} while (0)
#define SET_BYTE \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(A)); \
		const volt_slot index = R(B); \
		ELEMENT(slice, index) \
		slice->data[index] = (uint8_t)R(C); \
	} while (0)

#define SET_PACKED(flags, type) \
	do { \
		const volt_slice *slice = volt_slot_pointer(R(A)); \
		const volt_slot index = R(B); \
		ELEMENT(slice, index) \
		const type element = (type)R(C); \
		memcpy(slice->data + index * sizeof element, &element, sizeof element); \
	} while (0)
#define LENGTH RESULT(slice_length(R(B)))

#define NOT_NIL(object) \
	if (unlikely(!(object))) { \
		RAISE_KIND(NilPointerDereference); \
	}
#define FIELD \
	do { \
		const volt_slot *object = volt_slot_pointer(R(B)); \
		NOT_NIL(object) \
		RESULT(object[C]); \
	} while (0)
#define SET_FIELD \
	do { \
		volt_slot *object = volt_slot_pointer(R(A)); \
		NOT_NIL(object) \
		object[B] = R(C); \
	} while (0)
#define CAPTURE \
	do { \
		const volt_closure *closure = volt_slot_pointer(R(0)); \
		NOT_NIL(closure) \
		if (unlikely(B >= closure->capture_count)) { \
			RAISE(out_of_range(B, closure->capture_count)); \
		} \
		RESULT(closure->captures[B]); \
	} while (0)

/* ---- Cases ---- */

#define STEPS_1(a) a
#define STEPS_2(a, b) \
	a; \
	pc++; \
	b
#define STEPS_3(a, b, c) \
	STEPS_2(a, b); \
	pc++; \
	c
#define STEPS_4(a, b, c, d) \
	STEPS_3(a, b, c); \
	pc++; \
	d
#define PICK_STEPS(_1, _2, _3, _4, macro, ...) macro
#define STEPS(...) PICK_STEPS(__VA_ARGS__, STEPS_4, STEPS_3, STEPS_2, STEPS_1, )(__VA_ARGS__)

#define FUSED_CASE(name, ...) \
	fused_##name : { \
		volt_slot last; \
		STEPS(__VA_ARGS__); \
		(void)last; \
		NEXT; \
	}
