/* Which instructions of a function are replaced by superinstructions (fused.def). */
#include "interpreter/fuse.h"

#include <stdatomic.h>

static atomic_bool enabled = true;

void fuse_enable(bool enable) {
	atomic_store(&enabled, enable);
}

/* ---- When a step fits the instruction `at`; `at[-1]` is the step before it ---- */

#define IS(name, condition) (at->op == VOLT_OP_##name && (condition))

#define LOAD_INT IS(LoadInt, true)
#define LOAD_CONST IS(LoadConst, true)
#define COPY IS(Copy, true)
#define COPY_LAST IS(Copy, at->b == at[-1].a)
#define TRUNCATE(bytes, type) IS(Trunc, at->flags == (bytes))
#define TRUNCATE_LAST(bytes, type) IS(Trunc, at->flags == (bytes) && at->b == at[-1].a)
#define BINARY(name) IS(name, true)
#define RIGHT(name) IS(name, at->c == at[-1].a)
#define DIVIDE(name) RIGHT(name)
#define SHIFT(name) RIGHT(name)
#define UNLESS IS(JumpIfNot, at->a == at[-1].a)
#define WHEN IS(JumpIf, at->a == at[-1].a)
#define FOR_UP IS(ForLoop, (at->flags & 7) == 0 && (int16_t)at->c < 0)
#define THEN(name) IS(name, true)
#define GET_WORD IS(SliceGet, at->flags == 8)
#define GET_BYTE IS(SliceGet, at->flags == 1)
#define GET_WORDS IS(SliceGet, at->flags > 8 && at->flags < 64 && at->flags % 8 == 0)
#define SET_WORD IS(SliceSet, at->flags == 8)
#define SET_BYTE IS(SliceSet, at->flags == 1)
#define GET_PACKED(element_flags, type) IS(SliceGet, at->flags == (element_flags))
#define SET_PACKED(element_flags, type) IS(SliceSet, at->flags == (element_flags))
#define LENGTH IS(SliceLen, true)
#define COPY_TWO IS(CopyN, at->c == 2)
#define COPY_THREE IS(CopyN, at->c == 3)
#define FIELD IS(PtrGet, true)
#define SET_FIELD IS(PtrSet, true)
#define CAPTURE IS(ClosureGet, true)

#define FITS(step) (at < end && (step) && (at++, true))
#define FITS_1(a) FITS(a)
#define FITS_2(a, b) (FITS(a) && FITS(b))
#define FITS_3(a, b, c) (FITS(a) && FITS(b) && FITS(c))
#define FITS_4(a, b, c, d) (FITS_3(a, b, c) && FITS(d))
#define PICK(_1, _2, _3, _4, macro, ...) macro
#define FITS_ALL(...) PICK(__VA_ARGS__, FITS_4, FITS_3, FITS_2, FITS_1, )(__VA_ARGS__)

/* The opcode for the instruction `first` together with those behind it. */
static uint8_t fused_opcode_of(const volt_instruction *first, const volt_instruction *end) {
	const volt_instruction *at;
#define FUSED(name, ...) \
	at = first; \
	if (FITS_ALL(__VA_ARGS__)) \
		return FUSED_OP_##name;
#include "interpreter/fused.def"
#undef FUSED
	return first->op;
}

/* Forwards: a replaced opcode is never looked at again. */
void fuse_code(volt_instruction *code, uint32_t count) {
	if (!atomic_load(&enabled))
		return;
	for (uint32_t pc = 0; pc < count; pc++)
		code[pc].op = fused_opcode_of(&code[pc], code + count);
}
