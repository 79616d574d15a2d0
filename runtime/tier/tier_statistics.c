/* The tier's part of a run's statistics. */
#include "tier/tier_statistics.h"

#include "state/vm_state.h"
#include "tier/counters.h"
#include "tier/state.h"

static const char *const status_names[VOLT_STATUS_COUNT] = {
#define STATUS(ENUMERATOR, number, name, meaning) [VOLT_STATUS_##ENUMERATOR] = (name),
    VOLT_STATUSES(STATUS)
#undef STATUS
};

static json_t *number(uint64_t value) {
	return json_integer((json_int_t)value);
}

static json_t *milliseconds(uint64_t nanoseconds) {
	return json_real((double)nanoseconds / 1e6);
}

static json_t *exit_counts(const uint64_t counts[VOLT_STATUS_COUNT]) {
	json_t *object = json_object();
	for (int status = VOLT_STATUS_OK + 1; status < VOLT_STATUS_COUNT; status++)
		json_object_set_new(object, status_names[status], number(counts[status]));
	return object;
}

/* ---- One function ---- */

/* Exits by status, and the sites where they happened: the pc is where the frame goes on. */
static void add_exits(json_t *entry, const function_profile *profile, uint32_t instructions) {
	uint64_t total[VOLT_STATUS_COUNT] = {0};
	json_t *sites = json_array();
	for (uint32_t pc = 0; profile->exits && pc <= instructions; pc++) {
		for (int status = VOLT_STATUS_OK + 1; status < VOLT_STATUS_COUNT; status++) {
			uint64_t count = profile->exits[pc][status];
			total[status] += count;
			if (count)
				json_array_append_new(sites, json_pack("{s:i, s:s, s:o}", "pc", (int)pc, "status",
				                                       status_names[status], "count", number(count)));
		}
	}
	json_object_set_new(entry, "exits", exit_counts(total));
	json_object_set_new(entry, "exit_sites", sites);
}

static void add_entries(json_t *entry, const function_profile *profile) {
	json_object_set_new(entry, "entered",
	                    json_pack("{s:o, s:o, s:o}", "call", number(profile->entered[ENTERED_BY_CALL]),
	                              "loop", number(profile->entered[ENTERED_AT_LOOP]), "resume",
	                              number(profile->entered[ENTERED_BY_RESUME])));
}

/* Exact where code is compiled as it gets hot: until the function is optimised, or part of an optimised one.
 */
static void add_heat(const volt_vm *vm, json_t *entry, uint32_t index, const function_profile *profile) {
	static const char *const levels[] = {NULL, "quick", "optimised"};
	const volt_level called = profile->requested[VOLT_FORM_CALL];
	const volt_level wanted = called ? called : profile->requested[VOLT_FORM_RESUME];
	if (!vm->context.heat)
		return;
	json_object_set_new(entry, "counted_calls", number(tier_count_of(vm, index, HEAT_OF_CALLS)));
	json_object_set_new(entry, "counted_loops", number(tier_count_of(vm, index, HEAT_OF_LOOPS)));
	if (wanted)
		json_object_set_new(entry, "wanted", json_string(levels[wanted]));
}

static const char *level_name(const compiled_form *form) {
	if (!form->compiled.entry)
		return "interpreted";
	if (form->whole_module)
		return "compiled";
	return form->level == VOLT_LEVEL_QUICK ? "quick" : "optimised";
}

/* From the request to the publication, by level. */
static json_t *latencies(const compiled_form *form) {
	json_t *object = json_object();
	if (form->latencies[VOLT_LEVEL_QUICK])
		json_object_set_new(object, "quick", milliseconds(form->latencies[VOLT_LEVEL_QUICK]));
	if (form->latencies[VOLT_LEVEL_OPTIMISED])
		json_object_set_new(object, "optimised", milliseconds(form->latencies[VOLT_LEVEL_OPTIMISED]));
	return object;
}

static json_t *form_statistics(const compiled_form *form) {
	return json_pack("{s:s, s:o, s:o, s:o}", "level", level_name(form), "code_bytes",
	                 number(form->compiled.code_bytes), "compile_ms", milliseconds(form->nanoseconds),
	                 "published_after_ms", latencies(form));
}

