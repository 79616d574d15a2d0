/*
 * Reasons of the instructions themselves come from the table of opcodes; from there they spread to callers,
 * nearest first, so every chain is as short as it can be.
 */
#include "analysis/exits.h"

#include <stdlib.h>

#include "analysis/reachability.h"
#include "bytecode/model/printable.h"

enum { NO_CALLEE = UINT32_MAX, CALLEE_IS_CLOSURE = 1 };

static const volt_operand *find_operand(volt_instruction instruction, volt_operand_role role) {
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	while (operand->role != VOLT_OPERAND_NONE && operand->role != role)
		operand++;
	return operand->role == role ? operand : NULL;
}

static bool is_deferring(volt_instruction instruction) {
	return instruction.op == VOLT_OP_DeferPush || instruction.op == VOLT_OP_ErrDeferPush;
}

/* The function whose code will run because of this instruction, as part of this function; if it is known. */
static uint32_t known_callee(volt_instruction instruction) {
	const volt_operand *operand = NULL;
	if (volt_opcode_get_info(instruction.op)->effects & VOLT_EFFECT_CALLS)
		operand = find_operand(instruction, VOLT_OPERAND_FUNCTION);
	else if (is_deferring(instruction) && !(instruction.flags & CALLEE_IS_CLOSURE))
		operand = find_operand(instruction, VOLT_OPERAND_CALLEE);
	return operand ? (uint32_t)volt_instruction_get(instruction, operand->field) : NO_CALLEE;
}

/*
 * What the instruction does itself. A call of a known function does what that does (its stack overflow is the
 * machine's), and a Return what the deferred calls do. A deferred closure may do anything.
 */
static unsigned own_effects(volt_instruction instruction, const bool *never_wait) {
	if (known_callee(instruction) != NO_CALLEE || instruction.op == VOLT_OP_Return)
		return 0;
	if (is_deferring(instruction))
		return VOLT_EFFECT_PANICS | VOLT_EFFECT_BLOCKS;
	const unsigned effects = volt_opcode_get_info(instruction.op)->effects;
	if (instruction.op == VOLT_OP_CallExtern && never_wait && never_wait[instruction.b])
		return effects & ~(unsigned)VOLT_EFFECT_BLOCKS;
	return effects;
}

/* ---- Calls between functions, by callee ---- */

typedef struct {
	uint32_t caller;
	uint32_t pc;
} call_edge;

typedef struct {
	uint32_t *first; /* by callee: where its callers begin in `edges`; one more at the end */
	call_edge *edges;
} call_graph;

typedef void call_visitor(call_graph *graph, uint32_t callee, call_edge edge);

static bool visit_calls(const volt_module *module, call_graph *graph, call_visitor *visit) {
	for (uint32_t caller = 0; caller < module->functions.count; caller++) {
		const volt_function *function = &module->functions.items[caller];
		bool *reachable = volt_reachable_instructions(function);
		if (!reachable)
			return false;
		for (uint32_t pc = 0; pc < function->code.count; pc++) {
			uint32_t callee = reachable[pc] ? known_callee(function->code.items[pc]) : NO_CALLEE;
			if (callee != NO_CALLEE)
				visit(graph, callee, (call_edge){caller, pc});
		}
		free(reachable);
	}
	return true;
}

static void count_call(call_graph *graph, uint32_t callee, call_edge edge) {
	(void)edge;
	graph->first[callee + 1]++;
}

static void add_call(call_graph *graph, uint32_t callee, call_edge edge) {
	graph->edges[graph->first[callee]++] = edge;
}

static bool add_calls(const volt_module *module, call_graph *graph) {
	uint32_t count = module->functions.count;
	for (uint32_t i = 0; i < count; i++)
		graph->first[i + 1] += graph->first[i];
	graph->edges = calloc((size_t)graph->first[count] + 1, sizeof(call_edge));
	if (!graph->edges || !visit_calls(module, graph, add_call))
		return false;
	/* Each entry has moved to where the next one began. */
	for (uint32_t i = count; i > 0; i--)
		graph->first[i] = graph->first[i - 1];
	graph->first[0] = 0;
	return true;
}

/* False: no memory. The caller frees what is there. */
static bool make_call_graph(const volt_module *module, call_graph *graph) {
	*graph = (call_graph){.first = calloc((size_t)module->functions.count + 2, sizeof(uint32_t))};
	return graph->first && visit_calls(module, graph, count_call) && add_calls(module, graph);
}

/* ---- Reasons ---- */

static exit_reason by_itself(uint32_t function, uint32_t pc) {
	return (exit_reason){true, pc, EXIT_BY_ITSELF, 0, {function, pc}};
}

