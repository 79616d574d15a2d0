/* Lays out memory (layout.h), the context (volt/tier.h) and the registers of the emulated machine. */
#include "machine.h"

#include <string.h>

#include "layout.h"
#include "volt/tier.h"

enum { RESULT_MAXIMUM = 256 };

/* What is at CALL_BASE. */
typedef struct {
	volt_context context;
	volt_slot arguments[ARGUMENT_MAXIMUM];
	volt_slot results[RESULT_MAXIMUM];
} call_area;

enum {
	CALL_PAGES = (sizeof(call_area) + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE,
	ARGUMENTS_BASE = CALL_BASE + offsetof(call_area, arguments),
	RESULTS_BASE = CALL_BASE + offsetof(call_area, results),
};

volt_error *machine_failure(uc_err code, const char *what) {
	return code ? volt_error_new(VOLT_ERROR_MEMORY, "%s: %s", what, uc_strerror(code)) : NULL;
}

/* ---- Memory ---- */

static uc_err map_section(uc_engine *machine, const object_file *object, const loaded_section *section) {
	uint64_t pages = (section->size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	uint32_t protection =
	    UC_PROT_READ | (section->is_writable ? UC_PROT_WRITE : 0) | (section->is_code ? UC_PROT_EXEC : 0);
	uc_err code = uc_mem_map(machine, section->address, pages, protection);
	return code ? code
	            : uc_mem_write(machine, section->address, object->image + (section->address - IMAGE_BASE),
	                           pages);
}

static uc_err map_memory(uc_engine *machine, const object_file *object) {
	static const struct {
		uint64_t base, size;
		uint32_t protection;
	} regions[] = {
	    {OUTSIDE_BASE, OUTSIDE_SIZE, UC_PROT_READ | UC_PROT_EXEC},
	    {CALL_BASE, CALL_PAGES, UC_PROT_READ | UC_PROT_WRITE},
	    {GLOBALS_BASE, GLOBALS_SIZE, UC_PROT_READ | UC_PROT_WRITE},
	    {FIBER_STACK_BASE, FIBER_STACK_SIZE, UC_PROT_READ | UC_PROT_WRITE},
	    {NATIVE_STACK_BASE, NATIVE_STACK_SIZE, UC_PROT_READ | UC_PROT_WRITE},
	    {DATA_BASE, DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE},
	    {INNER_TABLE_BASE, INNER_TABLE_SIZE, UC_PROT_READ},
	    {OFFSET_TABLE_BASE, OFFSET_TABLE_SIZE, UC_PROT_READ},
	};
	uc_err code = UC_ERR_OK;
	for (size_t i = 0; i < sizeof regions / sizeof regions[0] && !code; i++)
		code = uc_mem_map(machine, regions[i].base, regions[i].size, regions[i].protection);
	for (size_t i = 0; i < object->section_count && !code; i++)
		if (object->sections[i].address)
			code = map_section(machine, object, &object->sections[i]);
	return code;
}

/*
 * The object does not say how many slots the frame has. No compiled code reads the stack pointer: only the
 * host does, at an exit, and an exit ends the count.
 */
static uc_err write_call_area(uc_engine *machine, const counted_call *call) {
	call_area area = {
	    .context =
	        {
	            .stack = volt_slot_pointer(FIBER_STACK_BASE),
	            .stack_capacity = FIBER_STACK_SIZE / sizeof(volt_slot),
	            .stack_pointer = call->argument_count,
	            .globals = volt_slot_pointer(GLOBALS_BASE),
	            .native_stack_limit = NATIVE_STACK_BASE + NATIVE_STACK_MARGIN,
	            .forced_exits_left = UINT64_MAX,
	        },
	};
	memcpy(area.arguments, call->arguments, sizeof area.arguments);
	return uc_mem_write(machine, CALL_BASE, &area, sizeof area);
}

/* What the host defines as volt_inner_table. */
static uc_err write_inner_table(uc_engine *machine, const object_file *object) {
	enum { COUNT = INNER_TABLE_SIZE / sizeof(uint64_t) };
	static uint64_t table[COUNT];
	object_inner_forms(object, table, COUNT);
	return uc_mem_write(machine, INNER_TABLE_BASE, table, sizeof table);
}

static uc_err write_offset_table(uc_engine *machine, const object_file *object) {
	enum { COUNT = OFFSET_TABLE_SIZE / sizeof(uint64_t) };
	static uint64_t table[COUNT];
	object_offset_table(object, table, COUNT);
	return uc_mem_write(machine, OFFSET_TABLE_BASE, table, sizeof table);
}

static uc_err write_data(uc_engine *machine, const counted_call *call) {
	return call->data_size ? uc_mem_write(machine, DATA_BASE, call->data, call->data_size) : UC_ERR_OK;
}

/* ---- Registers ---- */

static uc_err write_register(uc_engine *machine, int number, uint64_t value) {
	return uc_reg_write(machine, number, &value);
}

/* As at the callee's first instruction: x86-64's stack is 8 beyond a multiple of 16 then. */
static uc_err write_return_address(uc_engine *machine, const target_description *target) {
	uint64_t top = NATIVE_STACK_BASE + NATIVE_STACK_SIZE - PAGE_SIZE;
	uint64_t address = OUTSIDE_BASE;
	if (target->link >= 0) {
		uc_err code = write_register(machine, target->link, address);
		return code ? code : write_register(machine, target->stack_pointer, top);
	}
	top -= sizeof address;
	uc_err code = uc_mem_write(machine, top, &address, sizeof address);
	return code ? code : write_register(machine, target->stack_pointer, top);
}

static uc_err write_registers(uc_engine *machine, const target_description *target) {
	static const uint64_t arguments[] = {CALL_BASE, ARGUMENTS_BASE, RESULTS_BASE};
	uc_err code = write_return_address(machine, target);
	for (int i = 0; i < 3 && !code; i++)
		code = write_register(machine, target->arguments[i], arguments[i]);
	return code;
}

volt_error *machine_new(const object_file *object, const counted_call *call, uc_engine **machine) {
	const target_description *target = object->target;
	*machine = NULL;
	uc_err code = uc_open(target->architecture, target->mode, machine);
	if (!code)
		code = uc_ctl_set_cpu_model(*machine, target->processor);
	if (!code)
		code = map_memory(*machine, object);
	if (!code)
		code = write_call_area(*machine, call);
	if (!code)
		code = write_inner_table(*machine, object);
	if (!code)
		code = write_offset_table(*machine, object);
	if (!code)
		code = write_data(*machine, call);
	if (!code)
		code = write_registers(*machine, target);
	return machine_failure(code, "cannot make the emulated machine");
}

volt_error *machine_results(uc_engine *machine, const target_description *target, uint32_t *status,
                            volt_slot *result) {
	uint64_t value = 0;
	uc_err code = uc_reg_read(machine, target->status, &value);
	if (!code)
		code = uc_mem_read(machine, RESULTS_BASE, result, sizeof *result);
	*status = (uint32_t)value;
	return machine_failure(code, "cannot read results");
}
