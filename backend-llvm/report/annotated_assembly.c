/* Assembly with comments that say what it comes from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"
#include "ir/source_lines.h"
#include "report/assembly.h"
#include "report/listing.h"
#include "report/placed_text.h"
#include "volt/vot.h"

/* Long constants are cut off. */
static void write_instruction(FILE *out, const volt_module *bytecode, uint32_t function, uint32_t pc) {
	char text[100];
	const size_t length =
	    volt_instruction_format(bytecode, &bytecode->functions.items[function], pc, text, sizeof text);
	fprintf(out, "%s%s\n", volt_printable((volt_text){text, (uint32_t)strlen(text)}).text,
	        length < sizeof text ? "" : " ...");
}

/* "# fib pc 5 fib.vot:12: AddI r1, r0, r0"; a # begins a comment in the assembly of both machines. */
static void write_place(FILE *out, instruction_finder *finder, uint32_t number) {
	const volt_module *bytecode = finder->bytecode;
	uint32_t line;
	volt_text file;
	if (!instruction_find(finder, number))
		return;
	const uint32_t function = finder->function, pc = finder->pc;
	fprintf(out, "# %s pc %u", volt_printable(bytecode->functions.items[function].name).text, pc);
	if (volt_module_find_line(bytecode, function, pc, &file, &line))
		fprintf(out, " %s:%u", volt_printable(file).text, line);
	fputs(": ", out);
	write_instruction(out, bytecode, function, pc);
}

static bool starts_block(const placed_line *line) {
	bool is_cold;
	return assembly_starts_block(line->text, line->length, &is_cold);
}

/* The first code of each block says where it comes from. */
static void write_lines(FILE *out, const placed_text *assembly, const volt_module *bytecode) {
	instruction_finder finder = {.bytecode = bytecode};
	uint32_t last = 0;
	for (size_t i = 0; i < assembly->count; i++) {
		const placed_line *line = &assembly->lines[i];
		if (starts_block(line))
			last = 0;
		if (line->number != 0 && line->number != last) {
			write_place(out, &finder, line->number);
			last = line->number;
		}
		fwrite(line->text, 1, line->length + 1, out);
	}
}

static volt_error *annotate(const placed_text *assembly, const volt_module *bytecode, char **text,
                            size_t *size) {
	FILE *out = open_memstream(text, size);
	bool failed = !out;
	if (out) {
		write_lines(out, assembly, bytecode);
		failed = ferror(out);
		failed |= fclose(out) != 0;
	}
	if (!failed)
		return NULL;
	if (out)
		free(*text);
	*text = NULL;
	return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the assembly");
}

volt_error *unit_annotated_assembly(const unit_pair *units, LLVMTargetMachineRef machine, char **text,
                                    size_t *size) {
	placed_text assembly;
	volt_error *error = unit_placed_assembly(units, machine, &assembly);
	if (error)
		return error;
	error = annotate(&assembly, units->plain->lowering.bytecode, text, size);
	placed_text_dispose(&assembly);
	return error;
}
