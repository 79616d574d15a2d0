/* Package fmt (NATIVES.md, "Values as text"); the verbs are in fmt_verbs.c. */
#include <string.h>

#include "extern/builtin/fmt_verbs.h"
#include "extern/direct_native.h"
#include "object/format.h"

/* Every operand, always with a space between, also beside empty ones: unlike print. */
static void append_operands(direct_vm vm, buffer *out, volt_slot operands) {
	const volt_slot *words = (const volt_slot *)(const void *)slice_data(operands);
	for (uint64_t i = 0; i < slice_length(operands); i++) {
		if (i > 0)
			buffer_append_byte(out, ' ');
		format_interface(vm_object_space(vm), out, words + 2 * i, true);
	}
}

DIRECT_NATIVE_1(sprint, vm, operands) {
	buffer *out = vm_text(vm, 0);
	append_operands(vm, out, operands);
	return direct_string(vm, out);
}

DIRECT_NATIVE_1(sprintln, vm, operands) {
	buffer *out = vm_text(vm, 0);
	append_operands(vm, out, operands);
	buffer_append_byte(out, '\n');
	return direct_string(vm, out);
}

static volt_native_result write_text(volt_native_call *call) {
	string_view text = native_string(call, 0);
	volt_native_write(call, text.bytes, text.length);
	return VOLT_NATIVE_OK;
}

/* ---- Sprintf ---- */

/* The rest of a format. */
typedef struct {
	const char *at;
	const char *end;
} format_cursor;

static bool at_digit(const format_cursor *cursor) {
	return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static uint32_t read_number(format_cursor *cursor) {
	uint64_t number = 0;
	for (; at_digit(cursor); cursor->at++)
		if (number <= BUFFER_TEXT_MAXIMUM)
			number = number * 10 + (uint64_t)(*cursor->at - '0');
	return number <= BUFFER_TEXT_MAXIMUM ? (uint32_t)number : FMT_TOO_LARGE;
}

static bool read_flag(format_cursor *cursor, fmt_directive *directive) {
	if (cursor->at >= cursor->end)
		return false;
	switch (*cursor->at) {
	case '-': directive->minus = true; return true;
	case '+': directive->plus = true; return true;
	case '0': directive->zero = true; return true;
	default: return false;
	}
}

static string_view read_character(format_cursor *cursor) {
	unsigned width = 0;
	size_t left = (size_t)(cursor->end - cursor->at);
	utf8_decode(cursor->at, left, 0, &width);
	string_view character = {cursor->at, width};
	cursor->at += width;
	return character;
}

/* Reads what follows a percent sign; the verb stays empty at the end of the format. */
static fmt_directive read_directive(format_cursor *cursor) {
	fmt_directive directive = {0};
	for (; read_flag(cursor, &directive); cursor->at++) {
	}
	directive.width = read_number(cursor);
	if (cursor->at < cursor->end && *cursor->at == '.') {
		cursor->at++;
		directive.has_precision = true;
		directive.precision = read_number(cursor);
	}
	directive.verb = read_character(cursor);
	return directive;
}

/* Appends the text before the next percent sign and steps over it; false at the end of the format. */
static bool append_literal(buffer *out, format_cursor *cursor) {
	size_t left = (size_t)(cursor->end - cursor->at);
	const char *percent = memchr(cursor->at, '%', left);
	size_t length = percent == NULL ? left : (size_t)(percent - cursor->at);
	buffer_append(out, cursor->at, length);
	cursor->at += length + (percent != NULL);
	return percent != NULL;
}

static void append_missing(buffer *out, const fmt_directive *directive) {
	buffer_append_text(out, "%!");
	buffer_append(out, directive->verb.bytes, directive->verb.length);
	buffer_append_text(out, "(MISSING)");
}

DIRECT_NATIVE_2(sprintf_native, vm, format, operands) {
	const string_view text = string_get(format);
	const volt_slot *words = (const volt_slot *)(const void *)slice_data(operands);
	const uint64_t count = slice_length(operands);
	format_cursor cursor = {text.bytes, text.bytes + text.length};
	buffer *out = vm_text(vm, 0);
	uint64_t next = 0;
	while (append_literal(out, &cursor)) {
		if (cursor.at < cursor.end && *cursor.at == '%') {
			buffer_append_byte(out, *cursor.at++);
			continue;
		}
		fmt_directive directive = read_directive(&cursor);
		if (directive.verb.length == 0)
			buffer_append_byte(out, '%');
		else if (next == count)
			append_missing(out, &directive);
		else
			fmt_append_operand(vm_object_space(vm), out, &directive, words + 2 * next++);
	}
	return direct_string(vm, out);
}

static const native_row rows[] = {
    {"fmt_nativeSprint", sprint, VOLT_PERMIT_NOTHING, "([]any) -> string"},
    {"fmt_nativeSprintf", sprintf_native, VOLT_PERMIT_NOTHING, "(format string, []any) -> string"},
    {"fmt_nativeSprintln", sprintln, VOLT_PERMIT_NOTHING, "([]any) -> string"},
    {"fmt_nativeWrite", write_text, VOLT_PERMIT_NOTHING, "(string)"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("fmt_nativeSprint", sprint, 1),
    DIRECT_ROW("fmt_nativeSprintf", sprintf_native, 2),
    DIRECT_ROW("fmt_nativeSprintln", sprintln, 1),
};

const native_package fmt_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
