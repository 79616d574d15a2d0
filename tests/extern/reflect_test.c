/*
 * Types that natives look up at run time, from a module as compilers write it: names over names, anonymous
 * interfaces, and `error` under the id of the first named type.
 */
#include <stdio.h>
#include <string.h>

#include "extern/reflect/reflect.h"
#include "host.h"
#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "volt/verify.h"
#include "volt/vot.h"

/* Ids of runtime types; the reserved ones stand below 18. */
enum {
	TYPE_SHAPE = 18, /* an interface; it is also what `error` is written as */
	TYPE_BASE,
	TYPE_KEY,
	TYPE_AREA_SIGNATURE,
	TYPE_TEXT_SIGNATURE,
	TYPE_ANONYMOUS,
	TYPE_UNKNOWN,
	TYPE_BASE_POINTER,
	TYPE_FORM,
	TYPE_FAILURE,
	TYPE_FAILURE_POINTER,
	TYPE_LARGE_POINTER,
	TYPE_CODE,
	TYPE_PAIR, /* [2]int8 */
	TYPE_ROW,
	TYPE_LARGE,
	TYPE_ROW_POINTER,
};

enum { STRUCT_BASE, STRUCT_LARGE };
enum { INTERFACE_SHAPE = 2, INTERFACE_ANONYMOUS };

static const char module_text[] =
    "struct types=vr {\n\tfield number int:2 offset=0 slots=1\n\tfield name string:17 offset=1 slots=1\n}\n"
    "struct types=vvvvvvvv {\n\tfield number int:2 offset=7 slots=1\n}\n"
    "interface \"\"\n"
    "interface error {\n\tname Error\n\tmethod Error signature=22\n}\n"
    "interface main.Shape {\n\tname Area\n\tmethod Area signature=21\n}\n"
    "interface \"\" {\n\tname Area\n\tname Error\n\tmethod Area signature=21\n\tmethod Error "
    "signature=22\n}\n"
    "named main.Shape interface:2\n"
    "named main.Base struct:0 {\n\tmethod Area @area signature=21\n}\n"
    "named main.Key struct:19\n"
    "named main.Form interface:18\n"
    "named main.Failure struct:0 {\n\tmethod Error @text signature=22 pointer\n"
    "\tmethod Area @area signature=21 pointer\n}\n"
    "named main.Code int:2 {\n\tmethod Error @text signature=22\n}\n"
    "named main.Row array:31\n"
    "named main.Large struct:1\n"
    "type basic void\ntype basic bool\ntype basic int\ntype basic int8\ntype basic int16\ntype basic int32\n"
    "type basic int64\ntype basic uint\ntype basic uint8\ntype basic uint16\ntype basic uint32\n"
    "type basic uint64\ntype basic float32\ntype basic float64\ntype basic void\ntype basic void\n"
    "type basic void\ntype basic string\n"
    "type named 0\n"                                            /* 18: Shape */
    "type named 1 struct=0\n"                                   /* Base */
    "type named 2\n"                                            /* Key */
    "type func [] [int:2]\n"                                    /* the signature of Area */
    "type func [] [string:17]\n"                                /* the signature of Error */
    "type interface 0 {\n\tmethod Error signature=closure:22\n" /* methods of interface 3 */
    "\tmethod Area signature=closure:21\n}\n"
    "type interface 0 {\n\tmethod Other signature=closure:21\n}\n" /* those of none */
    "type pointer struct:19\n"
    "type named 3\n"          /* Form */
    "type named 4 struct=0\n" /* Failure */
    "type pointer struct:27\n"
    "type pointer struct:33\n"
    "type named 5\n" /* Code */
    "type array 2 int8:3\n"
    "type named 6\n"          /* Row */
    "type named 7 struct=1\n" /* 33: Large */
    "type pointer array:32\n"
    "wellknown error_interface=1\n"
    "fn area params=1 receiver=1 {\n\tReturn r0, 1\n}\n"
    "fn text params=1 receiver=1 {\n\tReturn r0, 1\n}\n"
    "fn main {\n\tReturn r0, 0\n}\n";

#define WORD(id, kind) volt_meta_make((id), VOLT_KIND_##kind)

static reflect_type type_of(uint32_t rttid) {
	reflect_type type;
	ck_assert(reflect_type_get(host_space(), rttid, &type));
	return type;
}

START_TEST(names_over_names) {
	const volt_struct_meta *structs = host_module->struct_metas.items;
	ck_assert_ptr_eq(type_of(TYPE_KEY).structure, &structs[STRUCT_BASE]);
	ck_assert_uint_eq(type_of(TYPE_KEY).rttid, TYPE_KEY);
	ck_assert_uint_eq(type_of(TYPE_KEY).meta, WORD(STRUCT_BASE, STRUCT));
	ck_assert_uint_eq(type_of(TYPE_FORM).interface_meta, INTERFACE_SHAPE);
	ck_assert_uint_eq(type_of(TYPE_ROW).length, 2);
}
END_TEST

START_TEST(anonymous_interfaces) {
	ck_assert_uint_eq(type_of(TYPE_ANONYMOUS).interface_meta, INTERFACE_ANONYMOUS);
	const reflect_type unknown = type_of(TYPE_UNKNOWN);
	ck_assert_int_eq(unknown.kind, VOLT_KIND_INTERFACE);
	ck_assert_uint_eq(unknown.slots, 2);
	ck_assert(!reflect_type_is_any(host_space(), &unknown));
}
END_TEST

static reflect_store_result store(uint32_t word, volt_slot slots[2], volt_slot type_word, volt_slot payload) {
	reflect_type type;
	ck_assert(reflect_type_of(host_space(), word, &type));
	volt_slot value[2] = {type_word, payload};
	return reflect_store(host_space(), &type, slots, value);
}

