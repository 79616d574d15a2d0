/*
 * The text form of a whole module. Function and native names are collected first, so that they may be used
 * anywhere.
 */
#include "bytecode/vot/assemble.h"

#include <string.h>

#include "bytecode/model/derived.h"
#include "bytecode/vot/text.h"
#include "volt/vot.h"

static void collect_names(assembler *from) {
	unsigned depth = 0;
	uint32_t functions = 0;
	bool line_start = true;
	for (; from->token.kind != TOKEN_END; assembler_advance(from)) {
		bool top = line_start && depth == 0;
		line_start = from->token.kind == TOKEN_NEWLINE;
		depth += assembler_at_symbol(from, '{');
		depth -= assembler_at_symbol(from, '}') && depth;
		if (top && assembler_accept_word(from, "fn"))
			names_add(&from->functions, from->arena, assembler_name(from), functions++);
		else if (top && assembler_accept_word(from, "native"))
			names_add(&from->natives, from->arena, assembler_name(from), from->declared_natives++);
		else
			continue;
		depth += assembler_at_symbol(from, '{');
		line_start = from->token.kind == TOKEN_NEWLINE;
		if (from->token.kind == TOKEN_END)
			return;
	}
}

/* Declared natives come first; their lines may stand behind calls that add implicit ones. */
static void reserve_natives(assembler *from) {
	for (uint32_t i = 0; i < from->declared_natives; i++)
		*ARENA_APPEND(from->arena, &from->module->natives) = (volt_native_import){0};
}

static void read_native(assembler *from, uint32_t index) {
	uint64_t value;
	volt_native_import native = {.name = assembler_name(from)};
	native.is_blocking = derived_blocks(native.name);
	while (from->token.kind == TOKEN_IDENTIFIER)
		if (assembler_attribute(from, "results", UINT16_MAX, &value))
			native.result_slots = (uint16_t)value;
		else if (assembler_attribute(from, "params", UINT16_MAX, &value))
			native.parameter_slots = (uint16_t)value;
		else if (!assembler_flag(from, "blocking", &native.is_blocking))
			assembler_expected(from, "an attribute of the native (results, params, blocking)");
	from->module->natives.items[index] = native;
}

static void read_global_attribute(assembler *from, volt_global *global, bool *has_slots) {
	uint64_t value;
	if (assembler_attribute(from, "slots", UINT16_MAX, &value)) {
		global->slots = (uint16_t)value;
		*has_slots = true;
	} else if (assembler_accept_word(from, "meta")) {
		assembler_expect_symbol(from, '=');
		global->meta = assembler_word(from, false);
	} else if (assembler_accept_word(from, "kind")) {
		assembler_expect_symbol(from, '=');
		global->kind = (uint8_t)assembler_kind(from);
	} else if (assembler_accept_word(from, "types")) {
		assembler_expect_symbol(from, '=');
		assembler_bytes types = assembler_slot_types(from);
		global->slot_types.items = types.items;
		global->slot_types.count = types.count;
	} else {
		assembler_expected(from, "an attribute of the global (slots, kind, meta, types)");
	}
}

static void read_global(assembler *from) {
	bool has_slots = false;
	volt_global global = {.name = assembler_name(from), .slots = 1};
	while (from->token.kind == TOKEN_IDENTIFIER)
		read_global_attribute(from, &global, &has_slots);
	if (!has_slots && global.slot_types.count)
		global.slots = (uint16_t)global.slot_types.count;
	names_add(&from->globals, from->arena, global.name, from->global_slots);
	from->global_slots += global.slots;
	*ARENA_APPEND(from->arena, &from->module->globals) = global;
}

static void read_constant(assembler *from) {
	volt_constant constant = assembler_constant(from);
	uint32_t index = from->module->constants.count;
	*ARENA_APPEND(from->arena, &from->module->constants) = constant;
	constants_add(&from->constants, from->arena, &constant, index);
}

static volt_debug_location read_location(assembler *from) {
	volt_debug_location location = {.pc = (uint32_t)assembler_number(from, UINT32_MAX, "a pc")};
	uint64_t value;
	while (from->token.kind == TOKEN_IDENTIFIER)
		if (assembler_attribute(from, "file", UINT16_MAX, &value))
			location.file = (uint16_t)value;
		else if (assembler_attribute(from, "line", UINT32_MAX, &value))
			location.line = (uint32_t)value;
		else if (assembler_attribute(from, "column", UINT16_MAX, &value))
			location.column = (uint16_t)value;
		else if (assembler_attribute(from, "length", UINT16_MAX, &value))
			location.length = (uint16_t)value;
		else
			assembler_expected(from, "file, line, column or length");
	return location;
}

