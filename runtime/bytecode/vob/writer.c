/* A module as .vob bytes, in the order of SPECIFICATION.md, "Order of the file". */
#include <stdio.h>
#include <stdlib.h>

#include "bytecode/vot/text.h"
#include "volt/bytecode.h"
#include "volt/vob.h"

typedef struct {
	FILE *stream;
	const char *refused; /* why the module has no form as bytes; the first reason */
} vob_writer;

static void put(vob_writer *writer, uint64_t value, unsigned bytes) {
	for (unsigned i = 0; i < bytes; i++)
		putc_unlocked((int)(value >> (8 * i) & 0xff), writer->stream);
}

static void put_u8(vob_writer *writer, const uint8_t *value) {
	put(writer, *value, 1);
}
static void put_u16(vob_writer *writer, const uint16_t *value) {
	put(writer, *value, 2);
}
static void put_u32(vob_writer *writer, const uint32_t *value) {
	put(writer, *value, 4);
}

static void refuse(vob_writer *writer, const char *reason) {
	if (!writer->refused)
		writer->refused = reason;
}

static void put_text(vob_writer *writer, const volt_text *text) {
	if (!text_is_utf8(text->bytes, text->length))
		refuse(writer, "a string is not UTF-8");
	put(writer, text->length, 4);
	if (text->length)
		fwrite(text->bytes, 1, text->length, writer->stream);
}

static void put_optional(vob_writer *writer, const volt_optional *optional) {
	if (optional->present && optional->value == UINT32_MAX)
		refuse(writer, "the optional index 4294967295 cannot be written");
	put(writer, optional->present ? optional->value + 1 : 0, 4);
}

#define PUT_VECTOR(writer, vector, put_item) \
	do { \
		put(writer, (vector)->count, 4); \
		for (uint32_t item_ = 0; item_ < (vector)->count; item_++) \
			put_item(writer, &(vector)->items[item_]); \
	} while (0)

static void put_field_meta(vob_writer *writer, const volt_field_meta *field) {
	put_text(writer, &field->name);
	put(writer, field->offset, 2);
	put(writer, field->slot_count, 2);
	put(writer, field->type, 4);
	put(writer, field->embedded, 1);
	put(writer, field->has_tag, 1);
	if (field->has_tag)
		put_text(writer, &field->tag);
}

static void put_struct_meta(vob_writer *writer, const volt_struct_meta *meta) {
	PUT_VECTOR(writer, &meta->slot_types, put_u8);
	PUT_VECTOR(writer, &meta->fields, put_field_meta);
}

static void put_interface_method(vob_writer *writer, const volt_interface_method *method) {
	put_text(writer, &method->name);
	put(writer, method->signature, 4);
}

static void put_interface_meta(vob_writer *writer, const volt_interface_meta *meta) {
	put_text(writer, &meta->name);
	PUT_VECTOR(writer, &meta->method_names, put_text);
	PUT_VECTOR(writer, &meta->methods, put_interface_method);
}

static void put_named_method(vob_writer *writer, const volt_named_method *method) {
	put_text(writer, &method->name);
	put(writer, method->function, 4);
	put(writer, method->pointer_receiver, 1);
	put(writer, method->signature, 4);
}

static void put_named_type(vob_writer *writer, const volt_named_type *type) {
	put_text(writer, &type->name);
	put(writer, type->underlying, 4);
	PUT_VECTOR(writer, &type->methods, put_named_method);
}

static void put_itab(vob_writer *writer, const volt_itab *itab) {
	PUT_VECTOR(writer, itab, put_u32);
}

static void put_type_field(vob_writer *writer, const volt_type_field *field) {
	put_text(writer, &field->name);
	put(writer, field->type, 4);
	put_text(writer, &field->tag);
	put(writer, field->embedded, 1);
	put_text(writer, &field->package);
}

static void put_runtime_type(vob_writer *writer, const volt_runtime_type *type) {
	put(writer, type->tag, 1);
	switch (type->tag) {
	case VOLT_TYPE_BASIC: put(writer, type->kind, 1); break;
	case VOLT_TYPE_NAMED:
		put(writer, type->id, 4);
		put_optional(writer, &type->struct_meta);
		break;
	case VOLT_TYPE_ARRAY:
		put(writer, type->length, 8);
		put(writer, type->element, 4);
		break;
	case VOLT_TYPE_MAP:
		put(writer, type->key, 4);
		put(writer, type->element, 4);
		break;
	case VOLT_TYPE_CHANNEL:
		put(writer, type->direction, 1);
		put(writer, type->element, 4);
		break;
	case VOLT_TYPE_POINTER:
	case VOLT_TYPE_SLICE:
	case VOLT_TYPE_PORT: put(writer, type->element, 4); break;
	case VOLT_TYPE_FUNCTION:
		put(writer, type->variadic, 1);
		PUT_VECTOR(writer, &type->parameters, put_u32);
		PUT_VECTOR(writer, &type->results, put_u32);
		break;
	case VOLT_TYPE_STRUCT:
		put(writer, type->id, 4);
		PUT_VECTOR(writer, &type->fields, put_type_field);
		break;
	case VOLT_TYPE_INTERFACE:
		put(writer, type->id, 4);
		PUT_VECTOR(writer, &type->methods, put_interface_method);
		break;
	case VOLT_TYPE_TUPLE: PUT_VECTOR(writer, &type->parameters, put_u32); break;
	case VOLT_TYPE_ISLAND: break;
	case VOLT_TYPE_TAG_COUNT: refuse(writer, "a runtime type has an unknown tag"); break;
	}
}

