/* Sections 3 to 8: type metadata, runtime types, well-known types. */
#include "bytecode/vob/reader.h"

/* Least encoded sizes of the records, which bound their numbers. */
enum {
	TEXT_BYTES = 4,
	VECTOR_BYTES = 4,
	FIELD_META_BYTES = TEXT_BYTES + 2 + 2 + 4 + 1 + 1,
	STRUCT_META_BYTES = 2 * VECTOR_BYTES,
	METHOD_BYTES = TEXT_BYTES + 4,
	INTERFACE_META_BYTES = TEXT_BYTES + 2 * VECTOR_BYTES,
	NAMED_METHOD_BYTES = TEXT_BYTES + 4 + 1 + 4,
	NAMED_TYPE_BYTES = TEXT_BYTES + 4 + VECTOR_BYTES,
	RUNTIME_TYPE_BYTES = 1,
	TYPE_FIELD_BYTES = TEXT_BYTES + 4 + TEXT_BYTES + 1 + TEXT_BYTES,
};

static void read_field_meta(vob_reader *reader, volt_field_meta *field) {
	field->name = reader_text(reader);
	field->offset = reader_u16(reader);
	field->slot_count = reader_u16(reader);
	field->type = reader_u32(reader);
	field->embedded = reader_bool(reader, "embedded");
	field->has_tag = reader_bool(reader, "has_tag");
	if (field->has_tag)
		field->tag = reader_text(reader);
}

static void read_struct_meta(vob_reader *reader, volt_struct_meta *meta) {
	READ_VECTOR(reader, "slot_types", &meta->slot_types, 1, reader_slot_type);
	READ_VECTOR(reader, "fields", &meta->fields, FIELD_META_BYTES, read_field_meta);
}

static void read_interface_method(vob_reader *reader, volt_interface_method *method) {
	method->name = reader_text(reader);
	method->signature = reader_u32(reader);
}

static void read_interface_meta(vob_reader *reader, volt_interface_meta *meta) {
	meta->name = reader_text(reader);
	READ_VECTOR(reader, "method_names", &meta->method_names, TEXT_BYTES, reader_name);
	READ_VECTOR(reader, "methods", &meta->methods, METHOD_BYTES, read_interface_method);
}

static void read_named_method(vob_reader *reader, volt_named_method *method) {
	method->name = reader_text(reader);
	method->function = reader_u32(reader);
	method->pointer_receiver = reader_bool(reader, "is_pointer_receiver");
	method->signature = reader_u32(reader);
}

static void read_named_type(vob_reader *reader, volt_named_type *type) {
	type->name = reader_text(reader);
	type->underlying = reader_u32(reader);
	READ_VECTOR(reader, "methods", &type->methods, NAMED_METHOD_BYTES, read_named_method);
}

static void read_itab(vob_reader *reader, volt_itab *itab) {
	READ_VECTOR(reader, "functions", itab, 4, reader_word);
}

static void read_type_field(vob_reader *reader, volt_type_field *field) {
	field->name = reader_text(reader);
	field->type = reader_u32(reader);
	field->tag = reader_text(reader);
	field->embedded = reader_bool(reader, "embedded");
	field->package = reader_text(reader);
}

static void read_function_type(vob_reader *reader, volt_runtime_type *type) {
	type->variadic = reader_bool(reader, "variadic");
	READ_VECTOR(reader, "parameters", &type->parameters, 4, reader_word);
	READ_VECTOR(reader, "results", &type->results, 4, reader_word);
}

static void read_runtime_type(vob_reader *reader, volt_runtime_type *type) {
	type->tag = (volt_type_tag)reader_enum(reader, VOLT_TYPE_TAG_COUNT, "type tag");
	switch (type->tag) {
	case VOLT_TYPE_BASIC: type->kind = reader_enum(reader, VOLT_KIND_COUNT, "kind"); break;
	case VOLT_TYPE_NAMED:
		type->id = reader_u32(reader);
		type->struct_meta = reader_optional(reader);
		break;
	case VOLT_TYPE_ARRAY:
		type->length = reader_u64(reader);
		type->element = reader_u32(reader);
		break;
	case VOLT_TYPE_MAP:
		type->key = reader_u32(reader);
		type->element = reader_u32(reader);
		break;
	case VOLT_TYPE_CHANNEL:
		type->direction = reader_enum(reader, 3, "direction");
		type->element = reader_u32(reader);
		break;
	case VOLT_TYPE_POINTER:
	case VOLT_TYPE_SLICE:
	case VOLT_TYPE_PORT: type->element = reader_u32(reader); break;
	case VOLT_TYPE_FUNCTION: read_function_type(reader, type); break;
	case VOLT_TYPE_STRUCT:
		type->id = reader_u32(reader);
		READ_VECTOR(reader, "fields", &type->fields, TYPE_FIELD_BYTES, read_type_field);
		break;
	case VOLT_TYPE_INTERFACE:
		type->id = reader_u32(reader);
		READ_VECTOR(reader, "methods", &type->methods, METHOD_BYTES, read_interface_method);
		break;
	case VOLT_TYPE_TUPLE: READ_VECTOR(reader, "elements", &type->parameters, 4, reader_word); break;
	case VOLT_TYPE_ISLAND:
	case VOLT_TYPE_TAG_COUNT: break;
	}
}

static void read_well_known(vob_reader *reader, volt_well_known_types *types) {
	reader_enter(reader, "well_known");
	types->error_named_type = reader_optional(reader);
	types->error_interface = reader_optional(reader);
	types->error_pointer = reader_optional(reader);
	types->error_struct = reader_optional(reader);
	types->has_error_offsets = reader_bool(reader, "has_offsets");
	if (types->has_error_offsets) {
		types->error_message_offset = reader_u16(reader);
		types->error_cause_offset = reader_u16(reader);
	}
	types->attribute_object = reader_optional(reader);
	types->set_attribute_object = reader_optional(reader);
	types->index_object = reader_optional(reader);
	types->set_index_object = reader_optional(reader);
	types->call_object = reader_optional(reader);
	reader_leave(reader);
}

void reader_types(vob_reader *reader, volt_module *module) {
	READ_VECTOR(reader, "struct_metas", &module->struct_metas, STRUCT_META_BYTES, read_struct_meta);
	READ_VECTOR(reader, "interface_metas", &module->interface_metas, INTERFACE_META_BYTES,
	            read_interface_meta);
	READ_VECTOR(reader, "named_types", &module->named_types, NAMED_TYPE_BYTES, read_named_type);
	READ_VECTOR(reader, "itabs", &module->itabs, VECTOR_BYTES, read_itab);
	READ_VECTOR(reader, "runtime_types", &module->runtime_types, RUNTIME_TYPE_BYTES, read_runtime_type);
	read_well_known(reader, &module->well_known);
}
