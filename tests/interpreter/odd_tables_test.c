/*
 * Modules whose type tables were changed at random: what the verifier accepts runs to some end. The programs
 * hash, compare, show and assert values, and look into them by their types. Only what describes a value is
 * changed: code, functions of methods and what pointers point to remain, since these are believed, as forged
 * references are.
 */
#include <stdio.h>
#include <unistd.h>

#include "machine.h"
#include "volt/verify.h"

enum { CHANGES = 200, MOST_STEPS = 20000, MOST_HEAP = 64 << 20 };

static uint64_t seed = 1;

static uint32_t random_below(uint64_t count) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return count ? (uint32_t)(seed % count) : 0;
}

/* Kind, id or both; ids up to one that does not exist. */
static void change_word(const volt_module *module, uint32_t *word) {
	const uint32_t id = random_below(module->runtime_types.count + 1ULL);
	const volt_kind kind = (volt_kind)random_below(VOLT_KIND_COUNT);
	const uint32_t words[] = {volt_meta_make(id, volt_meta_kind(*word)),
	                          volt_meta_make(volt_meta_id(*word), kind), volt_meta_make(id, kind)};
	*word = words[random_below(3)];
}

static void change_struct(volt_module *module) {
	if (!module->struct_metas.count)
		return;
	volt_struct_meta *meta = &module->struct_metas.items[random_below(module->struct_metas.count)];
	if (meta->slot_types.count && random_below(4) == 0) {
		meta->slot_types.items[random_below(meta->slot_types.count)] =
		    (uint8_t)random_below(VOLT_SLOT_TYPE_COUNT);
		return;
	}
	if (!meta->fields.count)
		return;
	volt_field_meta *field = &meta->fields.items[random_below(meta->fields.count)];
	switch (random_below(3)) {
	case 0: field->offset = (uint16_t)random_below(meta->slot_types.count + 1ULL); break;
	case 1: field->slot_count = (uint16_t)random_below(4); break;
	default: change_word(module, &field->type); break;
	}
}

static void change_named(volt_module *module) {
	if (!module->named_types.count)
		return;
	volt_named_type *named = &module->named_types.items[random_below(module->named_types.count)];
	if (named->methods.count && random_below(3) == 0)
		named->methods.items[random_below(named->methods.count)].pointer_receiver ^= true;
	else
		change_word(module, &named->underlying);
}

static void change_type(volt_module *module) {
	if (!module->runtime_types.count)
		return;
	volt_runtime_type *type = &module->runtime_types.items[random_below(module->runtime_types.count)];
	switch (type->tag) {
	case VOLT_TYPE_NAMED:
		type->struct_meta =
		    (volt_optional){random_below(2) != 0, random_below(module->struct_metas.count + 1ULL)};
		break;
	case VOLT_TYPE_ARRAY: type->length = random_below(5); break;
	case VOLT_TYPE_STRUCT:
	case VOLT_TYPE_INTERFACE: type->id = random_below(8); break;
	default: break;
	}
}

static void change_known(volt_module *module) {
	volt_well_known_types *known = &module->well_known;
	switch (random_below(5)) {
	case 0: known->error_message_offset = (uint16_t)random_below(4); break;
	case 1: known->error_cause_offset = (uint16_t)random_below(4); break;
	case 2: known->error_pointer.value = random_below(module->runtime_types.count); break;
	case 3: known->error_struct.value = random_below(module->struct_metas.count); break;
	default: known->error_interface.value = random_below(module->interface_metas.count); break;
	}
}

static void change(volt_module *module) {
	void (*const changes[])(volt_module *) = {change_struct, change_named, change_type, change_known};
	for (uint32_t left = 1 + random_below(2); left > 0; left--)
		changes[random_below(4)](module);
}

static void swallow(void *user, int stream, const void *bytes, size_t length) {
	(void)user, (void)stream, (void)bytes, (void)length;
}

static void run_module(const volt_module *module) {
	const volt_vm_options options = {.max_steps = MOST_STEPS, .max_heap_bytes = MOST_HEAP, .output = swallow};
	volt_vm *vm;
	int status;
	volt_error *error = volt_vm_new(module, &options, &vm);
	ck_assert_ptr_null(error);
	error = volt_vm_run(vm, &status);
	volt_error_free(error);
	volt_vm_free(vm);
}

static void run_changed(const char *path) {
	int accepted = 0;
	seed = 1;
	for (int i = 0; i < CHANGES; i++) {
		volt_module *module;
		ck_assert_ptr_null(volt_module_read_file(path, &module));
		change(module);
		volt_error *error = volt_module_verify(module);
		if (!error)
			run_module(module);
		accepted += !error;
		volt_error_free(error);
		volt_module_free(module);
	}
	ck_assert_msg(accepted > CHANGES / 20 && accepted < CHANGES, "%s: %d of %d were accepted", path, accepted,
	              CHANGES);
}

START_TEST(own_programs) {
	static const char *const names[] = {"interfaces", "map_keys", "named_over_named"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[1024];
		snprintf(path, sizeof path, "%s/%s.vot", PROGRAMS, names[i]);
		run_changed(path);
	}
}
END_TEST

/* As compilers write them, with fields, tags, errors and protocols. */
START_TEST(shared_programs) {
	static const char *const names[] = {"dyn_access",    "dyn_errors",   "errors_try",
	                                    "fmt_verbs",     "iface_eq",     "map_keys",
	                                    "method_values", "struct_embed", "type_switch"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[1024];
		snprintf(path, sizeof path, "%s/%s.vob", SHARED_PROGRAMS, names[i]);
		if (access(path, R_OK) == 0)
			run_changed(path);
		else
			fprintf(stderr, "skipped: %s is not there\n", path);
	}
}
END_TEST

int main(void) {
	return run_suite("odd tables", (named_test[]){
	                                   {"own", own_programs},
	                                   {"shared", shared_programs},
	                                   {NULL, NULL},
	                               });
}