static bool find_own_reasons(const volt_module *module, uint32_t index, const bool *never_wait,
                             function_exits *exits) {
	const volt_function *function = &module->functions.items[index];
	bool *reachable = volt_reachable_instructions(function);
	if (!reachable)
		return false;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		unsigned effects = reachable[pc] ? own_effects(function->code.items[pc], never_wait) : 0;
		if (effects & VOLT_EFFECT_PANICS && !exits->panic.present)
			exits->panic = by_itself(index, pc);
		if (effects & VOLT_EFFECT_BLOCKS && !exits->wait.present)
			exits->wait = by_itself(index, pc);
	}
	free(reachable);
	return true;
}

static exit_reason *reason_of(function_exits *exits, bool waits) {
	return waits ? &exits->wait : &exits->panic;
}

/* Breadth first, from the functions that have a reason of their own. */
static bool spread(const volt_module *module, const call_graph *graph, bool waits, function_exits *exits) {
	uint32_t count = module->functions.count, queued = 0;
	uint32_t *queue = calloc((size_t)count + 1, sizeof *queue);
	if (!queue)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (reason_of(&exits[i], waits)->present)
			queue[queued++] = i;
	for (uint32_t next = 0; next < queued; next++) {
		uint32_t callee = queue[next];
		const exit_reason from = *reason_of(&exits[callee], waits);
		for (uint32_t i = graph->first[callee]; i < graph->first[callee + 1]; i++) {
			call_edge edge = graph->edges[i];
			exit_reason *reason = reason_of(&exits[edge.caller], waits);
			if (reason->present)
				continue;
			*reason = (exit_reason){true, edge.pc, callee, from.depth + 1, from.origin};
			queue[queued++] = edge.caller;
		}
	}
	free(queue);
	return true;
}

static bool compute(const volt_module *module, const bool *never_wait, function_exits *exits) {
	for (uint32_t i = 0; i < module->functions.count; i++)
		if (!find_own_reasons(module, i, never_wait, &exits[i]))
			return false;
	call_graph graph;
	bool complete = make_call_graph(module, &graph) && spread(module, &graph, false, exits) &&
	                spread(module, &graph, true, exits);
	free(graph.first);
	free(graph.edges);
	return complete;
}

function_exits *volt_exits_compute(const volt_module *module, const bool *never_wait) {
	function_exits *exits = calloc((size_t)module->functions.count + 1, sizeof *exits);
	if (exits && compute(module, never_wait, exits))
		return exits;
	free(exits);
	return NULL;
}

exit_class volt_exits_class(const function_exits *exits) {
	if (exits->wait.present)
		return EXITS_WAIT;
	return exits->panic.present ? EXITS_PANIC : EXITS_NOTHING;
}

/* ---- Chains ---- */

static const exit_reason *reason_at(const function_exits *exits, bool waits, uint32_t function) {
	return waits ? &exits[function].wait : &exits[function].panic;
}

bool volt_exits_next_link(const function_exits *exits, bool waits, exit_link *link) {
	uint32_t callee = reason_at(exits, waits, link->function)->callee;
	if (callee == EXIT_BY_ITSELF)
		return false;
	*link = (exit_link){callee, reason_at(exits, waits, callee)->pc};
	return true;
}

/* What the opcode's name alone does not say. */
static void write_detail(FILE *out, const volt_module *module, volt_instruction instruction) {
	if (is_deferring(instruction)) {
		fputs(" (a closure, which may do anything)", out);
	} else if (instruction.op == VOLT_OP_CallExtern) {
		const volt_native_import *native = &module->natives.items[instruction.b];
		fprintf(out, " (native %s%s)", volt_printable(native->name).text,
		        native->is_blocking ? ", marked as blocking" : "; whether it does is up to the host");
	} else if (volt_opcode_get_info(instruction.op)->effects & VOLT_EFFECT_CALLS) {
		fputs(" (what it calls may do anything)", out);
	}
}

void volt_exits_write_reason(FILE *out, const volt_module *module, const function_exits *exits, bool waits,
                             uint32_t function) {
	enum { NAMED_CALLEES = 8 };
	const exit_reason *reason = reason_at(exits, waits, function);
	const volt_function *origin = &module->functions.items[reason->origin.function];
	volt_instruction instruction = origin->code.items[reason->origin.pc];
	fprintf(out, "%s%s at pc %u", reason->depth ? "calls " : "", volt_opcode_get_info(instruction.op)->name,
	        reason->origin.pc);
	write_detail(out, module, instruction);
	exit_link link = {function, reason->pc};
	for (uint32_t i = 0; i < NAMED_CALLEES && volt_exits_next_link(exits, waits, &link); i++) {
		const printable name = volt_printable(module->functions.items[link.function].name);
		fprintf(out, "%s%s", i ? ", " : " through ", name.text);
	}
	if (reason->depth > NAMED_CALLEES)
		fprintf(out, " and %u more", reason->depth - NAMED_CALLEES);
}