static uint32_t method_of(volt_slot type_word, uint32_t method) {
	uint32_t function;
	ck_assert_int_eq(interface_method(host_space(), type_word, method, &function).kind, VOLT_TRAP_None);
	return function;
}

enum { FUNCTION_AREA, FUNCTION_TEXT };

static volt_slot new_base(void) {
	return heap_new_object(host_space(), WORD(STRUCT_BASE, STRUCT), 2);
}

/* What is stored has the methods that code will call by their places. */
START_TEST(stores_into_interfaces) {
	volt_slot slots[2];
	const volt_slot failure = volt_interface_type(0, TYPE_FAILURE_POINTER, VOLT_KIND_POINTER);
	const volt_slot base = volt_interface_type(0, TYPE_BASE, VOLT_KIND_STRUCT);
	ck_assert_int_eq(store(WORD(TYPE_ANONYMOUS, INTERFACE), slots, failure, new_base()), REFLECT_STORED);
	ck_assert_uint_eq(method_of(slots[0], 0), FUNCTION_AREA);
	ck_assert_uint_eq(method_of(slots[0], 1), FUNCTION_TEXT);
	ck_assert_int_eq(store(WORD(TYPE_ANONYMOUS, INTERFACE), slots, base, new_base()),
	                 REFLECT_NOT_IMPLEMENTED);
	ck_assert_int_eq(store(WORD(TYPE_UNKNOWN, INTERFACE), slots, base, new_base()), REFLECT_NOT_IMPLEMENTED);
	ck_assert_int_eq(store(WORD(TYPE_UNKNOWN, INTERFACE), slots, 0, 0), REFLECT_STORED);
	ck_assert_int_eq(store(WORD(TYPE_FORM, INTERFACE), slots, base, new_base()), REFLECT_STORED);
	ck_assert_uint_eq(method_of(slots[0], 0), FUNCTION_AREA);
}
END_TEST

/* Shape and `error` are the same word: what is only one of them is stored as that, what is both is refused.
 */
START_TEST(stores_into_what_may_be_error) {
	volt_slot slots[2];
	const volt_slot base = volt_interface_type(0, TYPE_BASE, VOLT_KIND_STRUCT);
	const volt_slot code = volt_interface_type(0, TYPE_CODE, VOLT_KIND_INT);
	const volt_slot failure = volt_interface_type(0, TYPE_FAILURE_POINTER, VOLT_KIND_POINTER);
	ck_assert_int_eq(store(WORD(TYPE_SHAPE, INTERFACE), slots, base, new_base()), REFLECT_STORED);
	ck_assert_uint_eq(method_of(slots[0], 0), FUNCTION_AREA);
	ck_assert_int_eq(store(WORD(TYPE_SHAPE, INTERFACE), slots, code, 3), REFLECT_STORED);
	ck_assert_uint_eq(method_of(slots[0], 0), FUNCTION_TEXT);
	ck_assert_int_eq(store(WORD(TYPE_SHAPE, INTERFACE), slots, failure, new_base()), REFLECT_NOT_IMPLEMENTED);
}
END_TEST

static bool opens(uint32_t pointer_type, volt_slot pointer) {
	reflect_value target;
	const reflect_value value = {.type = type_of(pointer_type), .slots = &pointer};
	return reflect_pointee(host_space(), &value, &target);
}

/* A pointer type of another struct than the object's, and numbers that are no pointers. */
START_TEST(pointees_are_as_large_as_their_type) {
	const volt_slot base = new_base();
	ck_assert(opens(TYPE_BASE_POINTER, base));
	ck_assert(!opens(TYPE_LARGE_POINTER, base));
	ck_assert(!opens(TYPE_BASE_POINTER, 77 * sizeof(volt_slot)));
	const volt_slot large = heap_new_object(host_space(), WORD(STRUCT_LARGE, STRUCT), 8);
	ck_assert(opens(TYPE_LARGE_POINTER, large));
	ck_assert(!opens(TYPE_LARGE_POINTER, large + 4 * sizeof(volt_slot)));
	ck_assert(opens(TYPE_BASE_POINTER, large + 4 * sizeof(volt_slot))); /* a pointer to a field */
	volt_slot array;
	ck_assert_int_eq(array_new(host_space(), WORD(0, INT8), 2, 1, &array).kind, VOLT_TRAP_None);
	ck_assert(opens(TYPE_ROW_POINTER, array));
	ck_assert_int_eq(array_new(host_space(), WORD(0, INT8), 3, 1, &array).kind, VOLT_TRAP_None);
	ck_assert(!opens(TYPE_ROW_POINTER, array));
	volt_slot *words = volt_slot_pointer(base);
	words[0] = 2;                           /* what a length of an array would be, */
	words[1] = (volt_slot)UINT32_MAX << 32; /* and sizes of its elements */
	ck_assert(!opens(TYPE_ROW_POINTER, base));
}
END_TEST

int main(void) {
	const TTest *const tests[] = {names_over_names, anonymous_interfaces, stores_into_interfaces,
	                              stores_into_what_may_be_error, pointees_are_as_large_as_their_type};
	volt_module *module;
	volt_error *error = volt_module_assemble(module_text, strlen(module_text), "reflect.vot", &module);
	if (!error)
		error = volt_module_verify(module);
	if (error) {
		fprintf(stderr, "%s\n", volt_error_message(error));
		return 1;
	}
	host_module = module;
	const int status = host_run("reflect", tests, sizeof tests / sizeof *tests);
	volt_module_free(module);
	return status;
}
