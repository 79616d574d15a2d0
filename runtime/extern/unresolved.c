/* Where an import without a native is used, and what its name may have been meant to be. */
#include "extern/unresolved.h"

#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"

/* ---- Similar names ---- */

enum { LONGEST_COMPARED = 64 };

static unsigned least(unsigned first, unsigned second, unsigned third) {
	const unsigned both = first < second ? first : second;
	return both < third ? both : third;
}

static bool is_same_letter(char left, char right) {
	return left == right || ((left ^ right) == ' ' && (left | ' ') >= 'a' && (left | ' ') <= 'z');
}

/* How many letters have to be added, left out or replaced; upper and lower case are one. */
static unsigned edit_distance(const char *left, size_t left_length, const char *right, size_t right_length) {
	unsigned row[LONGEST_COMPARED + 1];
	for (unsigned i = 0; i <= right_length; i++)
		row[i] = i;
	for (size_t i = 0; i < left_length; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < right_length; j++) {
			const unsigned replaced = diagonal + !is_same_letter(left[i], right[j]);
			diagonal = row[j + 1];
			row[j + 1] = least(replaced, diagonal + 1, row[j] + 1);
		}
	}
	return row[right_length];
}

/* One in four letters may differ. */
similar_name similar_name_to(volt_text wanted) {
	return (similar_name){.wanted = wanted, .distance = wanted.length / 4 + 1};
}

/* Of two that are as similar, the first in the alphabet: the order of a hash table means nothing. */
static void consider_part(similar_name *similar, const char *name, const char *part) {
	const size_t length = strlen(part), wanted = similar->wanted.length;
	const size_t difference = length > wanted ? length - wanted : wanted - length;
	if (length > LONGEST_COMPARED || wanted > LONGEST_COMPARED || wanted < 3 ||
	    difference > similar->distance)
		return;
	const unsigned distance = edit_distance(similar->wanted.bytes, wanted, part, length);
	const bool is_better = similar->name && distance == similar->distance ? strcmp(name, similar->name) < 0
	                                                                      : distance < similar->distance;
	if (is_better) {
		similar->name = name;
		similar->distance = distance;
	}
}

/* "println" may stand for "vo_println". */
void similar_name_consider(similar_name *similar, const char *name) {
	const char *behind_package = strchr(name, '_');
	consider_part(similar, name, name);
	if (behind_package)
		consider_part(similar, name, behind_package + 1);
}

/* ---- Uses ---- */

native_use *native_uses(const volt_module *module) {
	native_use *uses = calloc(module->natives.count + 1ULL, sizeof *uses);
	if (!uses)
		return NULL;
	for (uint32_t i = 0; i < module->functions.count; i++) {
		const volt_function *function = &module->functions.items[i];
		for (uint32_t pc = 0; pc < function->code.count; pc++) {
			const volt_instruction instruction = function->code.items[pc];
			if (instruction.op == VOLT_OP_CallExtern && !uses[instruction.b].is_there)
				uses[instruction.b] = (native_use){i, pc, true};
		}
	}
	return uses;
}

static void append_use(const volt_module *module, const native_use *use, buffer *out) {
	volt_text file;
	uint32_t line;
	buffer_append_format(out, ", called in %s",
	                     volt_printable(module->functions.items[use->function].name).text);
	if (volt_module_find_line(module, use->function, use->pc, &file, &line))
		buffer_append_format(out, " at %s:%u", volt_printable(file).text, line);
	else
		buffer_append_format(out, ", pc %u", use->pc);
}

void unresolved_add(const volt_module *module, uint32_t import, const native_use *use,
                    const similar_name *similar, buffer *out) {
	if (out->length == 0)
		buffer_append_text(out, "unresolved extern functions:");
	buffer_append_format(out, "\n  - [%u] %s", import,
	                     volt_printable(module->natives.items[import].name).text);
	if (use && use->is_there)
		append_use(module, use, out);
	if (similar->name)
		buffer_append_format(out, " (did you mean %s?)", similar->name);
}
