/* Type metadata in the text form. */
#include <inttypes.h>

#include "bytecode/vot/disassemble.h"

static void write_struct_meta(const disassembler *to, const volt_struct_meta *meta) {
	FILE *out = to->out;
	fputs("struct", out);
	disassemble_slot_types(out, meta->slot_types.items, meta->slot_types.count);
	if (meta->fields.count)
		fputs(" {", out);
	for (uint32_t i = 0; i < meta->fields.count; i++) {
		const volt_field_meta *field = &meta->fields.items[i];
		fputs("\n\tfield ", out);
		disassemble_name(out, field->name);
		putc(' ', out);
		disassemble_word(out, field->type);
		fprintf(out, " offset=%u slots=%u%s", field->offset, field->slot_count,
		        field->embedded ? " embedded" : "");
		if (field->has_tag) {
			fputs(" tag=", out);
			disassemble_string(out, field->tag);
		}
	}
	fputs(meta->fields.count ? "\n}\n" : "\n", out);
}

static void write_interface_meta(const disassembler *to, const volt_interface_meta *meta) {
	fputs("interface ", to->out);
	disassemble_name(to->out, meta->name);
	bool empty = !meta->method_names.count && !meta->methods.count;
	fputs(empty ? "" : " {", to->out);
	for (uint32_t i = 0; i < meta->method_names.count; i++) {
		fputs("\n\tname ", to->out);
		disassemble_name(to->out, meta->method_names.items[i]);
	}
	for (uint32_t i = 0; i < meta->methods.count; i++) {
		fputs("\n\tmethod ", to->out);
		disassemble_name(to->out, meta->methods.items[i].name);
		fprintf(to->out, " signature=%u", meta->methods.items[i].signature);
	}
	fputs(empty ? "\n" : "\n}\n", to->out);
}

static void write_named_type(const disassembler *to, const volt_named_type *type) {
	fputs("named ", to->out);
	disassemble_name(to->out, type->name);
	putc(' ', to->out);
	disassemble_word(to->out, type->underlying);
	fputs(type->methods.count ? " {" : "", to->out);
	for (uint32_t i = 0; i < type->methods.count; i++) {
		const volt_named_method *method = &type->methods.items[i];
		fputs("\n\tmethod ", to->out);
		disassemble_name(to->out, method->name);
		putc(' ', to->out);
		disassemble_function_reference(to, method->function);
		fprintf(to->out, " signature=%u%s", method->signature, method->pointer_receiver ? " pointer" : "");
	}
	fputs(type->methods.count ? "\n}\n" : "\n", to->out);
}

static void write_itab(const disassembler *to, const volt_itab *itab) {
	fputs("itab [", to->out);
	for (uint32_t i = 0; i < itab->count; i++) {
		fputs(i ? ", " : "", to->out);
		disassemble_function_reference(to, itab->items[i]);
	}
	fputs("]\n", to->out);
}

static void write_type_fields(FILE *out, const volt_runtime_type *type) {
	for (uint32_t i = 0; i < type->fields.count; i++) {
		const volt_type_field *field = &type->fields.items[i];
		fputs("\n\tfield ", out);
		disassemble_name(out, field->name);
		putc(' ', out);
		disassemble_word(out, field->type);
		fputs(" tag=", out);
		disassemble_string(out, field->tag);
		fputs(" package=", out);
		disassemble_string(out, field->package);
		fputs(field->embedded ? " embedded" : "", out);
	}
}

static void write_type_methods(FILE *out, const volt_runtime_type *type) {
	for (uint32_t i = 0; i < type->methods.count; i++) {
		fputs("\n\tmethod ", out);
		disassemble_name(out, type->methods.items[i].name);
		fputs(" signature=", out);
		disassemble_word(out, type->methods.items[i].signature);
	}
}

