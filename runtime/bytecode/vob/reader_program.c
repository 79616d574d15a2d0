/* Sections 9 to 14: constants, globals, functions, natives, debug information. */
#include "bytecode/vob/reader.h"

/* Least encoded sizes of the records, which bound their numbers. */
enum {
	TEXT_BYTES = 4,
	VECTOR_BYTES = 4,
	CONSTANT_BYTES = 1,
	GLOBAL_BYTES = TEXT_BYTES + 2 + 1 + 4 + VECTOR_BYTES,
	FUNCTION_BYTES = TEXT_BYTES + 7 * 2 + VECTOR_BYTES + 1 + 2 + 1 + 4 * VECTOR_BYTES,
	NATIVE_BYTES = TEXT_BYTES + 2 + 2 + 1,
	INSTRUCTION_BYTES = 8,
	TRANSFER_TYPE_BYTES = 6,
	LOCATION_BYTES = 14,
};

static void read_constant(vob_reader *reader, volt_constant *constant) {
	constant->tag = (volt_constant_tag)reader_enum(reader, VOLT_CONSTANT_TAG_COUNT, "constant tag");
	switch (constant->tag) {
	case VOLT_CONSTANT_BOOL: constant->bits = reader_bool(reader, "bool"); break;
	case VOLT_CONSTANT_INT:
	case VOLT_CONSTANT_FLOAT: constant->bits = reader_u64(reader); break;
	case VOLT_CONSTANT_STRING: constant->text = reader_text(reader); break;
	case VOLT_CONSTANT_NIL:
	case VOLT_CONSTANT_TAG_COUNT: break;
	}
}

static void read_global(vob_reader *reader, volt_global *global) {
	global->name = reader_text(reader);
	global->slots = reader_u16(reader);
	global->kind = reader_enum(reader, VOLT_KIND_COUNT, "kind");
	global->meta = reader_u32(reader);
	READ_VECTOR(reader, "slot_types", &global->slot_types, 1, reader_slot_type);
}

static void read_u16(vob_reader *reader, uint16_t *item) {
	*item = reader_u16(reader);
}

static void read_instruction(vob_reader *reader, volt_instruction *instruction) {
	instruction->op = reader_u8(reader);
	instruction->flags = reader_u8(reader);
	instruction->a = reader_u16(reader);
	instruction->b = reader_u16(reader);
	instruction->c = reader_u16(reader);
}

static void read_transfer_type(vob_reader *reader, volt_transfer_type *type) {
	type->meta = reader_u32(reader);
	type->slots = reader_u16(reader);
}

static void read_function(vob_reader *reader, volt_function *function) {
	function->name = reader_text(reader);
	function->parameter_count = reader_u16(reader);
	function->parameter_slots = reader_u16(reader);
	function->local_slots = reader_u16(reader);
	function->result_slots = reader_u16(reader);
	function->receiver_slots = reader_u16(reader);
	function->heap_result_count = reader_u16(reader);
	function->heap_result_start = reader_u16(reader);
	READ_VECTOR(reader, "heap_result_slots", &function->heap_result_slots, 2, read_u16);
	function->is_closure = reader_bool(reader, "is_closure");
	function->error_result_slot = (int16_t)reader_u16(reader);
	function->has_defer = reader_bool(reader, "has_defer");
	READ_VECTOR(reader, "slot_types", &function->slot_types, 1, reader_slot_type);
	READ_VECTOR(reader, "code", &function->code, INSTRUCTION_BYTES, read_instruction);
	READ_VECTOR(reader, "capture_types", &function->capture_types, TRANSFER_TYPE_BYTES, read_transfer_type);
	READ_VECTOR(reader, "parameter_types", &function->parameter_types, TRANSFER_TYPE_BYTES,
	            read_transfer_type);
}

static void read_native(vob_reader *reader, volt_native_import *native) {
	native->name = reader_text(reader);
	native->parameter_slots = reader_u16(reader);
	native->result_slots = reader_u16(reader);
	native->is_blocking = reader_bool(reader, "is_blocking");
}

void reader_program(vob_reader *reader, volt_module *module) {
	READ_VECTOR(reader, "constants", &module->constants, CONSTANT_BYTES, read_constant);
	READ_VECTOR(reader, "globals", &module->globals, GLOBAL_BYTES, read_global);
	READ_VECTOR(reader, "functions", &module->functions, FUNCTION_BYTES, read_function);
	READ_VECTOR(reader, "natives", &module->natives, NATIVE_BYTES, read_native);
}

static void read_location(vob_reader *reader, volt_debug_location *location) {
	location->pc = reader_u32(reader);
	location->file = reader_u16(reader);
	location->line = reader_u32(reader);
	location->column = reader_u16(reader);
	location->length = reader_u16(reader);
}

static void read_function_debug(vob_reader *reader, volt_function_debug *debug) {
	READ_VECTOR(reader, "locations", &debug->locations, LOCATION_BYTES, read_location);
}

void reader_debug(vob_reader *reader, volt_module *module) {
	READ_VECTOR(reader, "debug_files", &module->debug_files, TEXT_BYTES, reader_name);
	READ_VECTOR(reader, "function_debug", &module->function_debug, VECTOR_BYTES, read_function_debug);
}
