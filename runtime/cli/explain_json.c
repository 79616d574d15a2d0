/* The facts of `explain` as JSON: an array with an object for each function. */
#include <jansson.h>

#include "cli/explain_facts.h"

static json_t *text_value(volt_text text) {
	return json_stringn(text.bytes, text.length);
}

/* From the function to the instruction that does it; the longest chains are cut short in the middle. */
static json_t *chain(const module_facts *module, bool waits, uint32_t index) {
	enum { LONGEST_CHAIN = 32 };
	const exit_reason *reason = waits ? &module->exits[index].wait : &module->exits[index].panic;
	if (!reason->present)
		return json_null();
	json_t *links = json_array();
	exit_link link = {index, reason->pc};
	bool more = true;
	while (more) {
		const volt_function *function = &module->bytecode->functions.items[link.function];
		json_array_append_new(links, json_pack("{s:o, s:I, s:s}", "function", text_value(function->name),
		                                       "pc", (json_int_t)link.pc, "opcode",
		                                       volt_opcode_get_info(function->code.items[link.pc].op)->name));
		if (json_array_size(links) == LONGEST_CHAIN && reason->depth > LONGEST_CHAIN) {
			link = reason->origin;
			continue;
		}
		more = json_array_size(links) <= LONGEST_CHAIN && volt_exits_next_link(module->exits, waits, &link);
	}
	return links;
}

static json_t *leaving(const module_facts *module, uint32_t index) {
	json_t *reasons = json_array();
	function_facts facts = facts_of_function(module, index);
	if (facts.stack_check_pc != STACK_CHECK_NEVER)
		json_array_append_new(reasons, json_string("native stack"));
	if (facts.loop_headers)
		json_array_append_new(reasons, json_string("pre-emption"));
	if (facts.calls_interpreted)
		json_array_append_new(reasons, json_string("interpreted callee"));
	return reasons;
}

static json_t *loop_headers(const module_facts *module, uint32_t index) {
	json_t *headers = json_array();
	control_flow flow;
	volt_control_flow_compute(&module->bytecode->functions.items[index], &flow);
	for (uint32_t i = 0; i < flow.block_count; i++)
		if (flow.blocks[i].is_loop_header)
			json_array_append_new(headers, json_integer(flow.blocks[i].first));
	volt_control_flow_dispose(&flow);
	return headers;
}

static json_t *live_value(const live_slots *live) {
	json_t *ranges = json_array();
	for (uint32_t i = 0; i < live->range_count; i++)
		json_array_append_new(
		    ranges, json_pack("[I, I]", (json_int_t)live->ranges[i].first, (json_int_t)live->ranges[i].last));
	return ranges;
}

/* `file` only where its name is UTF-8. */
static void add_place(json_t *object, const volt_module *bytecode, uint32_t function, uint32_t pc,
                      bool has_file) {
	volt_text file;
	uint32_t line;
	if (!volt_module_find_line(bytecode, function, pc, &file, &line))
		return;
	json_t *name = has_file ? text_value(file) : NULL;
	if (name)
		json_object_set_new(object, "file", name);
	json_object_set_new(object, "line", json_integer(line));
}

typedef struct {
	json_t *lines;
	const volt_module *bytecode;
	uint32_t function;
} listing;

static void append_instruction(void *user, const instruction_facts *facts) {
	const listing *to = user;
	json_t *line = json_pack("{s:I, s:s, s:o}", "pc", (json_int_t)facts->pc, "text", facts->text, "live",
	                         facts->live ? live_value(facts->live) : json_null());
	if (facts->live && facts->live->more)
		json_object_set_new(line, "more_live", json_integer(facts->live->more));
	add_place(line, to->bytecode, to->function, facts->pc, false);
	json_array_append_new(to->lines, line);
}

static void add_instructions(json_t *object, const module_facts *module, uint32_t index) {
	json_t *lines = json_array();
	listing to = {lines, module->bytecode, index};
	const char *everything = facts_visit_instructions(module, index, append_instruction, &to);
	json_object_set_new(object, "everything_live", everything ? json_string(everything) : json_null());
	json_object_set_new(object, "instructions", lines);
}

static json_t *function_value(const module_facts *module, uint32_t index) {
	static const char *const classes[] = {
	    [EXITS_NOTHING] = "nothing",
	    [EXITS_PANIC] = "panic",
	    [EXITS_WAIT] = "wait",
	};
	const function_shape *shape = &module->shapes[index];
	char reason[BUDGET_REASON_SIZE];
	bool has_reason = volt_function_shape_reason(shape, reason);
	json_t *value = json_pack(
	    "{s:o, s:I, s:s, s:o, s:o, s:b, s:s?, s:s?, s:o, s:o, s:b}", "function",
	    text_value(module->bytecode->functions.items[index].name), "index", (json_int_t)index, "exits",
	    classes[volt_exits_class(&module->exits[index])], "wait", chain(module, true, index), "panic",
	    chain(module, false, index), "compiled", !shape->refusal, "refusal", shape->refusal ? reason : NULL,
	    "not_optimised", has_reason && !shape->refusal ? reason : NULL, "also_leaves_on",
	    shape->refusal ? json_array() : leaving(module, index), "loop_headers", loop_headers(module, index),
	    "unwinds", !shape->refusal && facts_unwinds(module, index));
	add_place(value, module->bytecode, index, 0, true);
	return value;
}

void explain_write_json(FILE *out, const module_facts *module, int64_t function) {
	json_t *functions = json_array();
	for (uint32_t i = 0; i < module->bytecode->functions.count; i++)
		if (function < 0 || function == i)
			json_array_append_new(functions, function_value(module, i));
	if (function >= 0)
		add_instructions(json_array_get(functions, 0), module, (uint32_t)function);
	json_dumpf(functions, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	fputc('\n', out);
	json_decref(functions);
}
