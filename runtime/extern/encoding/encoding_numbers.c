/* Numbers of documents into numeric places, with the range of each kind. */
#include "extern/encoding/encoding.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "bytecode/model/c_locale.h"

static bool store_signed(int64_t number, const reflect_value *place) {
	unsigned bits = reflect_integer_bits(place->type.kind);
	int64_t limit = bits == 64 ? INT64_MAX : ((int64_t)1 << (bits - 1)) - 1;
	place->slots[0] = (volt_slot)number;
	return number <= limit && number >= -limit - 1;
}

static bool store_unsigned(uint64_t number, const reflect_value *place) {
	unsigned bits = reflect_integer_bits(place->type.kind);
	place->slots[0] = number;
	return bits == 64 || number < (uint64_t)1 << bits;
}

static bool store_integer(int64_t number, const reflect_value *place) {
	return reflect_is_signed(place->type.kind) ? store_signed(number, place)
	                                           : number >= 0 && store_unsigned((uint64_t)number, place);
}

static bool store_float(double number, const reflect_value *place) {
	if (place->type.kind == VOLT_KIND_FLOAT64) {
		place->slots[0] = volt_slot_from_float(number);
		return true;
	}
	float narrow = (float)number;
	uint32_t bits;
	memcpy(&bits, &narrow, sizeof bits);
	place->slots[0] = bits;
	return isfinite(narrow) || !isfinite(number);
}

static bool is_float(volt_kind kind) {
	return kind == VOLT_KIND_FLOAT32 || kind == VOLT_KIND_FLOAT64;
}

/* Runs a store on a copy, so that a number that does not fit leaves the place alone. */
static bool keep(bool fits, const reflect_value *place, const volt_slot *word) {
	if (fits)
		place->slots[0] = *word;
	return fits;
}

bool encoding_store_number(const json_t *node, const reflect_value *place) {
	volt_slot word = 0;
	reflect_value copy = {place->type, &word, false};
	if (json_is_string(node)) {
		string_view text;
		return encoding_text(node, &text) == ENCODING_NUMBER && encoding_store_number_text(text, place);
	}
	if (is_float(place->type.kind))
		return keep(json_is_number(node) && store_float(json_number_value(node), &copy), place, &word);
	return keep(json_is_integer(node) && store_integer(json_integer_value(node), &copy), place, &word);
}

bool encoding_store_number_text(string_view text, const reflect_value *place) {
	enum { NUMBER_MAXIMUM = 4096 };
	volt_slot word = 0;
	reflect_value copy = {place->type, &word, false};
	char digits[NUMBER_MAXIMUM];
	char *end;
	if (text.length == 0 || text.length >= sizeof digits)
		return false;
	memcpy(digits, text.bytes, text.length);
	digits[text.length] = 0;
	errno = 0;
	if (is_float(place->type.kind)) {
		const c_locale_scope scope = volt_c_locale_enter();
		double number = strtod(digits, &end);
		volt_c_locale_leave(scope);
		bool fits = (errno == 0 || fabs(number) < 1) && store_float(number, &copy);
		return keep(fits && end == digits + text.length, place, &word);
	}
	bool fits;
	if (digits[0] == '-' || reflect_is_signed(place->type.kind))
		fits = store_integer(strtoll(digits, &end, 10), &copy);
	else
		fits = store_unsigned(strtoull(digits, &end, 10), &copy);
	return keep(fits && errno == 0 && end == digits + text.length, place, &word);
}
