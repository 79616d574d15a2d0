/* Statements of the text form about types: struct, interface, named, itab, type, wellknown. */
#include "bytecode/vot/assemble.h"

static volt_field_meta read_field_meta(assembler *from) {
	uint64_t value;
	volt_field_meta field = {.name = assembler_name(from)};
	field.type = assembler_word(from, true);
	while (from->token.kind == TOKEN_IDENTIFIER) {
		if (assembler_attribute(from, "offset", UINT16_MAX, &value)) {
			field.offset = (uint16_t)value;
		} else if (assembler_attribute(from, "slots", UINT16_MAX, &value)) {
			field.slot_count = (uint16_t)value;
		} else if (assembler_accept_word(from, "tag")) {
			assembler_expect_symbol(from, '=');
			field.has_tag = true;
			field.tag = assembler_string(from);
		} else if (!assembler_flag(from, "embedded", &field.embedded)) {
			assembler_expected(from, "an attribute of the field (offset, slots, tag, embedded)");
		}
	}
	return field;
}

static void expect_word(assembler *from, const char *word) {
	if (!assembler_accept_word(from, word))
		assembler_expected(from, word);
}

static void read_struct_meta(assembler *from) {
	volt_struct_meta meta = {0};
	if (assembler_accept_word(from, "types")) {
		assembler_expect_symbol(from, '=');
		assembler_bytes types = assembler_slot_types(from);
		meta.slot_types.items = types.items;
		meta.slot_types.count = types.count;
	}
	bool block = assembler_begin_block(from);
	while (block && assembler_next_statement(from)) {
		expect_word(from, "field");
		volt_field_meta field = read_field_meta(from);
		*ARENA_APPEND(from->arena, &meta.fields) = field;
		assembler_end_line(from);
	}
	*ARENA_APPEND(from->arena, &from->module->struct_metas) = meta;
}

static uint32_t read_signature(assembler *from) {
	uint64_t value;
	if (!assembler_attribute(from, "signature", UINT32_MAX, &value))
		assembler_expected(from, "signature=TYPE");
	return (uint32_t)value;
}

static void read_interface_meta(assembler *from) {
	volt_interface_meta meta = {.name = assembler_name(from)};
	bool block = assembler_begin_block(from);
	while (block && assembler_next_statement(from)) {
		if (assembler_accept_word(from, "name")) {
			volt_text name = assembler_name(from);
			*ARENA_APPEND(from->arena, &meta.method_names) = name;
		} else {
			expect_word(from, "method");
			volt_interface_method method = {.name = assembler_name(from)};
			method.signature = read_signature(from);
			*ARENA_APPEND(from->arena, &meta.methods) = method;
		}
		assembler_end_line(from);
	}
	*ARENA_APPEND(from->arena, &from->module->interface_metas) = meta;
}

static void read_named_type(assembler *from) {
	volt_named_type type = {.name = assembler_name(from)};
	type.underlying = assembler_word(from, true);
	bool block = assembler_begin_block(from);
	while (block && assembler_next_statement(from)) {
		expect_word(from, "method");
		volt_named_method method = {.name = assembler_name(from)};
		method.function = assembler_function_reference(from);
		method.signature = read_signature(from);
		assembler_flag(from, "pointer", &method.pointer_receiver);
		*ARENA_APPEND(from->arena, &type.methods) = method;
		assembler_end_line(from);
	}
	*ARENA_APPEND(from->arena, &from->module->named_types) = type;
}

static void read_itab(assembler *from) {
	volt_itab itab = {0};
	assembler_expect_symbol(from, '[');
	while (!assembler_accept_symbol(from, ']')) {
		uint32_t function = assembler_function_reference(from);
		*ARENA_APPEND(from->arena, &itab) = function;
		assembler_accept_symbol(from, ',');
	}
	*ARENA_APPEND(from->arena, &from->module->itabs) = itab;
}

static volt_type_field read_type_field(assembler *from) {
	volt_type_field field = {.name = assembler_name(from)};
	field.type = assembler_word(from, true);
	while (from->token.kind == TOKEN_IDENTIFIER) {
		if (assembler_accept_word(from, "tag")) {
			assembler_expect_symbol(from, '=');
			field.tag = assembler_string(from);
		} else if (assembler_accept_word(from, "package")) {
			assembler_expect_symbol(from, '=');
			field.package = assembler_string(from);
		} else if (!assembler_flag(from, "embedded", &field.embedded)) {
			assembler_expected(from, "an attribute of the field (tag, package, embedded)");
		}
	}
	return field;
}

static volt_interface_method read_type_method(assembler *from) {
	volt_interface_method method = {.name = assembler_name(from)};
	expect_word(from, "signature");
	assembler_expect_symbol(from, '=');
	method.signature = assembler_word(from, true);
	return method;
}

