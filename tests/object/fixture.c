/* A hand-made module with a few types, and a space for it. */
#include "fixture.h"

#define TEXT(literal) \
	{ literal, sizeof(literal) - 1 }
#define LIST(array) \
	{ (array), sizeof(array) / sizeof((array)[0]) }
#define META(id, kind) ((uint32_t)(id) << 8 | (kind))

static uint8_t box_slots[] = {VOLT_SLOT_REFERENCE};
static uint8_t error_slots[] = {VOLT_SLOT_REFERENCE, VOLT_SLOT_INTERFACE_TYPE, VOLT_SLOT_INTERFACE_PAYLOAD};
static uint8_t point_slots[] = {VOLT_SLOT_VALUE, VOLT_SLOT_VALUE};
static uint8_t person_slots[] = {VOLT_SLOT_REFERENCE, VOLT_SLOT_VALUE};
static uint8_t holder_slots[] = {VOLT_SLOT_INTERFACE_TYPE, VOLT_SLOT_INTERFACE_PAYLOAD};
static uint8_t grid_slots[] = {VOLT_SLOT_REFERENCE, VOLT_SLOT_REFERENCE};

static volt_field_meta error_fields[] = {
    {.name = TEXT("msg"), .offset = 0, .slot_count = 1, .type = META(17, VOLT_KIND_STRING)},
    {.name = TEXT("cause"), .offset = 1, .slot_count = 2, .type = META(16, VOLT_KIND_INTERFACE)},
};
static volt_field_meta point_fields[] = {
    {.name = TEXT("x"), .offset = 0, .slot_count = 1, .type = META(2, VOLT_KIND_INT)},
    {.name = TEXT("y"), .offset = 1, .slot_count = 1, .type = META(2, VOLT_KIND_INT)},
};
static volt_field_meta person_fields[] = {
    {.name = TEXT("name"), .offset = 0, .slot_count = 1, .type = META(17, VOLT_KIND_STRING)},
    {.name = TEXT("age"), .offset = 1, .slot_count = 1, .type = META(2, VOLT_KIND_INT)},
};
static volt_field_meta holder_fields[] = {
    {.name = TEXT("value"), .offset = 0, .slot_count = 2, .type = META(16, VOLT_KIND_INTERFACE)},
};
static volt_field_meta grid_fields[] = {
    {.name = TEXT("cells"), .offset = 0, .slot_count = 2, .type = META(TYPE_STRING_ARRAY, VOLT_KIND_ARRAY)},
};
static volt_struct_meta struct_metas[STRUCT_META_COUNT] = {
    [STRUCT_BOX] = {.slot_types = LIST(box_slots)},
    [STRUCT_ERROR] = {.slot_types = LIST(error_slots), .fields = LIST(error_fields)},
    [STRUCT_POINT] = {.slot_types = LIST(point_slots), .fields = LIST(point_fields)},
    [STRUCT_PERSON] = {.slot_types = LIST(person_slots), .fields = LIST(person_fields)},
    [STRUCT_HOLDER] = {.slot_types = LIST(holder_slots), .fields = LIST(holder_fields)},
    [STRUCT_GRID] = {.slot_types = LIST(grid_slots), .fields = LIST(grid_fields)},
};

static volt_text error_names[] = {TEXT("Error")};
static volt_interface_method error_methods[] = {{TEXT("Error"), SIGNATURE_TEXT}};
static volt_text shape_names[] = {TEXT("Name"), TEXT("Area")};
static volt_interface_method shape_methods[] = {
    {TEXT("Name"), SIGNATURE_TEXT},
    {TEXT("Area"), SIGNATURE_NUMBER},
};
static volt_text area_names[] = {TEXT("Area")};
static volt_interface_method area_methods[] = {{TEXT("Area"), SIGNATURE_NUMBER}};
static volt_interface_meta interface_metas[INTERFACE_META_COUNT] = {
    [INTERFACE_ERROR] = {.name = TEXT("error"),
                         .method_names = LIST(error_names),
                         .methods = LIST(error_methods)},
    [INTERFACE_SHAPE] = {.name = TEXT("Shape"),
                         .method_names = LIST(shape_names),
                         .methods = LIST(shape_methods)},
    [INTERFACE_AREA] = {.name = TEXT("Area"),
                        .method_names = LIST(area_names),
                        .methods = LIST(area_methods)},
};

enum { NAMED_ERROR, NAMED_POINT, NAMED_PERSON, NAMED_HOLDER, NAMED_CELSIUS, NAMED_GRID, NAMED_LOOP };

static volt_named_method methods_of_error[] = {{TEXT("Error"), FUNCTION_ERROR, true, SIGNATURE_TEXT}};
static volt_named_method methods_of_point[] = {
    {TEXT("Area"), FUNCTION_AREA, false, SIGNATURE_NUMBER},
    {TEXT("Name"), FUNCTION_NAME, false, SIGNATURE_TEXT},
};
static volt_named_method methods_of_person[] = {{TEXT("Area"), FUNCTION_PERSON_AREA, true, SIGNATURE_NUMBER}};
static volt_named_type named_types[] = {
    [NAMED_ERROR] = {TEXT("errors.Error"), META(STRUCT_ERROR, VOLT_KIND_STRUCT), LIST(methods_of_error)},
    [NAMED_POINT] = {TEXT("main.Point"), META(STRUCT_POINT, VOLT_KIND_STRUCT), LIST(methods_of_point)},
    [NAMED_PERSON] = {TEXT("main.Person"), META(STRUCT_PERSON, VOLT_KIND_STRUCT), LIST(methods_of_person)},
    [NAMED_HOLDER] = {.name = TEXT("main.Holder"), .underlying = META(STRUCT_HOLDER, VOLT_KIND_STRUCT)},
    [NAMED_CELSIUS] = {.name = TEXT("main.Celsius"), .underlying = META(2, VOLT_KIND_INT)},
    [NAMED_GRID] = {.name = TEXT("main.Grid"), .underlying = META(STRUCT_GRID, VOLT_KIND_STRUCT)},
    [NAMED_LOOP] = {.name = TEXT("main.Loop"), .underlying = META(TYPE_LOOP, VOLT_KIND_ARRAY)},
};

