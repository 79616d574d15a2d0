/*
 * Floating-point numbers as text: the shortest digits that read back as the same number, and exactly rounded
 * fixed digits. Digits come from printf and are checked with strtod, both of which glibc rounds exactly.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bytecode/model/c_locale.h"
#include "object/format.h"

enum {
	DIGITS_MAXIMUM = 17,
	FRACTION_DIGITS_MAXIMUM = 1074, /* of any double; all further digits are zeros */
	WHOLE_LIMIT_BITS = 53,
};

/* 0.DDDD times ten to the power of `point`; no zeros at the end. */
typedef struct {
	char digits[DIGITS_MAXIMUM + 1];
	int count;
	int point;
} decimal;

typedef struct {
	int guaranteed; /* decimals of this many digits survive, unless the number is subnormal */
	int sufficient; /* this many digits tell all numbers apart */
	double smallest_normal;
	bool single;
} precision_traits;

static const precision_traits double_traits = {DBL_DIG, 17, DBL_MIN, false};
static const precision_traits float_traits = {FLT_DIG, 9, FLT_MIN, true};

static decimal decimal_round(double value, int count) {
	char text[DIGITS_MAXIMUM + 16];
	snprintf(text, sizeof text, "%.*e", count - 1, value);
	decimal result = {.count = 0};
	const char *at = text;
	for (; *at && *at != 'e'; at++)
		if (*at >= '0' && *at <= '9')
			result.digits[result.count++] = *at;
	result.point = atoi(at + 1) + 1;
	return result;
}

