/*
 * Dynamic access: fields, indices, methods and calls by reflection, the errors of each, protocols and
 * replay.
 */
#include <stdio.h>
#include <string.h>

#include "object/interfaces.h"
#include "sample_values.h"

#define ANY_WANTED 0, VOLT_KIND_INTERFACE

static host_outcome field(volt_slot type, volt_slot payload, const char *name) {
	return CALL("dyn_field", 4, type, payload, host_string(name), ANY_WANTED);
}

static host_outcome at(volt_slot type, volt_slot payload, volt_slot key_type, volt_slot key) {
	return CALL("dyn_index", 4, type, payload, key_type, key, ANY_WANTED);
}

static void expect_value(const char *where, const host_outcome *outcome, volt_slot type, volt_slot payload) {
	sample_expect_error(where, outcome->results + 2, "");
	ck_assert_msg(outcome->results[0] == type, "%s: type %llx", where,
	              (unsigned long long)outcome->results[0]);
	ck_assert_msg(outcome->results[1] == payload, "%s: payload %llx", where,
	              (unsigned long long)outcome->results[1]);
}

/* A failed access gives zeros and an error. */
static void expect_failure(const host_outcome *outcome, uint32_t values, const char *message) {
	for (uint32_t i = 0; i < values; i++)
		ck_assert_uint_eq(outcome->results[i], 0);
	sample_expect_error(message, outcome->results + values, message);
}

static volt_slot small_slice(void) {
	volt_slot slice = 0;
	slice_new(host_space(), volt_meta_make(0, VOLT_KIND_INT8), 3, 3, 1, &slice);
	memcpy(slice_data(slice), "\1\xfe\3", 3);
	return slice;
}

static volt_slot closure_of(uint32_t function, uint32_t captures) {
	volt_slot object = heap_new_untyped(host_space(), volt_meta_make(0, VOLT_KIND_CLOSURE), 1 + captures);
	((volt_closure *)volt_slot_pointer(object))->function = function;
	((volt_closure *)volt_slot_pointer(object))->capture_count = captures;
	return object;
}