static void read_function_debug(assembler *from) {
	volt_function_debug debug = {0};
	assembler_expect_symbol(from, '{');
	while (assembler_next_statement(from)) {
		if (!assembler_accept_word(from, "at"))
			assembler_expected(from, "at PC");
		volt_debug_location location = read_location(from);
		*ARENA_APPEND(from->arena, &debug.locations) = location;
		assembler_end_line(from);
	}
	*ARENA_APPEND(from->arena, &from->module->function_debug) = debug;
}

static void read_debug(assembler *from) {
	from->module->has_debug = true;
	assembler_expect_symbol(from, '{');
	while (assembler_next_statement(from)) {
		if (assembler_accept_word(from, "file")) {
			volt_text name = assembler_string(from);
			*ARENA_APPEND(from->arena, &from->module->debug_files) = name;
		} else if (assembler_accept_word(from, "function")) {
			read_function_debug(from);
		} else {
			assembler_expected(from, "file or function");
		}
		assembler_end_line(from);
	}
}

static void read_statement(assembler *from, uint32_t *natives) {
	if (assembler_accept_word(from, "fn")) {
		assembler_function(from);
	} else if (assembler_accept_word(from, "const")) {
		read_constant(from);
	} else if (assembler_accept_word(from, "global")) {
		read_global(from);
	} else if (assembler_accept_word(from, "native")) {
		read_native(from, (*natives)++);
	} else if (assembler_accept_word(from, "module")) {
		from->module->name = assembler_name(from);
	} else if (assembler_accept_word(from, "entry")) {
		from->module->entry_function = assembler_function_reference(from);
		from->has_entry = true;
	} else if (assembler_accept_word(from, "debug")) {
		read_debug(from);
	} else if (!assembler_types(from)) {
		assembler_expected(from, "a statement (fn, const, global, native, entry, ...)");
	}
	if (from->token.kind != TOKEN_END && from->token.kind != TOKEN_NEWLINE)
		assembler_expected(from, "the end of the line");
}

static void fill_locals(assembler *from) {
	for (uint32_t i = 0; i < from->module->functions.count; i++) {
		volt_function *function = &from->module->functions.items[i];
		if (!from->automatic_locals.items[i])
			continue;
		uint32_t locals = derived_locals(from->module, function);
		function->local_slots = (uint16_t)(locals < UINT16_MAX ? locals : UINT16_MAX);
	}
}

static void find_entry(assembler *from) {
	static const volt_text candidates[] = {{"__entry__", 9}, {"main", 4}};
	for (size_t i = 0; i < 2 && !from->has_entry; i++) {
		const name_entry *entry = names_find(&from->functions, candidates[i]);
		from->has_entry = entry != NULL;
		from->module->entry_function = entry ? entry->value : 0;
	}
	if (!from->has_entry)
		lexer_fail(&from->lexer, &from->token,
		           "no entry: expected a function named __entry__ or main, or an entry line");
}

/* A text without a debug section is its own source. */
static void fill_debug(assembler *from) {
	volt_module *module = from->module;
	if (module->has_debug)
		return;
	*ARENA_APPEND(from->arena, &module->debug_files) =
	    (volt_text){module->source, (uint32_t)strlen(module->source)};
	module->function_debug.items = from->lines.items;
	module->function_debug.count = from->lines.count;
}

static void read_module(assembler *from, const char *text, size_t size) {
	uint32_t natives = 0;
	lexer_begin(&from->lexer, text, size);
	assembler_advance(from);
	collect_names(from);
	reserve_natives(from);
	lexer_begin(&from->lexer, text, size);
	assembler_advance(from);
	from->module->name = (volt_text){"main", 4};
	for (; from->token.kind != TOKEN_END; assembler_advance(from)) {
		if (from->token.kind != TOKEN_NEWLINE)
			read_statement(from, &natives);
		if (from->token.kind == TOKEN_END)
			break;
	}
	fill_locals(from);
	assembler_check_omissions(from);
	find_entry(from);
	fill_debug(from);
}

static bool assemble_guarded(assembler *from, const char *text, size_t size) {
	if (setjmp(from->lexer.failure->jump))
		return false;
	read_module(from, text, size);
	return true;
}

volt_error *volt_module_assemble(const char *text, size_t size, const char *source, volt_module **module) {
	*module = NULL;
	if (size > UINT32_MAX)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s: the text is too large", source);
	failure place = {.error = NULL};
	volt_module *result = module_new(&place, source);
	if (!result)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", source);
	assembler from = {.arena = result->arena, .module = result};
	from.lexer.arena = result->arena;
	from.lexer.failure = &place;
	from.lexer.source = result->source;
	if (!assemble_guarded(&from, text, size)) {
		volt_module_free(result);
		return place.error;
	}
	*module = result;
	return NULL;
}
