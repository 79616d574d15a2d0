/* Strings, numbers, words and references in the text form. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "bytecode/model/c_locale.h"
#include "bytecode/vot/disassemble.h"
#include "bytecode/vot/text.h"

/* Writes the character at the start of these bytes; returns how many of them it is. */
static size_t write_character(FILE *out, const char *bytes, size_t left) {
	const size_t length = text_printable_length(bytes, left);
	switch (*bytes) {
	case '\n': fputs("\\n", out); return 1;
	case '\t': fputs("\\t", out); return 1;
	case '\r': fputs("\\r", out); return 1;
	case '"': fputs("\\\"", out); return 1;
	case '\\': fputs("\\\\", out); return 1;
	default: break;
	}
	if (!length) {
		fprintf(out, "\\x%02x", (unsigned char)*bytes);
		return 1;
	}
	fwrite(bytes, 1, length, out);
	return length;
}

void disassemble_string(FILE *out, volt_text text) {
	putc('"', out);
	for (size_t i = 0; i < text.length;)
		i += write_character(out, text.bytes + i, text.length - i);
	putc('"', out);
}

void disassemble_name(FILE *out, volt_text text) {
	if (text_is_identifier(text))
		fwrite(text.bytes, 1, text.length, out);
	else
		disassemble_string(out, text);
}

void disassemble_word(FILE *out, uint32_t word) {
	if (volt_meta_kind(word) < VOLT_KIND_COUNT)
		fprintf(out, "%s:%u", volt_kind_name(volt_meta_kind(word)), volt_meta_id(word));
	else
		fprintf(out, "0x%x", word);
}

void disassemble_words(FILE *out, const volt_index_vector *words) {
	putc('[', out);
	for (uint32_t i = 0; i < words->count; i++) {
		fputs(i ? ", " : "", out);
		disassemble_word(out, words->items[i]);
	}
	putc(']', out);
}

void disassemble_slot_types(FILE *out, const uint8_t *items, uint32_t count) {
	if (!count)
		return;
	fputs(" types=", out);
	for (uint32_t i = 0; i < count; i++)
		putc(SLOT_TYPE_LETTERS[items[i]], out);
}

static bool is_unique_function(const disassembler *to, uint32_t index) {
	volt_text name = to->module->functions.items[index].name;
	if (to->has_tables)
		return names_find(&to->functions, name)->uses == 1;
	for (uint32_t i = 0; i < to->module->functions.count; i++)
		if (i != index && text_equal(to->module->functions.items[i].name, name))
			return false;
	return true;
}

void disassemble_function_reference(const disassembler *to, uint32_t index) {
	if (index >= to->module->functions.count || !is_unique_function(to, index)) {
		fprintf(to->out, "f%u", index);
		return;
	}
	putc('@', to->out);
	disassemble_name(to->out, to->module->functions.items[index].name);
}

static void write_float(FILE *out, uint64_t bits) {
	enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17 };
	double value;
	memcpy(&value, &bits, sizeof value);
	if (!isfinite(value)) {
		fprintf(out, "float 0x%016" PRIx64, bits);
		return;
	}
	char buffer[40];
	const c_locale_scope scope = volt_c_locale_enter();
	for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
		snprintf(buffer, sizeof buffer, "%.*g", digits, value);
		if (strtod(buffer, NULL) == value)
			break;
	}
	volt_c_locale_leave(scope);
	fprintf(out, "%s%s", buffer, strpbrk(buffer, ".e") ? "" : ".0");
}

void disassemble_constant(FILE *out, const volt_constant *constant) {
	switch (constant->tag) {
	case VOLT_CONSTANT_NIL: fputs("nil", out); break;
	case VOLT_CONSTANT_BOOL: fputs(constant->bits ? "true" : "false", out); break;
	case VOLT_CONSTANT_INT: fprintf(out, "%" PRId64, (int64_t)constant->bits); break;
	case VOLT_CONSTANT_FLOAT: write_float(out, constant->bits); break;
	case VOLT_CONSTANT_STRING: disassemble_string(out, constant->text); break;
	case VOLT_CONSTANT_TAG_COUNT: break;
	}
}