START_TEST(fields) {
	volt_slot outer = sample_outer();
	volt_slot *words = sample_words(outer);
	words[OUTER_N] = 5;
	words[OUTER_HIDDEN] = 6;
	words[OUTER_SMALL] = (volt_slot)-1;
	words[OUTER_NEXT] = outer;
	words[OUTER_TRIPLE + 1] = (volt_slot)-2;
	host_outcome outcome = field(TYPED(POINTER, TYPE_OUTER_POINTER), outer, "hidden");
	expect_value("hidden", &outcome, INT_VALUE(6));
	outcome = field(TYPED(STRUCT, TYPE_OUTER), outer, "N"); /* through the embedded struct */
	expect_value("N", &outcome, INT_VALUE(5));
	outcome = field(TYPED(POINTER, TYPE_OUTER_POINTER), outer, "Small");
	expect_value("Small", &outcome, TYPED(INT8, VOLT_KIND_INT8), (volt_slot)-1);
	outcome = field(TYPED(POINTER, TYPE_OUTER_POINTER), outer, "Next");
	expect_value("Next", &outcome, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	outcome = field(TYPED(POINTER, TYPE_OUTER_POINTER), outer, "Inner");
	ck_assert_uint_eq(outcome.results[0], TYPED(STRUCT, TYPE_INNER));
	words[OUTER_N] = 50; /* a struct is a copy */
	ck_assert_uint_eq(sample_words(outcome.results[1])[0], 5);
	outcome = field(TYPED(POINTER, TYPE_OUTER_POINTER), outer, "Triple");
	ck_assert_uint_eq(outcome.results[0], TYPED(ARRAY, TYPE_TRIPLE));
	ck_assert_int_eq((int8_t)((volt_array *)volt_slot_pointer(outcome.results[1]))->data[1], -2);
	static const char *const keys[] = {"one"};
	outcome = field(TYPED(MAP, TYPE_SCORES), sample_scores(keys, 1), "one");
	expect_value("map", &outcome, INT_VALUE(1));
}
END_TEST

/* What the caller wants decides how the value comes: words, two words, or a reference. */
START_TEST(wanted_types) {
	volt_slot outer = sample_outer();
	sample_words(outer)[OUTER_N] = 5;
	sample_words(outer)[OUTER_LABEL] = host_string("l");
	volt_slot base = TYPED(POINTER, TYPE_OUTER_POINTER);
	host_outcome outcome = CALL("dyn_field", 4, base, outer, host_string("N"), VOLT_KIND_INT, VOLT_KIND_INT);
	expect_value("int", &outcome, 5, 0);
	outcome = CALL("dyn_field", 4, base, outer, host_string("Inner"), TYPE_INNER, VOLT_KIND_STRUCT);
	expect_value("two words", &outcome, 5, sample_words(outer)[OUTER_LABEL]);
	outcome = CALL("dyn_field", 4, base, outer, host_string("Triple"), TYPE_TRIPLE, VOLT_KIND_ARRAY);
	ck_assert_uint_eq(outcome.results[0], 0);
	ck_assert_uint_eq(array_length(outcome.results[1]), 3);
	outcome = CALL("dyn_field", 4, base, outer, host_string("N"), VOLT_KIND_STRING, VOLT_KIND_STRING);
	expect_failure(&outcome, 2, "type assertion failed: dynamic access: type mismatch");
	outcome = CALL("dyn_field", 4, base, outer, host_string("N"), TYPE_CELSIUS, VOLT_KIND_INT);
	expect_failure(&outcome, 2, "type assertion failed: dynamic access: type mismatch");
	outcome = CALL("dyn_type_assert_error", 2, VOLT_KIND_STRING, VOLT_KIND_STRING, INT_VALUE(1));
	expect_failure(
	    &outcome, 0,
	    "type assertion failed: expected vk=17 rttid=17, got vk=Int rttid=2: dynamic access: type mismatch");
}
END_TEST

START_TEST(fields_that_fail) {
	volt_slot outer = sample_outer();
	const struct {
		volt_slot type, payload;
		const char *name, *message;
	} cases[] = {
	    {0, 0, "x", "cannot access field on nil: dynamic access: base value is nil"},
	    {INT_VALUE(1), "x", "cannot access field on this type: dynamic access: type mismatch"},
	    {TYPED(INT, TYPE_CELSIUS), 1, "x", "method not found: dynamic access: field does not exist"},
	    {TYPED(POINTER, TYPE_OUTER_POINTER), outer, "x",
	     "method not found: dynamic access: field does not exist"},
	    {TYPED(POINTER, TYPE_OUTER_POINTER), 0, "N",
	     "method not found: dynamic access: field does not exist"},
	    {TYPED(POINTER, TYPE_OUTER_POINTER), outer, "",
	     "field name is nil: dynamic access: field does not exist"},
	    {TYPED(POINTER, POINTER_TO(INT)), outer, "x", "not a struct type: dynamic access: type mismatch"},
	    {TYPED(MAP, TYPE_SCORES), 0, "x",
	     "cannot access field on nil map: dynamic access: base value is nil"},
	    {TYPED(MAP, TYPE_SCORES), sample_scores(NULL, 0), "x",
	     "map key not found: dynamic access: field does not exist"},
	    {TYPED(MAP, TYPE_INT_MAP), sample_scores(NULL, 0), "x",
	     "map key type is not string: dynamic access: type mismatch"},
	    {TYPED(STRUCT, 0xffffff), outer, "x", "not a struct type: dynamic access: type mismatch"},
	    {TYPED(INT, TYPE_ENDLESS), 0, "x", "method not found: dynamic access: field does not exist"},
	    /* The object is smaller than its type says. */
	    {TYPED(STRUCT, TYPE_OUTER), sample_new(TYPE_INNER), "N",
	     "method not found: dynamic access: field does not exist"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = field(cases[i].type, cases[i].payload, cases[i].name);
		expect_failure(&outcome, 2, cases[i].message);
	}
}
END_TEST

static void store(volt_slot type, volt_slot payload, const char *name, volt_slot value_type, volt_slot value,
                  const char *message) {
	host_outcome outcome = CALL("dyn_set_field", 2, type, payload, host_string(name), value_type, value);
	expect_failure(&outcome, 0, message);
}

START_TEST(setting_fields) {
	volt_slot outer = sample_outer();
	volt_slot base = TYPED(POINTER, TYPE_OUTER_POINTER);
	store(base, outer, "N", INT_VALUE(9), "");
	ck_assert_uint_eq(sample_words(outer)[OUTER_N], 9);
	store(base, outer, "Any", INT_VALUE(3), "");
	ck_assert_uint_eq(sample_words(outer)[OUTER_ANY], TYPED(INT, VOLT_KIND_INT));
	store(base, outer, "Any", 0, 0, "");
	ck_assert_uint_eq(sample_words(outer)[OUTER_ANY], 0);
	store(base, outer, "Next", 0, 0, "");
	volt_slot triple = sample_new(TYPE_TRIPLE);
	memcpy(((volt_array *)volt_slot_pointer(triple))->data, "\1\xff\3", 3);
	store(base, outer, "Triple", TYPED(ARRAY, TYPE_TRIPLE), triple, ""); /* packed there, full slots here */
	ck_assert_int_eq((int64_t)sample_words(outer)[OUTER_TRIPLE + 1], -1);
	volt_slot map = sample_scores(NULL, 0);
	store(TYPED(MAP, TYPE_SCORES), map, "k", INT_VALUE(4), "");
	ck_assert_uint_eq(map_length(map), 1);
	/* `error` has the id of the first named type: what it takes must be an error. */
	volt_slot cause = sample_new(TYPE_ERROR);
	store(TYPED(POINTER, TYPE_ERROR_POINTER), cause, "cause", TYPED(POINTER, TYPE_ERROR_POINTER), cause, "");
	ck_assert_uint_eq(sample_words(cause)[2], cause);
	store(TYPED(POINTER, TYPE_ERROR_POINTER), cause, "cause", INT_VALUE(1),
	      "value does not implement interface: dynamic access: type mismatch");
	store(0, 0, "N", INT_VALUE(1), "cannot set field on nil: dynamic access: base value is nil");
	store(base, outer, "nope", INT_VALUE(1), "field not found: dynamic access: field does not exist");
	store(base, outer, "N", STRING_VALUE("s"), "field type mismatch: dynamic access: type mismatch");
	store(base, outer, "N", 0, 0, "cannot write nil to non-nillable field: dynamic access: type mismatch");
	store(base, 0, "N", INT_VALUE(1), "struct data is nil: dynamic access: base value is nil");
	store(INT_VALUE(5), "N", INT_VALUE(1),
	      "type does not support this assignment: dynamic access: type mismatch");
	store(TYPED(MAP, TYPE_SCORES), map, "k", STRING_VALUE("s"),
	      "map value type mismatch: dynamic access: type mismatch");
}
END_TEST

START_TEST(indices) {
	volt_slot smalls = small_slice();
	volt_slot triple = sample_new(TYPE_TRIPLE);
	((volt_array *)volt_slot_pointer(triple))->data[2] = 0x80;
	host_outcome outcome = at(TYPED(SLICE, TYPE_INT8S), smalls, INT_VALUE(1));
	expect_value("packed", &outcome, TYPED(INT8, VOLT_KIND_INT8), (volt_slot)-2);
	outcome = at(TYPED(SLICE, TYPE_INT8S), smalls, TYPED(UINT8, VOLT_KIND_UINT8), 2);
	expect_value("any integer", &outcome, TYPED(INT8, VOLT_KIND_INT8), 3);
	outcome = at(TYPED(ARRAY, TYPE_TRIPLE), triple, INT_VALUE(2));
	expect_value("array", &outcome, TYPED(INT8, VOLT_KIND_INT8), (volt_slot)-128);
	outcome = at(STRING_VALUE("aé"), INT_VALUE(1));
	expect_value("string", &outcome, TYPED(UINT8, VOLT_KIND_UINT8), 0xc3);
	const struct {
		volt_slot type, payload, key_type, key;
		const char *message;
	} cases[] = {
	    {0, 0, INT_VALUE(0), "cannot index nil: dynamic access: base value is nil"},
	    {TYPED(SLICE, TYPE_INT8S), 0, INT_VALUE(0),
	     "cannot index nil slice: dynamic access: base value is nil"},
	    {TYPED(MAP, TYPE_SCORES), 0, STRING_VALUE("k"),
	     "cannot index nil map: dynamic access: base value is nil"},
	    {TYPED(SLICE, TYPE_INT8S), smalls, INT_VALUE(3),
	     "slice index out of bounds: dynamic access: index out of bounds"},
	    {TYPED(SLICE, TYPE_INT8S), smalls, INT_VALUE(-1),
	     "slice index out of bounds: dynamic access: index out of bounds"},
	    {TYPED(ARRAY, TYPE_TRIPLE), triple, INT_VALUE(3),
	     "array index out of bounds: dynamic access: index out of bounds"},
	    {STRING_VALUE("a"), INT_VALUE(1), "string index out of bounds: dynamic access: index out of bounds"},
	    {STRING_VALUE(""), INT_VALUE(0), "string index out of bounds: dynamic access: index out of bounds"},
	    {TYPED(SLICE, TYPE_INT8S), smalls, STRING_VALUE("x"),
	     "index must be integer: dynamic access: invalid index type"},
	    {TYPED(MAP, TYPE_SCORES), sample_scores(NULL, 0), INT_VALUE(1),
	     "map key type mismatch: dynamic access: invalid index type"},
	    {INT_VALUE(1), INT_VALUE(1), "type does not support this access: dynamic access: type mismatch"},
	    /* Elements of another size than the type's. */
	    {TYPED(SLICE, TYPE_INTS), smalls, INT_VALUE(0),
	     "type does not support this access: dynamic access: type mismatch"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		outcome = at(cases[i].type, cases[i].payload, cases[i].key_type, cases[i].key);
		expect_failure(&outcome, 2, cases[i].message);
	}
}
END_TEST

static void store_at(volt_slot type, volt_slot payload, volt_slot key_type, volt_slot key,
                     volt_slot value_type, volt_slot value, const char *message) {
	host_outcome outcome = CALL("dyn_set_index_unified", 2, type, payload, key_type, key, value_type, value);
	expect_failure(&outcome, 0, message);
}

START_TEST(setting_indices) {
	volt_slot smalls = small_slice();
	volt_slot base = TYPED(SLICE, TYPE_INT8S);
	store_at(base, smalls, INT_VALUE(1), TYPED(INT8, VOLT_KIND_INT8), 7, "");
	ck_assert_int_eq(memcmp(slice_data(smalls), "\1\7\3", 3), 0); /* the neighbours stay */
	store_at(base, smalls, INT_VALUE(1), INT_VALUE(7),
	         "slice element type mismatch: dynamic access: type mismatch");
	store_at(base, smalls, INT_VALUE(9), INT_VALUE(7),
	         "slice index out of bounds: dynamic access: index out of bounds");
	store_at(0, 0, INT_VALUE(1), INT_VALUE(7), "cannot set index on nil: dynamic access: base value is nil");
	store_at(STRING_VALUE("a"), INT_VALUE(0), INT_VALUE(7),
	         "cannot set index on string: dynamic access: type mismatch");
	store_at(TYPED(ARRAY, TYPE_TRIPLE), sample_new(TYPE_TRIPLE), INT_VALUE(0), INT_VALUE(7),
	         "cannot set index on value-type array: dynamic access: type mismatch");
	store_at(INT_VALUE(1), INT_VALUE(0), INT_VALUE(7),
	         "type does not support this assignment: dynamic access: type mismatch");
	volt_slot map = sample_scores(NULL, 0);
	store_at(TYPED(MAP, TYPE_SCORES), map, STRING_VALUE("k"), INT_VALUE(7), "");
	host_outcome outcome = at(TYPED(MAP, TYPE_SCORES), map, STRING_VALUE("k"));
	expect_value("map", &outcome, INT_VALUE(7));
}
END_TEST

/* A map with integer keys: the number counts, not its type. */
START_TEST(integer_keys) {
	volt_slot map = map_new(host_space(), volt_meta_make(0, VOLT_KIND_INT8), volt_meta_make(0, VOLT_KIND_INT),
	                        VOLT_KIND_INT8, 1, 1);
	const volt_slot base = TYPED(MAP, TYPE_INT8_MAP);
	store_at(base, map, INT_VALUE(-3), INT_VALUE(1), "");
	store_at(base, map, TYPED(INT, TYPE_CELSIUS), 5, INT_VALUE(2), "");
	store_at(base, map, TYPED(UINT64, VOLT_KIND_UINT64), 5, INT_VALUE(3), "");
	ck_assert_uint_eq(map_length(map), 2);
	const volt_slot plain = (volt_slot)-3;
	ck_assert_uint_eq(*map_find(host_space(), map, &plain), 1);
	host_outcome outcome = at(base, map, TYPED(UINT16, VOLT_KIND_UINT16), 5);
	expect_value("uint16", &outcome, INT_VALUE(3));
	static const char missing[] = "map key not found: dynamic access: field does not exist";
	static const char mismatch[] = "map key type mismatch: dynamic access: invalid index type";
	outcome = at(base, map, INT_VALUE(256 - 3)); /* the same low byte */
	expect_failure(&outcome, 2, missing);
	outcome = at(base, map, TYPED(UINT64, VOLT_KIND_UINT64), (volt_slot)-3); /* the same word */
	expect_failure(&outcome, 2, missing);
	store_at(base, map, INT_VALUE(253), INT_VALUE(1), mismatch);
	outcome = at(base, map, TYPED(FLOAT64, VOLT_KIND_FLOAT64), volt_slot_from_float(5));
	expect_failure(&outcome, 2, mismatch);
	outcome = at(base, map, TYPED(BOOL, VOLT_KIND_BOOL), 1);
	expect_failure(&outcome, 2, mismatch);
	map = map_new(host_space(), volt_meta_make(0, VOLT_KIND_UINT64), volt_meta_make(0, VOLT_KIND_INT),
	              VOLT_KIND_UINT64, 1, 1);
	store_at(TYPED(MAP, TYPE_UINT64_MAP), map, TYPED(UINT64, VOLT_KIND_UINT64), (volt_slot)-1, INT_VALUE(4),
	         "");
	outcome = at(TYPED(MAP, TYPE_UINT64_MAP), map, INT_VALUE(-1));
	expect_failure(&outcome, 2, missing);
	outcome = at(TYPED(MAP, TYPE_UINT64_MAP), map, TYPED(INT8, VOLT_KIND_INT8), (volt_slot)-1);
	expect_failure(&outcome, 2, missing);
}
END_TEST

/* An empty struct has a slot, or no room at all, as compilers like it. */
START_TEST(empty_structs) {
	volt_slot slice = 0;
	slice_new(host_space(), volt_meta_make(5, VOLT_KIND_STRUCT), 3, 3, 0, &slice);
	host_outcome outcome = at(TYPED(SLICE, TYPE_EMPTIES), slice, INT_VALUE(2));
	sample_expect_error("element", outcome.results + 2, "");
	ck_assert_uint_eq(outcome.results[0], TYPED(STRUCT, TYPE_EMPTY));
	volt_slot empty = outcome.results[1];
	outcome = at(TYPED(SLICE, TYPE_EMPTIES), slice, INT_VALUE(3));
	expect_failure(&outcome, 2, "slice index out of bounds: dynamic access: index out of bounds");
	store_at(TYPED(SLICE, TYPE_EMPTIES), slice, INT_VALUE(0), TYPED(STRUCT, TYPE_EMPTY), empty, "");
	store_at(TYPED(SLICE, TYPE_EMPTIES), slice, INT_VALUE(0), INT_VALUE(0),
	         "slice element type mismatch: dynamic access: type mismatch");
	volt_slot arrays[2] = {0, heap_new_untyped(host_space(), volt_meta_make(0, VOLT_KIND_ARRAY), 1)};
	array_new(host_space(), volt_meta_make(5, VOLT_KIND_STRUCT), 2, 0, &arrays[0]);
	for (size_t i = 0; i < 2; i++) {
		outcome = at(TYPED(ARRAY, TYPE_TWO_EMPTIES), arrays[i], INT_VALUE(1));
		sample_expect_error("array", outcome.results + 2, "");
		ck_assert_uint_eq(outcome.results[0], TYPED(STRUCT, TYPE_EMPTY));
	}
	for (uint16_t width = 0; width < 2; width++) {
		volt_slot map = map_new(host_space(), volt_meta_make(5, VOLT_KIND_STRUCT),
		                        volt_meta_make(5, VOLT_KIND_STRUCT), TYPE_EMPTY, width, width);
		const volt_slot base = TYPED(MAP, TYPE_EMPTY_MAP);
		store_at(base, map, TYPED(STRUCT, TYPE_EMPTY), empty, TYPED(STRUCT, TYPE_EMPTY), empty, "");
		outcome = at(base, map, TYPED(STRUCT, TYPE_EMPTY), empty);
		sample_expect_error("map", outcome.results + 2, "");
		ck_assert_uint_eq(outcome.results[0], TYPED(STRUCT, TYPE_EMPTY));
	}
}
END_TEST

/* Compilers box an array that is no variable as its raw slots. */
START_TEST(arrays_without_a_header) {
	const uint32_t meta = volt_meta_make(0, VOLT_KIND_ARRAY);
	volt_slot small = heap_new_untyped(host_space(), meta, 3);
	sample_words(small)[0] = 3; /* as the length of an array object would be */
	sample_words(small)[2] = (volt_slot)-7;
	host_outcome outcome = at(TYPED(ARRAY, TYPE_TRIPLE), small, INT_VALUE(2));
	expect_value("int8", &outcome, TYPED(INT8, VOLT_KIND_INT8), (volt_slot)-7);
	outcome = at(TYPED(ARRAY, TYPE_TRIPLE), small, INT_VALUE(3));
	expect_failure(&outcome, 2, "array index out of bounds: dynamic access: index out of bounds");
	volt_slot inners = heap_new_untyped(host_space(), meta, 4);
	sample_words(inners)[2] = 21;
	outcome = at(TYPED(ARRAY, TYPE_TWO_INNERS), inners, INT_VALUE(1));
	ck_assert_uint_eq(outcome.results[0], TYPED(STRUCT, TYPE_INNER));
	ck_assert_uint_eq(sample_words(outcome.results[1])[0], 21);
	outcome = at(TYPED(ARRAY, TYPE_TWO_INNERS), small, INT_VALUE(1)); /* smaller than its type says */
	expect_failure(&outcome, 2, "type does not support this access: dynamic access: type mismatch");
}
END_TEST

/* What a map takes although its interface type does not allow it has no methods. */
START_TEST(values_that_do_not_implement) {
	volt_slot map = map_new(host_space(), volt_meta_make(0, VOLT_KIND_STRING),
	                        volt_meta_make(1, VOLT_KIND_INTERFACE), VOLT_KIND_STRING, 1, 2);
	const volt_slot base = TYPED(MAP, TYPE_ERROR_MAP);
	store(base, map, "x", STRING_VALUE("s"), "");
	host_outcome outcome = field(base, map, "x");
	ck_assert_uint_eq(outcome.results[0], TYPED(STRING, VOLT_KIND_STRING));
	host_expect_string("read back", outcome.results[1], "s");
	uint32_t function;
	const volt_slot key = host_string("x");
	const volt_slot *words = map_find(host_space(), map, &key);
	ck_assert_int_eq(interface_method(host_space(), words[0], 0, &function).kind,
	                 VOLT_TRAP_NilPointerDereference);
	store(base, map, "x", TYPED(POINTER, TYPE_ERROR_POINTER), sample_new(TYPE_ERROR), "");
	words = map_find(host_space(), map, &key);
	ck_assert_int_eq(interface_method(host_space(), words[0], 0, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_ERROR);
}
END_TEST

/* ---- Calls ---- */

static const volt_slot JOIN_WANTED_INT = VOLT_KIND_INT << 8 | VOLT_KIND_INT;
static const volt_slot WANTED_STRING = VOLT_KIND_STRING << 8 | VOLT_KIND_STRING;
static const volt_slot WANTED_ANY = TYPE_ANY << 8 | VOLT_KIND_INTERFACE;

START_TEST(calls) {
	volt_slot join = closure_of(FUNCTION_JOIN, 0);
	volt_slot arguments = OPERANDS(INT_VALUE(5), STRING_VALUE("a"), STRING_VALUE("b"));
	const volt_slot slots[] = {TYPED(CLOSURE, TYPE_JOIN), join,       arguments, 2,
	                           JOIN_WANTED_INT,           WANTED_ANY, 0,         1};
	host_replay = (host_closure_replay){0};
	host_outcome outcome = host_call("dyn_call", 5, slots, 8);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_CALL_CLOSURE);
	ck_assert_uint_eq(outcome.results[0], HOST_UNTOUCHED);
	ck_assert_uint_eq(host_replay.closure, join);
	ck_assert_uint_eq(host_replay.argument_count, 2);
	ck_assert_uint_eq(host_replay.arguments[0], 5);
	static const char *const packed[] = {"a", "b"};
	host_expect_strings("variadic", host_replay.arguments[1], packed, 2);
	const volt_slot returned[] = {11, host_string("r")};
	host_replay.results[0] = (volt_closure_result){returned, 2};
	host_replay.result_count = 1;
	outcome = host_call("dyn_call", 5, slots, 8);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[0], 11);
	ck_assert_uint_eq(outcome.results[1], TYPED(STRING, VOLT_KIND_STRING));
	host_expect_string("any", outcome.results[2], "r");
	sample_expect_error("call", outcome.results + 3, "");
	host_replay.results[0] = (volt_closure_result){NULL, 0};
	host_replay.panicked = true;
	outcome = host_call("dyn_call", 5, slots, 8);
	expect_failure(&outcome, 3, "closure panicked: dynamic access: cannot call value");
	host_replay = (host_closure_replay){0};
}
END_TEST

START_TEST(calls_that_fail) {
	volt_slot join = closure_of(FUNCTION_JOIN, 0);
	volt_slot type = TYPED(CLOSURE, TYPE_JOIN);
	const struct {
		volt_slot type, payload, arguments, wanted;
		const char *message;
	} cases[] = {
	    {0, 0, 0, 1, "cannot call nil: dynamic access: base value is nil"},
	    {STRING_VALUE("s"), 0, 1, "cannot call String: dynamic access: cannot call value"},
	    {type, 0, 0, 2, "closure is null: dynamic access: cannot call value"},
	    {type, join, 0, 2,
	     "parameter count mismatch: expected at least 1, got 0: dynamic access: signature mismatch"},
	    {TYPED(CLOSURE, TYPE_RENAME), join, 0, 0,
	     "parameter count mismatch: expected 1, got 0: dynamic access: signature mismatch"},
	    {type, join, OPERANDS(STRING_VALUE("x")), 2,
	     "argument type mismatch: dynamic access: signature mismatch"},
	    {type, join, OPERANDS(INT_VALUE(1), INT_VALUE(2)), 2,
	     "argument type mismatch: dynamic access: signature mismatch"},
	    {type, join, OPERANDS(INT_VALUE(1)), 1,
	     "return count mismatch: expected 1 return value(s), function returns 2 (hint: adjust LHS variable "
	     "count to match "
	     "function signature): dynamic access: signature mismatch"},
	    /* A signature that is not the function's. */
	    {TYPED(CLOSURE, TYPE_RENAME), join, OPERANDS(STRING_VALUE("x")), 0,
	     "invalid closure signature: dynamic access: signature mismatch"},
	    {TYPED(CLOSURE, TYPE_INTS), join, 0, 0,
	     "invalid closure signature: dynamic access: signature mismatch"},
	    {TYPED(CLOSURE, 0xffffff), join, 0, 0,
	     "invalid closure signature: dynamic access: signature mismatch"},
	    {type, closure_of(0xffffff, 0), OPERANDS(INT_VALUE(1)), 2,
	     "invalid closure signature: dynamic access: signature mismatch"},
	    {TYPED(CLOSURE, TYPE_TAKES_ERROR), closure_of(FUNCTION_PLAIN, 0), OPERANDS(INT_VALUE(1)), 0,
	     "invalid closure signature: dynamic access: signature mismatch"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = CALL("dyn_call", 6, cases[i].type, cases[i].payload, cases[i].arguments,
		                            cases[i].wanted, WANTED_ANY, WANTED_ANY, 1, 1);
		sample_expect_error(cases[i].message,
		                    outcome.results + 2 * (cases[i].wanted < 2 ? cases[i].wanted : 2),
		                    cases[i].message);
	}
}
END_TEST

START_TEST(methods) {
	volt_slot inner = sample_new(TYPE_INNER);
	sample_words(inner)[0] = 5;
	host_replay = (host_closure_replay){0};
	host_outcome outcome = CALL("dyn_method", 3, TYPED(POINTER, TYPE_INNER_POINTER), inner,
	                            host_string("Sum"), 0, 1, JOIN_WANTED_INT, 0);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_CALL_CLOSURE);
	const volt_closure *method = volt_slot_pointer(host_replay.closure);
	ck_assert_uint_eq(method->function, FUNCTION_SUM);
	ck_assert_uint_eq(method->capture_count, 1);
	ck_assert_uint_eq(method->captures[0], inner); /* a pointer stays one, also for a value receiver */
	CALL("dyn_method", 3, TYPED(STRUCT, TYPE_INNER), inner, host_string("Sum"), 0, 1, JOIN_WANTED_INT, 0);
	method = volt_slot_pointer(host_replay.closure);
	ck_assert_uint_eq(sample_words(method->captures[0])[0], 5); /* a struct is copied */
	ck_assert(method->captures[0] != inner);
	volt_slot pointer = heap_new_untyped(host_space(), volt_meta_make(0, VOLT_KIND_STRUCT), 1);
	sample_words(pointer)[0] = inner; /* a pointer to a pointer has no methods */
	outcome =
	    CALL("dyn_method", 2, TYPED(POINTER, TYPE_INNER_POINTER_POINTER), pointer, host_string("Sum"), 0, 0);
	expect_failure(&outcome, 0, "not a struct type: dynamic access: type mismatch");
	outcome = CALL("dyn_method", 2, TYPED(POINTER, TYPE_INNER_POINTER), inner, host_string("Rename"),
	               OPERANDS(STRING_VALUE("x")), 0);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_CALL_CLOSURE);
	ck_assert_uint_eq(((volt_closure *)volt_slot_pointer(host_replay.closure))->captures[0], inner);
	/* As a value: the closure and its signature. */
	outcome = field(TYPED(INT, TYPE_CELSIUS), 21, "Sum");
	ck_assert_uint_eq(outcome.results[0], TYPED(CLOSURE, TYPE_SUM));
	ck_assert_uint_eq(((volt_closure *)volt_slot_pointer(outcome.results[1]))->captures[0], 21);
	/* A struct value has no methods with pointer receivers. */
	outcome = CALL("dyn_method", 2, TYPED(STRUCT, TYPE_INNER), inner, host_string("Rename"), 0, 0);
	expect_failure(&outcome, 0, "method not found: dynamic access: field does not exist");
	outcome = CALL("dyn_method", 2, TYPED(STRUCT, TYPE_INNER), inner, host_string("N"), 0, 0);
	expect_failure(&outcome, 0, "N is not a method: dynamic access: cannot call value");
	outcome = CALL("dyn_method", 2, INT_VALUE(1), host_string("N"), 0, 0);
	expect_failure(&outcome, 0, "value does not have methods: dynamic access: type mismatch");
	outcome = CALL("dyn_method", 2, 0, 0, host_string("N"), 0, 0);
	expect_failure(&outcome, 0, "cannot call method on nil: dynamic access: base value is nil");
}
END_TEST

/* What a call was found in may be another thing when it is over: its results are still its own. */
START_TEST(a_call_that_changes_what_it_was_found_in) {
	volt_slot map = map_new(host_space(), volt_meta_make(0, VOLT_KIND_STRING),
	                        volt_meta_make(0, VOLT_KIND_INTERFACE), VOLT_KIND_STRING, 1, 2);
	const volt_slot base = TYPED(MAP, TYPE_ANY_MAP);
	volt_slot name = host_string("f");
	const volt_slot function[] = {TYPED(CLOSURE, TYPE_JOIN), closure_of(FUNCTION_JOIN, 0)};
	map_set(host_space(), map, &name, function);
	const volt_slot slots[] = {base,          map, name, OPERANDS(INT_VALUE(1)), 2, JOIN_WANTED_INT,
	                           WANTED_STRING, 0,   0};
	host_replay = (host_closure_replay){0};
	ck_assert_int_eq(host_call("dyn_method", 4, slots, 9).ended, VOLT_NATIVE_CALL_CLOSURE);
	const volt_slot returned[] = {7, host_string("r")};
	host_replay.results[0] = (volt_closure_result){returned, 2};
	host_replay.result_count = 1;
	map_delete(host_space(), map, &name);
	host_outcome outcome = host_call("dyn_method", 4, slots, 9);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[0], 7);
	host_expect_string("second result", outcome.results[1], "r");
	sample_expect_error("changed", outcome.results + 2, "");
	host_replay = (host_closure_replay){0};
}
END_TEST

