/* Package unicode: classes and case of runes (NATIVES.md, "Strings and bytes"). */
#include <unictype.h>

#include "extern/direct_native.h"
#include "extern/text/letter_case.h"

/* A native that tells whether a scalar value has a property; anything else has none. */
#define CLASS(name, has_property) \
	DIRECT_NATIVE_1(name, vm, slot) { \
		const int32_t rune = (int32_t)(uint32_t)slot; \
		return letter_case_is_scalar(rune) && has_property((ucs4_t)rune); \
	}

static bool is_in_categories(ucs4_t rune, uint32_t mask) {
	return uc_is_general_category_withtable(rune, mask);
}

static bool is_ascii_digit(ucs4_t rune) {
	return rune >= '0' && rune <= '9';
}
static bool is_control(ucs4_t rune) {
	return is_in_categories(rune, UC_CATEGORY_MASK_Cc);
}
static bool is_print(ucs4_t rune) {
	return !is_control(rune) && rune != 0xfffd;
}
static bool is_number(ucs4_t rune) {
	return is_in_categories(rune, UC_CATEGORY_MASK_N);
}
static bool is_mark(ucs4_t rune) {
	return is_in_categories(rune, UC_CATEGORY_MASK_M);
}
static bool is_symbol(ucs4_t rune) {
	return is_in_categories(rune, UC_CATEGORY_MASK_S);
}

static bool is_graphic(ucs4_t rune) {
	return is_in_categories(rune, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
	                                  UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S | UC_CATEGORY_MASK_Zs);
}

/*
 * Observed of the original: everything in the punctuation half of Latin-1 counts, such as U+00BD, a
 * fraction.
 */
static bool is_punct(ucs4_t rune) {
	return (rune >= 0xa1 && rune <= 0xbf) || is_in_categories(rune, UC_CATEGORY_MASK_P);
}

CLASS(unicode_is_letter, uc_is_property_alphabetic)
CLASS(unicode_is_digit, is_ascii_digit)
CLASS(unicode_is_space, uc_is_property_white_space)
CLASS(unicode_is_upper, uc_is_property_uppercase)
CLASS(unicode_is_lower, uc_is_property_lowercase)
CLASS(unicode_is_control, is_control)
CLASS(unicode_is_print, is_print)
CLASS(unicode_is_punct, is_punct)
CLASS(unicode_is_graphic, is_graphic)
CLASS(unicode_is_number, is_number)
CLASS(unicode_is_mark, is_mark)
CLASS(unicode_is_symbol, is_symbol)

static volt_slot map_rune(volt_slot rune, int32_t (*mapping)(int32_t rune)) {
	return (volt_slot)(int64_t)mapping((int32_t)(uint32_t)rune);
}

DIRECT_NATIVE_1(unicode_to_lower, vm, rune) {
	return map_rune(rune, letter_case_lower_rune);
}
DIRECT_NATIVE_1(unicode_to_upper, vm, rune) {
	return map_rune(rune, letter_case_upper_rune);
}
DIRECT_NATIVE_1(unicode_simple_fold, vm, rune) {
	return map_rune(rune, letter_case_fold_rune);
}

static const native_row rows[] = {
    {"unicode_IsControl", unicode_is_control, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsDigit", unicode_is_digit, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsGraphic", unicode_is_graphic, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsLetter", unicode_is_letter, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsLower", unicode_is_lower, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsMark", unicode_is_mark, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsNumber", unicode_is_number, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsPrint", unicode_is_print, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsPunct", unicode_is_punct, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsSpace", unicode_is_space, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsSymbol", unicode_is_symbol, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_IsUpper", unicode_is_upper, VOLT_PERMIT_NOTHING, "(rune) -> bool"},
    {"unicode_SimpleFold", unicode_simple_fold, VOLT_PERMIT_NOTHING, "(rune) -> rune"},
    {"unicode_ToLower", unicode_to_lower, VOLT_PERMIT_NOTHING, "(rune) -> rune"},
    {"unicode_ToTitle", unicode_to_upper, VOLT_PERMIT_NOTHING, "(rune) -> rune"},
    {"unicode_ToUpper", unicode_to_upper, VOLT_PERMIT_NOTHING, "(rune) -> rune"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("unicode_IsControl", unicode_is_control, 1),
    DIRECT_ROW("unicode_IsDigit", unicode_is_digit, 1),
    DIRECT_ROW("unicode_IsGraphic", unicode_is_graphic, 1),
    DIRECT_ROW("unicode_IsLetter", unicode_is_letter, 1),
    DIRECT_ROW("unicode_IsLower", unicode_is_lower, 1),
    DIRECT_ROW("unicode_IsMark", unicode_is_mark, 1),
    DIRECT_ROW("unicode_IsNumber", unicode_is_number, 1),
    DIRECT_ROW("unicode_IsPrint", unicode_is_print, 1),
    DIRECT_ROW("unicode_IsPunct", unicode_is_punct, 1),
    DIRECT_ROW("unicode_IsSpace", unicode_is_space, 1),
    DIRECT_ROW("unicode_IsSymbol", unicode_is_symbol, 1),
    DIRECT_ROW("unicode_IsUpper", unicode_is_upper, 1),
    DIRECT_ROW("unicode_SimpleFold", unicode_simple_fold, 1),
    DIRECT_ROW("unicode_ToLower", unicode_to_lower, 1),
    DIRECT_ROW("unicode_ToTitle", unicode_to_upper, 1),
    DIRECT_ROW("unicode_ToUpper", unicode_to_upper, 1),
};

const native_package unicode_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
