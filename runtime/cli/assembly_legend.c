/* The numbers that compiled code has in common with its host. A # begins a comment in the assembly of both
 * machines. */
#include "cli/assembly_legend.h"

#include "bytecode/model/printable.h"
#include "volt/tier.h"

static void write_context(FILE *out) {
	fputs("# context of the running fiber, whose address compiled code keeps:\n", out);
#define FIELD(name, type) fprintf(out, "#   +%-3zu %s\n", offsetof(volt_context, name), #name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
}

static void write_statuses(FILE *out) {
	fputs("# statuses that a function ends with:\n", out);
#define STATUS(ENUMERATOR, number, name, meaning) fprintf(out, "#   %d %s: %s\n", number, name, meaning);
	VOLT_STATUSES(STATUS)
#undef STATUS
}

static void write_functions(FILE *out, const volt_module *module, int64_t function) {
	fputs("# functions, as symbols number them (volt_f0_...):\n", out);
	for (uint32_t i = 0; i < module->functions.count; i++) {
		volt_text file;
		uint32_t line;
		if (function >= 0 && function != i)
			continue;
		fprintf(out, "#   f%u %s", i, volt_printable(module->functions.items[i].name).text);
		if (volt_module_find_line(module, i, 0, &file, &line))
			fprintf(out, " %s:%u", volt_printable(file).text, line);
		fputc('\n', out);
	}
}

void assembly_legend_write(FILE *out, const volt_module *module, int64_t function) {
	fputc('\n', out);
	write_context(out);
	write_statuses(out);
	write_functions(out, module, function);
}