/*
 * A base with DynAttr: the method is asked first, then what it gave is called. Two rounds, all results
 * kept.
 */
START_TEST(two_rounds_through_a_protocol) {
	volt_slot guard = sample_new(TYPE_GUARD);
	const volt_slot slots[] = {TYPED(POINTER, TYPE_GUARD_POINTER),
	                           guard,
	                           host_string("f"),
	                           OPERANDS(INT_VALUE(1)),
	                           2,
	                           JOIN_WANTED_INT,
	                           WANTED_STRING,
	                           0,
	                           0};
	host_replay = (host_closure_replay){0};
	ck_assert_int_eq(host_call("dyn_method", 4, slots, 9).ended, VOLT_NATIVE_CALL_CLOSURE);
	ck_assert_uint_eq(((volt_closure *)volt_slot_pointer(host_replay.closure))->function,
	                  FUNCTION_GET_ATTRIBUTE);
	host_expect_string("name", host_replay.arguments[0], "f");
	volt_slot join = closure_of(FUNCTION_JOIN, 0);
	const volt_slot attribute[] = {TYPED(CLOSURE, TYPE_JOIN), join, 0, 0};
	host_replay.results[0] = (volt_closure_result){attribute, 4};
	host_replay.result_count = 1;
	ck_assert_int_eq(host_call("dyn_method", 4, slots, 9).ended, VOLT_NATIVE_CALL_CLOSURE);
	ck_assert_uint_eq(host_replay.closure, join);
	const volt_slot returned[] = {3, 0};
	host_replay.results[1] = (volt_closure_result){returned, 2};
	host_replay.result_count = 2;
	host_outcome outcome = host_call("dyn_method", 4, slots, 9);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[0], 3);
	sample_expect_error("rounds", outcome.results + 2, "");
	/* The protocol's own error. */
	const volt_slot refused[] = {0, 0, TYPED(POINTER, TYPE_ERROR_POINTER), sample_new(TYPE_ERROR)};
	host_replay.results[0] = (volt_closure_result){refused, 4};
	host_replay.result_count = 1;
	outcome = field(TYPED(POINTER, TYPE_GUARD_POINTER), guard, "f");
	expect_failure(&outcome, 2, "protocol returned error: dynamic access: field does not exist");
	host_replay = (host_closure_replay){0};
}
END_TEST