#define BASIC(of) [of] = {.tag = VOLT_TYPE_BASIC, .kind = (of)}
static volt_runtime_type runtime_types[TYPE_COUNT] = {
    BASIC(VOLT_KIND_BOOL),
    BASIC(VOLT_KIND_INT),
    BASIC(VOLT_KIND_INT8),
    BASIC(VOLT_KIND_INT16),
    BASIC(VOLT_KIND_INT32),
    BASIC(VOLT_KIND_INT64),
    BASIC(VOLT_KIND_UINT),
    BASIC(VOLT_KIND_UINT8),
    BASIC(VOLT_KIND_UINT16),
    BASIC(VOLT_KIND_UINT32),
    BASIC(VOLT_KIND_UINT64),
    BASIC(VOLT_KIND_FLOAT32),
    BASIC(VOLT_KIND_FLOAT64),
    BASIC(VOLT_KIND_STRING),
    [TYPE_ERROR] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_ERROR},
    [TYPE_ERROR_POINTER] = {.tag = VOLT_TYPE_POINTER, .element = META(TYPE_ERROR, VOLT_KIND_STRUCT)},
    [TYPE_POINT] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_POINT},
    [TYPE_POINT_POINTER] = {.tag = VOLT_TYPE_POINTER, .element = META(TYPE_POINT, VOLT_KIND_STRUCT)},
    [TYPE_PERSON] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_PERSON},
    [TYPE_PERSON_POINTER] = {.tag = VOLT_TYPE_POINTER, .element = META(TYPE_PERSON, VOLT_KIND_STRUCT)},
    [TYPE_HOLDER] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_HOLDER},
    [TYPE_SMALL_ARRAY] = {.tag = VOLT_TYPE_ARRAY, .length = 4, .element = META(4, VOLT_KIND_INT16)},
    [TYPE_STRING_ARRAY] = {.tag = VOLT_TYPE_ARRAY, .length = 2, .element = META(17, VOLT_KIND_STRING)},
    [TYPE_INT_SLICE] = {.tag = VOLT_TYPE_SLICE, .element = META(2, VOLT_KIND_INT)},
    [TYPE_CELSIUS] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_CELSIUS},
    [TYPE_GRID] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_GRID},
    [TYPE_POINT_ARRAY] = {.tag = VOLT_TYPE_ARRAY, .length = 2, .element = META(TYPE_POINT, VOLT_KIND_STRUCT)},
    [TYPE_LOOP] = {.tag = VOLT_TYPE_NAMED, .id = NAMED_LOOP},
};

static uint32_t module_table[] = {FUNCTION_MODULE_TABLE};
static uint32_t table_of_person[] = {FUNCTION_PERSON_AREA};
static volt_itab itabs[] = {LIST(module_table), LIST(table_of_person)};

const volt_module test_module = {
    .source = "test",
    .struct_metas = LIST(struct_metas),
    .interface_metas = LIST(interface_metas),
    .named_types = LIST(named_types),
    .itabs = LIST(itabs),
    .runtime_types = LIST(runtime_types),
    .well_known = {.error_named_type = {true, NAMED_ERROR},
                   .error_interface = {true, INTERFACE_ERROR},
                   .error_pointer = {true, TYPE_ERROR_POINTER},
                   .error_struct = {true, STRUCT_ERROR},
                   .has_error_offsets = true,
                   .error_message_offset = 0,
                   .error_cause_offset = 1},
};

object_space *space;

void make_space(void) {
	ck_assert_ptr_null(heap_start());
	heap_enter_thread();
	ck_assert_ptr_null(object_space_new(&test_module, NULL, &space));
}

void free_space(void) {
	object_space_free(space);
	heap_leave_thread();
}

int run_suite(const char *name, const test_list tests) {
	Suite *suite = suite_create(name);
	for (size_t index = 0; tests[index]; index++) {
		TCase *test_case = tcase_create(tests[index]->name);
		tcase_add_checked_fixture(test_case, make_space, free_space);
		tcase_set_timeout(test_case, 60);
		tcase_add_test(test_case, tests[index]);
		suite_add_tcase(suite, test_case);
	}
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

volt_slot text(const char *bytes) {
	return string_from_c(space, bytes);
}

volt_slot boxed(uint32_t struct_meta, uint32_t count, const volt_slot *slots) {
	volt_slot object = heap_new_object(space, volt_meta_make(struct_meta, VOLT_KIND_STRUCT), count);
	memcpy(volt_slot_pointer(object), slots, count * sizeof *slots);
	return object;
}

volt_slot any_type(uint32_t rttid, volt_kind kind) {
	return volt_interface_type(0, rttid, kind);
}

/* xorshift64* */
uint64_t next_random(uint64_t *state) {
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1du;
}

void assert_trap(volt_trap trap, const char *message) {
	char formatted[128];
	volt_trap_format(trap, formatted, sizeof formatted);
	ck_assert_str_eq(formatted, message);
}