static void write_compound(FILE *out, const volt_runtime_type *type) {
	static const char *const directions[] = {"both", "send", "receive"};
	switch (type->tag) {
	case VOLT_TYPE_ARRAY: fprintf(out, "array %" PRIu64 " ", type->length); break;
	case VOLT_TYPE_MAP:
		fputs("map ", out);
		disassemble_word(out, type->key);
		putc(' ', out);
		break;
	case VOLT_TYPE_CHANNEL: fprintf(out, "chan %s ", directions[type->direction]); break;
	case VOLT_TYPE_POINTER: fputs("pointer ", out); break;
	case VOLT_TYPE_SLICE: fputs("slice ", out); break;
	default: fputs("port ", out); break;
	}
	disassemble_word(out, type->element);
}

static void write_runtime_type(const disassembler *to, const volt_runtime_type *type) {
	FILE *out = to->out;
	fputs("type ", out);
	switch (type->tag) {
	case VOLT_TYPE_BASIC: fprintf(out, "basic %s", volt_kind_name(type->kind)); break;
	case VOLT_TYPE_NAMED:
		fprintf(out, "named %u", type->id);
		if (type->struct_meta.present)
			fprintf(out, " struct=%u", type->struct_meta.value);
		break;
	case VOLT_TYPE_FUNCTION:
		fputs("func ", out);
		disassemble_words(out, &type->parameters);
		putc(' ', out);
		disassemble_words(out, &type->results);
		fputs(type->variadic ? " variadic" : "", out);
		break;
	case VOLT_TYPE_STRUCT:
		fprintf(out, "struct %u%s", type->id, type->fields.count ? " {" : "");
		write_type_fields(out, type);
		fputs(type->fields.count ? "\n}" : "", out);
		break;
	case VOLT_TYPE_INTERFACE:
		fprintf(out, "interface %u%s", type->id, type->methods.count ? " {" : "");
		write_type_methods(out, type);
		fputs(type->methods.count ? "\n}" : "", out);
		break;
	case VOLT_TYPE_TUPLE:
		fputs("tuple ", out);
		disassemble_words(out, &type->parameters);
		break;
	case VOLT_TYPE_ISLAND: fputs("island", out); break;
	default: write_compound(out, type); break;
	}
}

static void write_optional(FILE *out, const char *name, volt_optional optional) {
	if (optional.present)
		fprintf(out, " %s=%u", name, optional.value);
}

static void write_well_known(const disassembler *to) {
	const volt_well_known_types *types = &to->module->well_known;
	fputs("wellknown", to->out);
	write_optional(to->out, "error_named", types->error_named_type);
	write_optional(to->out, "error_interface", types->error_interface);
	write_optional(to->out, "error_pointer", types->error_pointer);
	write_optional(to->out, "error_struct", types->error_struct);
	if (types->has_error_offsets)
		fprintf(to->out, " message=%u cause=%u", types->error_message_offset, types->error_cause_offset);
	write_optional(to->out, "attribute", types->attribute_object);
	write_optional(to->out, "set_attribute", types->set_attribute_object);
	write_optional(to->out, "index", types->index_object);
	write_optional(to->out, "set_index", types->set_index_object);
	write_optional(to->out, "call", types->call_object);
	putc('\n', to->out);
}

void disassemble_types(const disassembler *to) {
	const volt_module *module = to->module;
	for (uint32_t i = 0; i < module->struct_metas.count; i++) {
		fprintf(to->out, "; struct %u\n", i);
		write_struct_meta(to, &module->struct_metas.items[i]);
	}
	for (uint32_t i = 0; i < module->interface_metas.count; i++) {
		fprintf(to->out, "; interface %u\n", i);
		write_interface_meta(to, &module->interface_metas.items[i]);
	}
	for (uint32_t i = 0; i < module->named_types.count; i++) {
		fprintf(to->out, "; named %u\n", i);
		write_named_type(to, &module->named_types.items[i]);
	}
	for (uint32_t i = 0; i < module->itabs.count; i++)
		write_itab(to, &module->itabs.items[i]);
	for (uint32_t i = 0; i < module->runtime_types.count; i++) {
		write_runtime_type(to, &module->runtime_types.items[i]);
		fprintf(to->out, " ; %u\n", i);
	}
	write_well_known(to);
}