START_TEST(packing_arguments) {
	host_outcome outcome =
	    CALL("dyn_pack_any_slice", 3, 2, 1, INT_VALUE(9), TYPED(SLICE, TYPE_INT8S), small_slice());
	sample_expect_error("spread", outcome.results + 1, "");
	const volt_slot *words = (const volt_slot *)(const void *)slice_data(outcome.results[0]);
	ck_assert_uint_eq(slice_length(outcome.results[0]), 4);
	ck_assert_uint_eq(words[1], 9);
	ck_assert_uint_eq(words[4], TYPED(INT8, VOLT_KIND_INT8));
	ck_assert_int_eq((int64_t)words[5], -2);
	outcome = CALL("dyn_pack_any_slice", 3, 0, 0);
	ck_assert_uint_eq(slice_length(outcome.results[0]), 0);
	outcome = CALL("dyn_pack_any_slice", 3, 1000000, 0, INT_VALUE(1)); /* more than there is */
	ck_assert_uint_eq(slice_length(outcome.results[0]), 1);
	outcome = CALL("dyn_pack_any_slice", 3, 1, 1, INT_VALUE(1));
	expect_failure(&outcome, 1, "spread arg must be slice: dynamic access: type mismatch");
	outcome = CALL("dyn_pack_any_slice", 3, 1, 1, TYPED(SLICE, 0xffffff), small_slice());
	expect_failure(&outcome, 1, "invalid slice type: dynamic access: type mismatch");
}
END_TEST

