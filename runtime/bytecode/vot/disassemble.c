/* The text form of a whole module: program first, then types and debug information. */
#include "bytecode/vot/disassemble.h"

#include <stdlib.h>

#include "bytecode/model/derived.h"
#include "volt/vot.h"

static void write_transfer_types(FILE *out, const char *name, const volt_transfer_type *types,
                                 uint32_t count) {
	if (!count)
		return;
	fprintf(out, " %s=[", name);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", out);
		disassemble_word(out, types[i].meta);
		fprintf(out, " %u", types[i].slots);
	}
	putc(']', out);
}

static void write_heap_results(FILE *out, const volt_function *function) {
	if (function->heap_result_count != function->heap_result_slots.count)
		fprintf(out, " heap_count=%u", function->heap_result_count);
	if (function->heap_result_start)
		fprintf(out, " heap_start=%u", function->heap_result_start);
	if (!function->heap_result_slots.count)
		return;
	fputs(" heap_slots=[", out);
	for (uint32_t i = 0; i < function->heap_result_slots.count; i++)
		fprintf(out, "%s%u", i ? ", " : "", function->heap_result_slots.items[i]);
	putc(']', out);
}

static void write_header(FILE *out, const volt_function *function) {
	fputs("fn ", out);
	disassemble_name(out, function->name);
	fprintf(out, " params=%u", function->parameter_slots);
	if (function->parameter_count != function->parameter_slots)
		fprintf(out, " param_count=%u", function->parameter_count);
	fprintf(out, " locals=%u results=%u", function->local_slots, function->result_slots);
	if (function->receiver_slots)
		fprintf(out, " receiver=%u", function->receiver_slots);
	write_heap_results(out, function);
	fputs(function->is_closure ? " closure" : "", out);
	if (function->error_result_slot != -1)
		fprintf(out, " error=%d", function->error_result_slot);
	if (function->has_defer != derived_defers(function))
		fprintf(out, " defer=%d", function->has_defer);
	disassemble_slot_types(out, function->slot_types.items, function->slot_types.count);
	write_transfer_types(out, "captures", function->capture_types.items, function->capture_types.count);
	write_transfer_types(out, "param_types", function->parameter_types.items,
	                     function->parameter_types.count);
}

static bool jumps_inside(const volt_function *function, uint32_t pc, uint32_t *target) {
	volt_instruction instruction = function->code.items[pc];
	const volt_opcode_info *info = volt_opcode_get_info(instruction.op);
	if (!info || !(info->effects & VOLT_EFFECT_JUMPS))
		return false;
	int64_t wanted = volt_jump_target(instruction, pc);
	*target = (uint32_t)wanted;
	return wanted >= 0 && wanted < function->code.count;
}

static void write_comment(const disassembler *to, uint32_t function, uint32_t pc, long start) {
	enum { COMMENT_COLUMN = 44 };
	int padding = COMMENT_COLUMN - (int)(ftell(to->out) - start);
	fprintf(to->out, "%*s; %u", padding > 1 ? padding : 1, "", pc);
	const volt_debug_location *location =
	    to->module->has_debug ? volt_module_locate(to->module, function, pc) : NULL;
	if (location && location->pc == pc)
		fprintf(to->out, ", line %u", location->line);
	putc('\n', to->out);
}

static void write_code(const disassembler *to, uint32_t index, bool *is_target) {
	const volt_function *function = &to->module->functions.items[index];
	for (uint32_t pc = 0, target; pc < function->code.count; pc++)
		if (jumps_inside(function, pc, &target))
			is_target[target] = true;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		if (is_target[pc])
			fprintf(to->out, "L%u:\n", pc);
		long start = ftell(to->out);
		putc('\t', to->out);
		disassemble_instruction(to, function, pc);
		write_comment(to, index, pc, start);
	}
}

static void write_function(const disassembler *to, uint32_t index) {
	const volt_function *function = &to->module->functions.items[index];
	bool *is_target = arena_allocate(to->arena, function->code.count, sizeof *is_target);
	fprintf(to->out, "\n; function %u\n", index);
	write_header(to->out, function);
	fputs(" {\n", to->out);
	write_code(to, index, is_target);
	fputs("}\n", to->out);
}