static bool reads_back(const decimal *number, double value, bool single) {
	char text[DIGITS_MAXIMUM + 16];
	snprintf(text, sizeof text, "%.*se%d", number->count, number->digits, number->point - number->count);
	return single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

/* The next larger decimal with as many digits; false if that carries out of the first one. */
static bool decimal_increment(decimal *number) {
	for (int index = number->count - 1; index >= 0; index--) {
		if (number->digits[index] != '9') {
			number->digits[index]++;
			return true;
		}
		number->digits[index] = '0';
	}
	return false;
}

static void trim_zeros(decimal *number) {
	while (number->count > 1 && number->digits[number->count - 1] == '0')
		number->count--;
}

/*
 * Does the value lie exactly between `number` and the next larger decimal? Doubles that come close without
 * being there differ long before the last of these digits. Most have too many bits behind the point.
 */
static bool is_tie(const decimal *number, double value) {
	enum { EXACT_DIGITS = 60 };
	const double scaled = value * 0x1p18;
	if (scaled != floor(scaled))
		return false;
	char text[EXACT_DIGITS + 16];
	snprintf(text, sizeof text, "%.*e", EXACT_DIGITS, value);
	int index = 0;
	for (const char *at = text; *at && *at != 'e'; at++) {
		if (*at < '0' || *at > '9')
			continue;
		char wanted =
		    index < number->count ? number->digits[index] : (char)(index == number->count ? '5' : '0');
		if (*at != wanted)
			return false;
		index++;
	}
	return true;
}

/* printf rounds ties to the even digit; shortest digits are rounded up, as the original does it. */
static void round_tie_up(decimal *number, double value, bool single) {
	decimal larger = *number;
	if (is_tie(number, value) && decimal_increment(&larger) && reads_back(&larger, value, single))
		*number = larger;
}

/*
 * Above a power of two the numbers lie twice as far apart as below it, so the nearest decimal may miss the
 * number from below while the next larger one still reads back.
 */
static bool try_digits(double value, int count, const precision_traits *traits, decimal *result) {
	*result = decimal_round(value, count);
	if (reads_back(result, value, traits->single)) {
		if (count > traits->guaranteed) /* with fewer digits, neither side of a tie reads back */
			round_tie_up(result, value, traits->single);
		return true;
	}
	return decimal_increment(result) && reads_back(result, value, traits->single);
}

static decimal shortest(double value, const precision_traits *traits) {
	decimal result;
	int count = value < traits->smallest_normal ? 1 : traits->guaranteed;
	while (!try_digits(value, count, traits, &result) && count < traits->sufficient)
		count++;
	trim_zeros(&result);
	return result;
}

static void append_positional(buffer *out, const decimal *number) {
	if (number->point <= 0) {
		buffer_append_text(out, "0.");
		buffer_append_repeated(out, '0', (size_t)-number->point);
		buffer_append(out, number->digits, (size_t)number->count);
	} else if (number->point >= number->count) {
		buffer_append(out, number->digits, (size_t)number->count);
		buffer_append_repeated(out, '0', (size_t)(number->point - number->count));
	} else {
		buffer_append(out, number->digits, (size_t)number->point);
		buffer_append_byte(out, '.');
		buffer_append(out, number->digits + number->point, (size_t)(number->count - number->point));
	}
}

static int write_digits(char *digits, uint64_t number) {
	int count = 0;
	for (uint64_t rest = number; rest; rest /= 10)
		count++;
	for (int index = count; index-- > 0; number /= 10)
		digits[index] = (char)('0' + number % 10);
	return count;
}

/*
 * Few numbers that programs print have many digits. A whole number and a power of ten that doubles hold
 * exactly give the double nearest to their quotient, as reading the decimal does: if that is the value, it
 * reads back. No other decimal of as few digits as DBL_DIG does, so these are the shortest digits.
 */
static bool find_few_digits(double value, decimal *number) {
	enum { MOST_PLACES = 8 };
	static const double limit = 1e15; /* ten to the power of DBL_DIG */
	double power = 1;
	for (int places = 0; places <= MOST_PLACES; places++, power *= 10) {
		const double whole = rint(value * power);
		if (whole >= limit)
			return false;
		if (whole == 0 || whole / power != value)
			continue;
		number->count = write_digits(number->digits, (uint64_t)whole);
		number->point = number->count - places;
		trim_zeros(number);
		return true;
	}
	return false;
}

/* Signs, and values without digits; true if nothing is left to print. */
static bool append_special(buffer *out, double value) {
	if (isnan(value)) {
		buffer_append_text(out, "NaN");
		return true;
	}
	if (signbit(value))
		buffer_append_byte(out, '-');
	if (isinf(value))
		buffer_append_text(out, "inf");
	return isinf(value);
}

static void format_shortest(buffer *out, double value, const precision_traits *traits) {
	if (append_special(out, value))
		return;
	double magnitude = fabs(value);
	if (magnitude == 0) {
		buffer_append_byte(out, '0');
		return;
	}
	const c_locale_scope scope = volt_c_locale_enter();
	decimal number = shortest(magnitude, traits);
	volt_c_locale_leave(scope);
	append_positional(out, &number);
}

/* Below this limit neighbours are at most one apart, so a whole number's own digits are the shortest. */
static bool is_small_whole(double value) {
	return fabs(value) < (double)(1LL << WHOLE_LIMIT_BITS) && value == (double)(long long)value && value != 0;
}

void format_float64(buffer *out, double value) {
	decimal number;
	if (is_small_whole(value)) {
		buffer_append_signed(out, (long long)value);
	} else if (find_few_digits(fabs(value), &number)) {
		if (signbit(value))
			buffer_append_byte(out, '-');
		append_positional(out, &number);
	} else {
		format_shortest(out, value, &double_traits);
	}
}

void format_float32(buffer *out, float value) {
	format_shortest(out, (double)value, &float_traits);
}

void format_float_fixed(buffer *out, double value, unsigned precision) {
	if (append_special(out, value))
		return;
	unsigned printed = precision < FRACTION_DIGITS_MAXIMUM ? precision : FRACTION_DIGITS_MAXIMUM;
	char text[DBL_MAX_10_EXP + FRACTION_DIGITS_MAXIMUM + 8];
	const c_locale_scope scope = volt_c_locale_enter();
	snprintf(text, sizeof text, "%.*f", (int)printed, fabs(value));
	volt_c_locale_leave(scope);
	buffer_append_text(out, text);
	buffer_append_repeated(out, '0', precision - printed);
}
