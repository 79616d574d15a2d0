/* The facts of `explain` as text: how functions end, whether they are compiled, where they loop, what is
 * live. */
#include "cli/explain_facts.h"

#include "bytecode/model/printable.h"

static void write_exits(FILE *out, const module_facts *module, uint32_t index) {
	const function_exits *exits = &module->exits[index];
	if (volt_exits_class(exits) == EXITS_NOTHING)
		fputs("\tnever exits\n", out);
	if (exits->wait.present) {
		fputs("\tmay wait: ", out);
		volt_exits_write_reason(out, module->bytecode, module->exits, true, index);
		fputc('\n', out);
	}
	if (exits->panic.present) {
		fprintf(out, "\t%s: ", exits->wait.present ? "may panic" : "panic only");
		volt_exits_write_reason(out, module->bytecode, module->exits, false, index);
		fputc('\n', out);
	}
}

/* In the preset `unwind`, which does not know what natives are bound to. */
static const char *way_of_exits(const module_facts *module, uint32_t index) {
	if (facts_unwinds(module, index))
		return "exits unwind";
	return module->exits[index].wait.present ? "returns a status, since it may wait"
	                                         : "returns a status, since a host's natives may wait";
}

static void write_compiled(FILE *out, const module_facts *module, uint32_t index) {
	char reason[BUDGET_REASON_SIZE];
	bool has_reason = volt_function_shape_reason(&module->shapes[index], reason);
	if (module->shapes[index].refusal) {
		fprintf(out, "\tinterpreted: %s\n", reason);
		return;
	}
	if (has_reason)
		fprintf(out, "\tnever optimised: %s\n", reason);
	const char *before = "\tcompiled; also leaves on: ";
	function_facts facts = facts_of_function(module, index);
	if (facts.stack_check_pc != STACK_CHECK_NEVER) {
		fprintf(out, "%snative stack (pc %u)", before, facts.stack_check_pc);
		before = ", ";
	}
	if (facts.loop_headers) {
		fprintf(out, "%spre-emption", before);
		before = ", ";
	}
	if (facts.calls_interpreted) {
		const printable name =
		    volt_printable(module->bytecode->functions.items[facts.interpreted_callee].name);
		fprintf(out, "%sa callee that is interpreted (%s at pc %u)", before, name.text,
		        facts.interpreted_call);
		before = ", ";
	}
	fputs(before[0] == ',' ? "\n" : "\tcompiled\n", out);
	fprintf(out, "\twith --preset=unwind: %s\n", way_of_exits(module, index));
}

static void write_loops(FILE *out, const control_flow *flow) {
	const char *before = "\tloop headers: pc ";
	for (uint32_t i = 0; i < flow->block_count; i++)
		if (flow->blocks[i].is_loop_header) {
			fprintf(out, "%s%u", before, flow->blocks[i].first);
			before = ", ";
		}
	if (before[0] == ',')
		fputc('\n', out);
}

static void write_function(FILE *out, const module_facts *module, uint32_t index) {
	volt_text file;
	uint32_t line;
	fprintf(out, "%s (#%u)", volt_printable(module->bytecode->functions.items[index].name).text, index);
	if (volt_module_find_line(module->bytecode, index, 0, &file, &line))
		fprintf(out, " %s:%u", volt_printable(file).text, line);
	fputc('\n', out);
	write_exits(out, module, index);
	write_compiled(out, module, index);
	control_flow flow;
	volt_control_flow_compute(&module->bytecode->functions.items[index], &flow);
	write_loops(out, &flow);
	volt_control_flow_dispose(&flow);
}

static void write_live(FILE *out, const live_slots *live) {
	fputs(live->range_count ? "live " : "live -", out);
	for (uint32_t i = 0; i < live->range_count; i++) {
		const slot_range *range = &live->ranges[i];
		fprintf(out, "%sr%u", i ? ", " : "", range->first);
		if (range->last > range->first)
			fprintf(out, "-r%u", range->last);
	}
	if (live->more)
		fprintf(out, " and %u more slots", live->more);
}

typedef struct {
	FILE *out;
	const volt_module *bytecode;
	uint32_t function;
} listing;

enum { INSTRUCTION_COLUMN = 44 };

static void write_line(void *user, const instruction_facts *facts) {
	const listing *to = user;
	volt_text file;
	uint32_t line;
	char number[16] = "-";
	if (volt_module_find_line(to->bytecode, to->function, facts->pc, &file, &line))
		snprintf(number, sizeof number, "%u", line);
	fprintf(to->out, "%6s%6u%6s  %-*s  ", facts->is_loop_header ? "loop" : "", facts->pc, number,
	        INSTRUCTION_COLUMN, facts->text);
	if (facts->live)
		write_live(to->out, facts->live);
	else
		fputs("never reached", to->out);
	fputc('\n', to->out);
}

static void write_listing(FILE *out, const module_facts *module, uint32_t index) {
	listing to = {out, module->bytecode, index};
	fprintf(out, "\n%12s%6s  %-*s  %s\n", "pc", "line", INSTRUCTION_COLUMN, "instruction",
	        "slots that may still be read before it");
	const char *everything = facts_visit_instructions(module, index, write_line, &to);
	if (everything)
		fprintf(out, "\nEvery slot counts as live everywhere: %s.\n", everything);
}

/* What the words mean that stand above. */
static void write_legend(FILE *out) {
	fputs("\nexit: compiled code ends with a status, and the interpreter goes on with its frames\n"
	      "may wait: the fiber may sleep there; panic only: no other exit of the program's own\n"
	      "natives: those of this library, as volt natives lists them; a host may have others of the same "
	      "names\n"
	      "native stack: too little of it is left at this pc; pre-emption: at a loop header, when the time "
	      "slice is over\n"
	      "loop: a loop begins there; live: slots of the frame that an exit there has to keep\n",
	      out);
}

void explain_write_text(FILE *out, const module_facts *module, int64_t function) {
	if (function >= 0) {
		write_function(out, module, (uint32_t)function);
		write_listing(out, module, (uint32_t)function);
		write_legend(out);
		return;
	}
	for (uint32_t i = 0; i < module->bytecode->functions.count; i++)
		write_function(out, module, i);
}
