/* The tier's part of a run's statistics. */
#include "tier/statistics.h"

#include "exec/vm.h"
#include "tier/state.h"

static json_t *exit_counts(const tier_state *state) {
	static const char *const names[] = {
	    [VOLT_STATUS_PANIC] = "panic",     [VOLT_STATUS_CALL] = "call",
	    [VOLT_STATUS_WAIT_IO] = "wait_io", [VOLT_STATUS_WAIT_QUEUE] = "wait_queue",
	    [VOLT_STATUS_REPLAY] = "replay",   [VOLT_STATUS_YIELD] = "yield",
	};
	json_t *counts = json_object();
	for (int status = VOLT_STATUS_PANIC; status <= VOLT_STATUS_YIELD; status++)
		json_object_set_new(counts, names[status], json_integer((json_int_t)state->exits[status]));
	return counts;
}

/* A function says why it stays interpreted, or what compiling it gave. */
static json_t *function_statistics(const volt_module *module, const tier_state *state, uint32_t index) {
	volt_text name = module->functions.items[index].name;
	const volt_compiled *compiled = &state->compiled[index];
	json_t *entry = json_pack("{s:i, s:s%, s:s}", "index", (int)index, "name", name.bytes,
	                          (size_t)name.length, "level", compiled->entry ? "compiled" : "interpreted");
	if (!compiled->entry) {
		json_object_set_new(entry, "reason",
		                    json_string(compiled->reason ? compiled->reason : "not compiled"));
		return entry;
	}
	json_object_set_new(entry, "code_bytes", json_integer((json_int_t)compiled->code_bytes));
	json_object_set_new(entry, "compile_ms", json_real((double)compiled->compile_nanoseconds / 1e6));
	return entry;
}

json_t *tier_statistics(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	if (!state || !state->interface)
		return json_null();
	json_t *functions = json_array();
	for (uint32_t i = 0; i < vm->module->functions.count; i++)
		json_array_append_new(functions, function_statistics(vm->module, state, i));
	return json_pack("{s:s, s:I, s:o, s:f, s:o}", "name", state->interface->name, "entries",
	                 (json_int_t)state->entries, "exits", exit_counts(state), "compile_ms",
	                 (double)state->compile_nanoseconds / 1e6, "functions", functions);
}
