/* The hooks that count, and what ends a count. */
#include "count.h"

#include <inttypes.h>

#include "layout.h"
#include "machine.h"
#include "volt/tier.h"

typedef struct {
	const object_file *object;
	uint64_t limit;
	executed_instruction *executed; /* NULL: not asked for */
	dynamic_counts counts;
	uint64_t current; /* address of the instruction that executes; 0: none yet */
	uint64_t next;    /* address after it */
	bool has_loaded, has_stored;
	uint64_t outside; /* address outside of compiled code that was reached; 0: none */
	bool is_over_limit;
} call_counter;

/* ---- Hooks ---- */

static void count_branch(call_counter *counter, uint64_t successor) {
	if (counter->current && successor != counter->next)
		counter->counts.taken_branches++;
}

static instruction_traits traits_at(const object_file *object, uint64_t address, size_t size) {
	uint64_t offset = address - IMAGE_BASE;
	if (offset > object->image_size || size > object->image_size - offset)
		return (instruction_traits){0};
	return object->target->traits(object->image + offset, size);
}

static void note_executed(call_counter *counter, uint64_t address, uint32_t size) {
	uint64_t offset = address - IMAGE_BASE;
	if (!counter->executed || offset >= counter->object->image_size)
		return;
	counter->executed[offset].count++;
	counter->executed[offset].size = (uint8_t)size;
}

/* Before each instruction of the object. */
static void on_instruction(uc_engine *machine, uint64_t address, uint32_t size, void *user) {
	call_counter *counter = user;
	instruction_traits traits = traits_at(counter->object, address, size);
	if (traits.is_repeated && address == counter->current)
		return;
	count_branch(counter, address);
	counter->current = address;
	counter->next = address + size;
	counter->has_loaded = counter->has_stored = false;
	if (counter->counts.instructions == counter->limit) {
		counter->is_over_limit = true;
		uc_emu_stop(machine);
		return;
	}
	counter->counts.instructions++;
	counter->counts.calls += traits.is_call;
	note_executed(counter, address, size);
}

/* An emulator may split what one instruction reads: the instruction counts once. */
static void on_access(uc_engine *machine, uc_mem_type type, uint64_t address, int size, int64_t value,
                      void *user) {
	(void)machine, (void)address, (void)size, (void)value;
	call_counter *counter = user;
	bool *has_accessed = type == UC_MEM_WRITE ? &counter->has_stored : &counter->has_loaded;
	uint64_t *count = type == UC_MEM_WRITE ? &counter->counts.stores : &counter->counts.loads;
	*count += !*has_accessed;
	*has_accessed = true;
}

static void on_outside(uc_engine *machine, uint64_t address, uint32_t size, void *user) {
	(void)size;
	((call_counter *)user)->outside = address;
	uc_emu_stop(machine);
}

typedef void (*any_function)(void);

static uc_err add_hook(uc_engine *machine, int type, any_function function, call_counter *counter,
                       uint64_t begin, uint64_t end) {
	uc_hook hook;
	return uc_hook_add(machine, &hook, type, (void *)function, counter, begin, end);
}

static uc_err add_hooks(uc_engine *machine, call_counter *counter) {
	uint64_t image_end = IMAGE_BASE + IMAGE_SIZE_MAXIMUM - 1;
	uint64_t first_symbol = OUTSIDE_BASE + OUTSIDE_STEP, outside_end = OUTSIDE_BASE + OUTSIDE_SIZE - 1;
	uc_err code =
	    add_hook(machine, UC_HOOK_CODE, (any_function)on_instruction, counter, IMAGE_BASE, image_end);
	if (!code)
		code = add_hook(machine, UC_HOOK_CODE, (any_function)on_outside, counter, first_symbol, outside_end);
	if (!code) /* everywhere: the end is below the beginning */
		code =
		    add_hook(machine, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (any_function)on_access, counter, 1, 0);
	return code;
}

/* ---- Ends ---- */

static const char *status_name(uint32_t status) {
	static const char *const names[VOLT_STATUS_COUNT] = {
#define STATUS(ENUMERATOR, number, name, meaning) [VOLT_STATUS_##ENUMERATOR] = #ENUMERATOR ": " meaning,
	    VOLT_STATUSES(STATUS)
#undef STATUS
	};
	return status < VOLT_STATUS_COUNT ? names[status] : "unknown";
}

static volt_error *at_current(const call_counter *counter, volt_error *error) {
	uint64_t start = 0;
	const char *name = object_function_at(counter->object, counter->current, &start);
	if (!name)
		return error;
	return volt_error_prefix(error, "%s+0x%" PRIx64, name, counter->current - start);
}

static volt_error *check_end(const call_counter *counter, uc_err code) {
	if (counter->is_over_limit)
		return volt_error_new(VOLT_ERROR_LIMIT, "the call executes more than %" PRIu64 " instructions",
		                      counter->limit);
	if (counter->outside) {
		const char *name = object_outside_name(counter->object, counter->outside);
		return volt_error_new(VOLT_ERROR_ARGUMENT, "compiled code calls %s, which is not there when counting",
		                      name ? name : "an unknown address");
	}
	return code ? volt_error_new(VOLT_ERROR_FORMAT, "the emulated code failed: %s", uc_strerror(code)) : NULL;
}

static volt_error *take_results(uc_engine *machine, call_counter *counter) {
	uint32_t status = 0;
	volt_error *error = machine_results(machine, counter->object->target, &status, &counter->counts.result);
	if (!error && status != VOLT_STATUS_OK)
		error =
		    volt_error_new(VOLT_ERROR_ARGUMENT, "the call left compiled code with status %" PRIu32 " (%s)",
		                   status, status_name(status));
	return error;
}

static volt_error *run(uc_engine *machine, const counted_call *call, call_counter *counter) {
	volt_error *error = machine_failure(add_hooks(machine, counter), "cannot observe the emulated machine");
	if (error)
		return error;
	uc_err code = uc_emu_start(machine, call->entry, OUTSIDE_BASE, 0, 0);
	error = check_end(counter, code);
	if (error)
		return at_current(counter, error);
	count_branch(counter, OUTSIDE_BASE);
	return take_results(machine, counter);
}

volt_error *count_call(const object_file *object, const counted_call *call, dynamic_counts *counts) {
	call_counter counter = {.object = object, .limit = call->instruction_limit, .executed = call->executed};
	uc_engine *machine = NULL;
	volt_error *error = machine_new(object, call, &machine);
	if (!error)
		error = run(machine, call, &counter);
	if (machine)
		uc_close(machine);
	*counts = counter.counts;
	return error;
}