START_TEST(sentinels) {
	static const char *const texts[] = {
	    "unknown error",       "base value is nil", "field does not exist", "invalid index type",
	    "index out of bounds", "cannot call value", "signature mismatch",   "type mismatch",
	};
	host_outcome outcome = CALL("dyn_getDynErrors", 16, 0);
	for (size_t i = 0; i < 8; i++) {
		char expected[64];
		snprintf(expected, sizeof expected, "dynamic access: %s", texts[i]);
		sample_expect_error("sentinel", outcome.results + 2 * i, expected);
	}
	/* The same value every time, and the cause of errors. */
	host_outcome again = CALL("dyn_getDynErrors", 16, 0);
	ck_assert_uint_eq(again.results[3], outcome.results[3]);
	host_outcome nil = field(0, 0, "x");
	ck_assert_uint_eq(sample_words(nil.results[3])[2], outcome.results[3]);
}
END_TEST

/* The words of an interface for every id and kind: an error or a value, never a crash. */
START_TEST(hostile_types) {
	volt_slot object = sample_outer();
	for (uint32_t rttid = 0; rttid < sizeof runtime_types / sizeof *runtime_types + 3; rttid++) {
		for (unsigned kind = 0; kind < 256; kind += kind < 18 ? 1 : 41) {
			bool follows =
			    kind >= VOLT_KIND_STRING && kind < VOLT_KIND_COUNT; /* their payload must be what they say */
			volt_slot type = volt_interface_type(0, rttid, (volt_kind)kind);
			host_outcome outcome = field(type, follows ? 0 : object, "N");
			ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
			outcome = at(type, follows ? 0 : object, INT_VALUE(0));
			ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
			CALL("dyn_call", 4, type, follows ? 0 : object, 0, 1, WANTED_ANY, 1);
			CALL("dyn_set_field", 2, type, follows ? 0 : object, host_string("N"), type, object);
		}
	}
}
END_TEST

int main(void) {
	const TTest *const all[] = {
	    fields,
	    wanted_types,
	    fields_that_fail,
	    setting_fields,
	    indices,
	    setting_indices,
	    integer_keys,
	    empty_structs,
	    arrays_without_a_header,
	    values_that_do_not_implement,
	    calls,
	    calls_that_fail,
	    methods,
	    a_call_that_changes_what_it_was_found_in,
	    two_rounds_through_a_protocol,
	    packing_arguments,
	    sentinels,
	    hostile_types,
	};
	host_module = &sample_module;
	return host_run("dyn", all, sizeof all / sizeof *all);
}