static void put_well_known(vob_writer *writer, const volt_well_known_types *types) {
	put_optional(writer, &types->error_named_type);
	put_optional(writer, &types->error_interface);
	put_optional(writer, &types->error_pointer);
	put_optional(writer, &types->error_struct);
	put(writer, types->has_error_offsets, 1);
	if (types->has_error_offsets) {
		put(writer, types->error_message_offset, 2);
		put(writer, types->error_cause_offset, 2);
	}
	put_optional(writer, &types->attribute_object);
	put_optional(writer, &types->set_attribute_object);
	put_optional(writer, &types->index_object);
	put_optional(writer, &types->set_index_object);
	put_optional(writer, &types->call_object);
}

static void put_constant(vob_writer *writer, const volt_constant *constant) {
	put(writer, constant->tag, 1);
	switch (constant->tag) {
	case VOLT_CONSTANT_NIL: break;
	case VOLT_CONSTANT_BOOL: put(writer, constant->bits != 0, 1); break;
	case VOLT_CONSTANT_INT:
	case VOLT_CONSTANT_FLOAT: put(writer, constant->bits, 8); break;
	case VOLT_CONSTANT_STRING: put_text(writer, &constant->text); break;
	case VOLT_CONSTANT_TAG_COUNT: refuse(writer, "a constant has an unknown tag"); break;
	}
}

static void put_global(vob_writer *writer, const volt_global *global) {
	put_text(writer, &global->name);
	put(writer, global->slots, 2);
	put(writer, global->kind, 1);
	put(writer, global->meta, 4);
	PUT_VECTOR(writer, &global->slot_types, put_u8);
}

static void put_instruction(vob_writer *writer, const volt_instruction *instruction) {
	put(writer, instruction->op, 1);
	put(writer, instruction->flags, 1);
	put(writer, instruction->a, 2);
	put(writer, instruction->b, 2);
	put(writer, instruction->c, 2);
}

static void put_transfer_type(vob_writer *writer, const volt_transfer_type *type) {
	put(writer, type->meta, 4);
	put(writer, type->slots, 2);
}

static void put_function(vob_writer *writer, const volt_function *function) {
	put_text(writer, &function->name);
	put(writer, function->parameter_count, 2);
	put(writer, function->parameter_slots, 2);
	put(writer, function->local_slots, 2);
	put(writer, function->result_slots, 2);
	put(writer, function->receiver_slots, 2);
	put(writer, function->heap_result_count, 2);
	put(writer, function->heap_result_start, 2);
	PUT_VECTOR(writer, &function->heap_result_slots, put_u16);
	put(writer, function->is_closure, 1);
	put(writer, (uint16_t)function->error_result_slot, 2);
	put(writer, function->has_defer, 1);
	PUT_VECTOR(writer, &function->slot_types, put_u8);
	PUT_VECTOR(writer, &function->code, put_instruction);
	PUT_VECTOR(writer, &function->capture_types, put_transfer_type);
	PUT_VECTOR(writer, &function->parameter_types, put_transfer_type);
}

static void put_native(vob_writer *writer, const volt_native_import *native) {
	put_text(writer, &native->name);
	put(writer, native->parameter_slots, 2);
	put(writer, native->result_slots, 2);
	put(writer, native->is_blocking, 1);
}

static void put_location(vob_writer *writer, const volt_debug_location *location) {
	put(writer, location->pc, 4);
	put(writer, location->file, 2);
	put(writer, location->line, 4);
	put(writer, location->column, 2);
	put(writer, location->length, 2);
}

static void put_function_debug(vob_writer *writer, const volt_function_debug *debug) {
	PUT_VECTOR(writer, &debug->locations, put_location);
}

static void put_module(vob_writer *writer, const volt_module *module) {
	fputs("VOB", writer->stream);
	put(writer, 1, 4);
	put_text(writer, &module->name);
	PUT_VECTOR(writer, &module->struct_metas, put_struct_meta);
	PUT_VECTOR(writer, &module->interface_metas, put_interface_meta);
	PUT_VECTOR(writer, &module->named_types, put_named_type);
	PUT_VECTOR(writer, &module->itabs, put_itab);
	PUT_VECTOR(writer, &module->runtime_types, put_runtime_type);
	put_well_known(writer, &module->well_known);
	PUT_VECTOR(writer, &module->constants, put_constant);
	PUT_VECTOR(writer, &module->globals, put_global);
	PUT_VECTOR(writer, &module->functions, put_function);
	PUT_VECTOR(writer, &module->natives, put_native);
	put(writer, module->entry_function, 4);
	if (!module->has_debug)
		return;
	PUT_VECTOR(writer, &module->debug_files, put_text);
	PUT_VECTOR(writer, &module->function_debug, put_function_debug);
}

volt_error *volt_module_write(const volt_module *module, uint8_t **bytes, size_t *size) {
	char *buffer = NULL;
	*bytes = NULL;
	*size = 0;
	vob_writer writer = {open_memstream(&buffer, size), NULL};
	if (!writer.stream)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
	put_module(&writer, module);
	bool failed = ferror(writer.stream) != 0;
	failed = fclose(writer.stream) != 0 || failed;
	*bytes = (uint8_t *)buffer;
	if (!failed && !writer.refused)
		return NULL;
	free(buffer);
	*bytes = NULL;
	*size = 0;
	if (writer.refused)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s: %s", module->source, writer.refused);
	return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
}