static void write_global(FILE *out, const volt_global *global) {
	fputs("global ", out);
	disassemble_name(out, global->name);
	fprintf(out, " slots=%u kind=%s", global->slots, volt_kind_name(global->kind));
	if (global->meta) {
		fputs(" meta=", out);
		disassemble_word(out, global->meta);
	}
	disassemble_slot_types(out, global->slot_types.items, global->slot_types.count);
	putc('\n', out);
}

static void write_native(FILE *out, const volt_native_import *native) {
	fputs("native ", out);
	disassemble_name(out, native->name);
	fprintf(out, " results=%u", native->result_slots);
	if (native->parameter_slots)
		fprintf(out, " params=%u", native->parameter_slots);
	if (native->is_blocking != derived_blocks(native->name))
		fprintf(out, " blocking=%d", native->is_blocking);
	putc('\n', out);
}

static void write_debug(const disassembler *to) {
	const volt_module *module = to->module;
	fputs("\ndebug {\n", to->out);
	for (uint32_t i = 0; i < module->debug_files.count; i++) {
		fputs("\tfile ", to->out);
		disassemble_string(to->out, module->debug_files.items[i]);
		putc('\n', to->out);
	}
	for (uint32_t i = 0; i < module->function_debug.count; i++) {
		const volt_function_debug *debug = &module->function_debug.items[i];
		fprintf(to->out, "\tfunction {%s", debug->locations.count ? "\n" : "");
		for (uint32_t j = 0; j < debug->locations.count; j++) {
			const volt_debug_location *at = &debug->locations.items[j];
			fprintf(to->out, "\t\tat %u file=%u line=%u column=%u length=%u\n", at->pc, at->file, at->line,
			        at->column, at->length);
		}
		fprintf(to->out, "%s} ; %u\n", debug->locations.count ? "\t" : "", i);
	}
	fputs("}\n", to->out);
}

static void write_module(const disassembler *to) {
	const volt_module *module = to->module;
	fputs("module ", to->out);
	disassemble_name(to->out, module->name);
	fputs("\nentry ", to->out);
	disassemble_function_reference(to, module->entry_function);
	fputs("\n\n", to->out);
	for (uint32_t i = 0; i < module->constants.count; i++) {
		fputs("const ", to->out);
		disassemble_constant(to->out, &module->constants.items[i]);
		fprintf(to->out, " ; c%u\n", i);
	}
	for (uint32_t i = 0, slot = 0; i < module->globals.count; slot += module->globals.items[i++].slots) {
		fprintf(to->out, "; g%u\n", slot);
		write_global(to->out, &module->globals.items[i]);
	}
	for (uint32_t i = 0; i < module->natives.count; i++)
		write_native(to->out, &module->natives.items[i]);
	for (uint32_t i = 0; i < module->functions.count; i++)
		write_function(to, i);
	putc('\n', to->out);
	disassemble_types(to);
	if (module->has_debug)
		write_debug(to);
}

static void fill_tables(disassembler *to) {
	const volt_module *module = to->module;
	for (uint32_t i = 0; i < module->functions.count; i++)
		names_add(&to->functions, to->arena, module->functions.items[i].name, i);
	for (uint32_t i = 0; i < module->natives.count; i++)
		names_add(&to->natives, to->arena, module->natives.items[i].name, i);
	for (uint32_t i = 0; i < module->constants.count; i++)
		constants_add(&to->constants, to->arena, &module->constants.items[i], i);
	to->has_tables = true;
}

static bool disassemble_guarded(disassembler *to, failure *place) {
	if (setjmp(place->jump))
		return false;
	fill_tables(to);
	write_module(to);
	return true;
}

volt_error *volt_module_disassemble(const volt_module *module, char **text, size_t *size) {
	*text = NULL;
	*size = 0;
	failure place = {.error = NULL};
	volt_arena *arena = arena_new(&place);
	disassembler to = {.out = open_memstream(text, size), .module = module, .arena = arena};
	bool complete = arena && to.out && disassemble_guarded(&to, &place);
	if (to.out && (ferror(to.out) | (fclose(to.out) != 0)))
		complete = false;
	volt_error_free(place.error);
	arena_free(arena);
	if (complete)
		return NULL;
	free(*text);
	*text = NULL;
	*size = 0;
	return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
}
