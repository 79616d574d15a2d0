/* Errors as values: one allocation with the message behind the kind. */
#include "volt/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"

struct volt_error {
	volt_error_kind kind;
	const char *message;
};

/* What is returned when not even an error can be allocated; volt_error_free() leaves it alone. */
static volt_error out_of_memory = {VOLT_ERROR_MEMORY, "out of memory"};

static volt_error *error_of_length(volt_error_kind kind, size_t length, char **message) {
	volt_error *error = malloc(sizeof *error + length + 1);
	if (!error)
		return &out_of_memory;
	*message = (char *)(error + 1);
	(*message)[0] = '\0';
	error->kind = kind;
	error->message = *message;
	return error;
}

static volt_error *format_error(volt_error_kind kind, const char *format, va_list arguments) {
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	char *message = NULL;
	volt_error *error = error_of_length(kind, length < 0 ? 0 : (size_t)length, &message);
	if (message && length > 0)
		vsnprintf(message, (size_t)length + 1, format, again);
	va_end(again);
	return error;
}

/* Messages quote names, which may be any text; what a program panics with is its own, as its output is. */
volt_error *volt_error_new_v(volt_error_kind kind, const char *format, va_list arguments) {
	volt_error *raw = format_error(kind, format, arguments);
	char *shown = kind == VOLT_ERROR_PANIC ? NULL : volt_printable_lines(raw->message);
	if (!shown)
		return raw;
	char *message = NULL;
	volt_error *error = error_of_length(kind, strlen(shown), &message);
	if (message)
		strcpy(message, shown);
	free(shown);
	volt_error_free(raw);
	return error;
}

volt_error *volt_error_new(volt_error_kind kind, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	volt_error *error = volt_error_new_v(kind, format, arguments);
	va_end(arguments);
	return error;
}

volt_error *volt_error_prefix(volt_error *error, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	volt_error *prefix = volt_error_new_v(error->kind, format, arguments);
	va_end(arguments);
	volt_error *result = volt_error_new(error->kind, "%s: %s", prefix->message, error->message);
	volt_error_free(prefix);
	volt_error_free(error);
	return result;
}

const char *volt_error_message(const volt_error *error) {
	return error ? error->message : "";
}

volt_error_kind volt_error_get_kind(const volt_error *error) {
	return error ? error->kind : VOLT_ERROR_NONE;
}

void volt_error_free(volt_error *error) {
	if (error != &out_of_memory)
		free(error);
}