static void read_type_members(assembler *from, volt_runtime_type *type) {
	type->id = (uint32_t)assembler_number(from, UINT32_MAX, "an index");
	bool block = assembler_begin_block(from);
	while (block && assembler_next_statement(from)) {
		if (type->tag == VOLT_TYPE_STRUCT) {
			expect_word(from, "field");
			volt_type_field field = read_type_field(from);
			*ARENA_APPEND(from->arena, &type->fields) = field;
		} else {
			expect_word(from, "method");
			volt_interface_method method = read_type_method(from);
			*ARENA_APPEND(from->arena, &type->methods) = method;
		}
		assembler_end_line(from);
	}
}

static uint8_t read_direction(assembler *from) {
	static const char *const names[] = {"both", "send", "receive"};
	for (uint8_t i = 0; i < 3; i++)
		if (assembler_accept_word(from, names[i]))
			return i;
	assembler_expected(from, "both, send or receive");
}

static void read_type_contents(assembler *from, volt_runtime_type *type) {
	uint64_t value;
	switch (type->tag) {
	case VOLT_TYPE_BASIC: type->kind = (uint8_t)assembler_kind(from); break;
	case VOLT_TYPE_NAMED:
		type->id = (uint32_t)assembler_number(from, UINT32_MAX, "an index");
		if (assembler_attribute(from, "struct", UINT32_MAX, &value))
			type->struct_meta = (volt_optional){true, (uint32_t)value};
		break;
	case VOLT_TYPE_ARRAY:
		type->length = assembler_number(from, UINT64_MAX, "the length");
		type->element = assembler_word(from, true);
		break;
	case VOLT_TYPE_MAP:
		type->key = assembler_word(from, true);
		type->element = assembler_word(from, true);
		break;
	case VOLT_TYPE_CHANNEL:
		type->direction = read_direction(from);
		type->element = assembler_word(from, true);
		break;
	case VOLT_TYPE_POINTER:
	case VOLT_TYPE_SLICE:
	case VOLT_TYPE_PORT: type->element = assembler_word(from, true); break;
	case VOLT_TYPE_FUNCTION:
		assembler_words(from, &type->parameters);
		assembler_words(from, &type->results);
		assembler_flag(from, "variadic", &type->variadic);
		break;
	case VOLT_TYPE_STRUCT:
	case VOLT_TYPE_INTERFACE: read_type_members(from, type); break;
	case VOLT_TYPE_TUPLE: assembler_words(from, &type->parameters); break;
	case VOLT_TYPE_ISLAND:
	case VOLT_TYPE_TAG_COUNT: break;
	}
}

static void read_runtime_type(assembler *from) {
	static const char *const names[VOLT_TYPE_TAG_COUNT] = {"basic", "named", "pointer", "array",  "slice",
	                                                       "map",   "chan",  "func",    "struct", "interface",
	                                                       "tuple", "port",  "island"};
	volt_runtime_type type = {.tag = VOLT_TYPE_BASIC};
	while (type.tag < VOLT_TYPE_TAG_COUNT && !assembler_at_word(from, names[type.tag]))
		type.tag++;
	if (type.tag == VOLT_TYPE_TAG_COUNT)
		assembler_expected(from, "a type, such as basic, named or pointer");
	assembler_advance(from);
	read_type_contents(from, &type);
	*ARENA_APPEND(from->arena, &from->module->runtime_types) = type;
}

static bool read_optional(assembler *from, const char *name, volt_optional *optional) {
	uint64_t value;
	if (!assembler_attribute(from, name, UINT32_MAX - 1, &value))
		return false;
	*optional = (volt_optional){true, (uint32_t)value};
	return true;
}

static bool read_error_types(assembler *from, volt_well_known_types *types) {
	uint64_t value;
	if (assembler_attribute(from, "message", UINT16_MAX, &value)) {
		types->error_message_offset = (uint16_t)value;
		types->has_error_offsets = true;
		return true;
	}
	if (assembler_attribute(from, "cause", UINT16_MAX, &value)) {
		types->error_cause_offset = (uint16_t)value;
		types->has_error_offsets = true;
		return true;
	}
	return read_optional(from, "error_named", &types->error_named_type) ||
	       read_optional(from, "error_interface", &types->error_interface) ||
	       read_optional(from, "error_pointer", &types->error_pointer) ||
	       read_optional(from, "error_struct", &types->error_struct);
}

static void read_well_known(assembler *from) {
	volt_well_known_types *types = &from->module->well_known;
	while (from->token.kind == TOKEN_IDENTIFIER)
		if (!read_error_types(from, types) && !read_optional(from, "attribute", &types->attribute_object) &&
		    !read_optional(from, "set_attribute", &types->set_attribute_object) &&
		    !read_optional(from, "index", &types->index_object) &&
		    !read_optional(from, "set_index", &types->set_index_object) &&
		    !read_optional(from, "call", &types->call_object))
			assembler_expected(from, "a well-known type");
}

bool assembler_types(assembler *from) {
	static const struct {
		const char *word;
		void (*read)(assembler *from);
	} statements[] = {
	    {"struct", read_struct_meta}, {"interface", read_interface_meta}, {"named", read_named_type},
	    {"itab", read_itab},          {"type", read_runtime_type},        {"wellknown", read_well_known},
	};
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		if (assembler_accept_word(from, statements[i].word)) {
			statements[i].read(from);
			return true;
		}
	return false;
}