/* Why the function is no further than it is; NULL: there is no reason why it should be. */
static const char *reason_of(const tier_state *state, const function_profile *profile,
                             const compiled_form forms[VOLT_FORM_COUNT]) {
	const compiled_form *called = &forms[VOLT_FORM_CALL], *resumed = &forms[VOLT_FORM_RESUME];
	if (profile->is_withdrawn)
		return "withdrawn: exits leave it again before it has run around a loop";
	if (profile->is_refused)
		return "refused: most of its calls and loops stop at a channel";
	if (called->under_way || resumed->under_way)
		return "being compiled when the program ended";
	if (called->waiting || resumed->waiting)
		return "waiting to be compiled when the program ended";
	if (called->compiled.reason || resumed->compiled.reason)
		return called->compiled.reason ? called->compiled.reason : resumed->compiled.reason;
	if (called->compiled.entry || resumed->compiled.entry)
		return NULL;
	const char *failure = state->queue ? compile_queue_report(state->queue).failure : NULL;
	return failure ? failure : "never hot";
}

/* `level`, `code_bytes` and `compile_ms` sum up both forms: what is called, and what continues frames. */
static json_t *function_statistics(const volt_vm *vm, const tier_state *state, uint32_t index) {
	const volt_function *function = &vm->module->functions.items[index];
	const function_profile *profile = &state->functions[index];
	compiled_form forms[VOLT_FORM_COUNT] = {0};
	for (volt_form form = VOLT_FORM_CALL; form < VOLT_FORM_COUNT && state->queue; form++)
		forms[form] = compile_queue_form(state->queue, index, form);
	const compiled_form *called = &forms[VOLT_FORM_CALL], *resumed = &forms[VOLT_FORM_RESUME];
	const compiled_form *best = called->compiled.entry ? called : resumed;
	json_t *entry = json_pack("{s:i, s:s%, s:s}", "index", (int)index, "name", function->name.bytes,
	                          (size_t)function->name.length, "level", level_name(best));
	add_heat(vm, entry, index, profile);
	const char *reason = reason_of(state, profile, forms);
	if (reason)
		json_object_set_new(entry, "reason", json_string(reason));
	if (!best->compiled.entry)
		return entry;
	json_object_set_new(entry, "code_bytes",
	                    number(called->compiled.code_bytes + resumed->compiled.code_bytes));
	json_object_set_new(entry, "compile_ms", milliseconds(called->nanoseconds + resumed->nanoseconds));
	if (called->compiled.entry)
		json_object_set_new(entry, "call_form", form_statistics(called));
	if (resumed->compiled.entry)
		json_object_set_new(entry, "resume_form", form_statistics(resumed));
	add_entries(entry, profile);
	add_exits(entry, profile, function->code.count);
	return entry;
}

/* ---- The run ---- */

static json_t *cache_statistics(const volt_vm *vm, const queue_report *report) {
	const char *folder = vm->options.tier_cache;
	if (!folder)
		return json_null();
	json_t *entry = json_pack("{s:o, s:o, s:s?}", "hits", number(report->cache_hits), "misses",
	                          number(report->cache_misses), "failure", report->cache_failure);
	json_object_set_new(entry, "folder", json_string(folder));
	return entry;
}

json_t *tier_statistics(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	if (!state)
		return json_null();
	queue_report report = {0};
	if (state->queue)
		report = compile_queue_report(state->queue);
	json_t *functions = json_array();
	for (uint32_t i = 0; i < vm->module->functions.count; i++)
		json_array_append_new(functions, function_statistics(vm, state, i));
	return json_pack("{s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", report.tier_name,
	                 "failure", report.failure, "entries", number(state->entries), "exits",
	                 exit_counts(state->exits), "compile_ms", milliseconds(report.nanoseconds), "compiled",
	                 number(report.compiled_count), "from_cache", number(report.loaded_count),
	                 "not_compilable", number(report.failed_count), "cache", cache_statistics(vm, &report),
	                 "functions", functions);
}
