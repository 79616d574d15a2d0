/* Maps: against a plain model of the specified table, for every kind of key. */
#include "fixture.h"
#include "object/arrays.h"
#include "object/interfaces.h"
#include "object/maps.h"

/* ---- The table of SEMANTICS.md, "Maps", written down as simply as possible ---- */

enum { MODEL_EMPTY, MODEL_USED, MODEL_DELETED, MODEL_CAPACITY_MAXIMUM = 1 << 14 };

typedef struct {
	int state;
	uint64_t hash;
	volt_slot key;
	volt_slot value;
} model_bucket;

typedef struct {
	size_t capacity, used;
	model_bucket buckets[MODEL_CAPACITY_MAXIMUM];
} model;

static uint64_t fnv(uint64_t hash, const void *bytes, size_t length) {
	for (size_t index = 0; index < length; index++)
		hash = (hash ^ ((const uint8_t *)bytes)[index]) * 0x100000001b3u;
	return hash;
}

static const uint64_t fnv_start = 0xcbf29ce484222325u;

static uint64_t word_hash(uint64_t word) {
	return fnv(fnv_start, &word, 8);
}

static model_bucket *model_find(model *table, uint64_t hash, volt_slot key) {
	for (size_t step = 0; step < table->capacity; step++) {
		model_bucket *bucket = &table->buckets[(hash + step) % table->capacity];
		if (bucket->state == MODEL_EMPTY)
			return NULL;
		if (bucket->state == MODEL_USED && bucket->key == key)
			return bucket;
	}
	return NULL;
}

static void model_place(model *table, uint64_t hash, volt_slot key, volt_slot value) {
	size_t at = hash % table->capacity;
	while (table->buckets[at].state == MODEL_USED)
		at = (at + 1) % table->capacity;
	table->used += table->buckets[at].state == MODEL_EMPTY;
	table->buckets[at] = (model_bucket){MODEL_USED, hash, key, value};
}

static void model_grow(model *table) {
	model *old = malloc(sizeof *old);
	*old = *table;
	memset(table, 0, sizeof *table);
	table->capacity = old->capacity ? 2 * old->capacity : 8;
	ck_assert_uint_le(table->capacity, MODEL_CAPACITY_MAXIMUM);
	for (size_t at = 0; at < old->capacity; at++)
		if (old->buckets[at].state == MODEL_USED)
			model_place(table, old->buckets[at].hash, old->buckets[at].key, old->buckets[at].value);
	free(old);
}

static void model_set(model *table, uint64_t hash, volt_slot key, volt_slot value) {
	if (table->capacity == 0 || table->used * 4 > table->capacity * 3)
		model_grow(table);
	model_bucket *found = model_find(table, hash, key);
	if (found)
		found->value = value;
	else
		model_place(table, hash, key, value);
}

static void model_delete(model *table, uint64_t hash, volt_slot key) {
	model_bucket *found = model_find(table, hash, key);
	if (found)
		found->state = MODEL_DELETED;
}

/* ---- Keys: number `id` of each kind, made anew each time, with the specified hash ---- */

typedef struct {
	const char *name;
	uint32_t key_meta, key_rttid;
	uint16_t slots;
	void (*make)(volt_slot *key, uint64_t id);
	uint64_t (*hash)(const volt_slot *key);
} key_kind;

static uint64_t content_step(uint64_t hash, uint64_t value) {
	return (hash + value) * 0xf1357aea2e62a9c5u;
}
static uint64_t content_finish(uint64_t hash) {
	return word_hash(hash << 5 | hash >> 59);
}
static const uint64_t content_start = 0x517cc1b727220a95u;

static uint64_t content_text(uint64_t hash, volt_slot string) {
	for (size_t index = 0; index < string_get(string).length; index++)
		hash = content_step(hash, (uint8_t)string_get(string).bytes[index]);
	return hash;
}

static volt_slot number_text(uint64_t id) {
	char digits[32];
	snprintf(digits, sizeof digits, "key %u", (unsigned)id);
	return id ? text(digits) : 0;
}

static void make_int(volt_slot *key, uint64_t id) {
	key[0] = id % 3 ? id : id << 40 | (uint64_t) - (int64_t)id;
}
static uint64_t hash_int(const volt_slot *key) {
	return word_hash(key[0]);
}

static void make_string(volt_slot *key, uint64_t id) {
	key[0] = number_text(id);
}
static uint64_t hash_string(const volt_slot *key) {
	uint64_t length = string_get(key[0]).length;
	return fnv(fnv(fnv_start, &length, 8), string_get(key[0]).bytes, length);
}

static void make_array(volt_slot *key, uint64_t id) {
	key[0] = id % 7, key[1] = id / 7, key[2] = 5;
}
static uint64_t hash_array(const volt_slot *key) {
	uint64_t count = 3;
	return fnv(fnv(fnv_start, &count, 8), key, 24);
}

static void make_person(volt_slot *key, uint64_t id) {
	key[0] = number_text(id % 10), key[1] = id / 10;
}
static uint64_t hash_person(const volt_slot *key) {
	return content_finish(content_step(content_text(content_start, key[0]), key[1]));
}

static void make_any(volt_slot *key, uint64_t id) {
	switch (id % 3) {
	case 0: key[0] = any_type(2, VOLT_KIND_INT) | id << 32, key[1] = id; break;
	case 1: key[0] = any_type(17, VOLT_KIND_STRING), key[1] = number_text(id); break;
	default:
		key[0] = any_type(TYPE_POINT, VOLT_KIND_STRUCT);
		key[1] = boxed(STRUCT_POINT, 2, (volt_slot[]){id, 1});
	}
}
static uint64_t hash_any(const volt_slot *key) {
	uint64_t hash = content_step(content_start, (uint32_t)key[0]);
	if (volt_interface_kind(key[0]) == VOLT_KIND_STRING)
		return content_finish(content_text(hash, key[1]));
	if (volt_interface_kind(key[0]) == VOLT_KIND_INT)
		return content_finish(content_step(hash, key[1]));
	const volt_slot *words = volt_slot_pointer(key[1]);
	return content_finish(content_step(content_step(hash, words[0]), words[1]));
}

static const key_kind kinds[] = {
    {"int", VOLT_KIND_INT, VOLT_KIND_INT, 1, make_int, hash_int},
    {"string", VOLT_KIND_STRING, VOLT_KIND_STRING, 1, make_string, hash_string},
    {"array", VOLT_KIND_ARRAY, 0, 3, make_array, hash_array},
    {"struct", STRUCT_PERSON << 8 | VOLT_KIND_STRUCT, TYPE_PERSON, 2, make_person, hash_person},
    {"interface", VOLT_KIND_INTERFACE, 16, 2, make_any, hash_any},
};

static void assert_same_order(volt_slot map, const model *expected, const key_kind *kind) {
	volt_slot iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *key, *value;
	uint64_t count = 0;
	map_iterator_start(iterator, map);
	for (size_t at = 0; at < expected->capacity; at++) {
		if (expected->buckets[at].state != MODEL_USED)
			continue;
		ck_assert_msg(map_iterator_next(iterator, &key, &value), "%s: the end comes early", kind->name);
		ck_assert_msg(value[0] == expected->buckets[at].key && value[1] == expected->buckets[at].value,
		              "%s: bucket %zu", kind->name, at);
		count++;
	}
	ck_assert(!map_iterator_next(iterator, &key, &value));
	ck_assert_uint_eq(map_length(map), count);
}

/* What a key of one slot is found at, asked for directly and as part of a longer string. */
static map_place place_of(volt_slot map, const key_kind *kind, const volt_slot *key, bool as_part) {
	if (kind->key_meta != VOLT_KIND_STRING || !as_part)
		return map_find_place(space, map, key[0]);
	string_view view = string_get(key[0]);
	volt_slot whole = string_concatenate(space, string_concatenate(space, text("<<"), key[0]), text(">"));
	return map_find_place_of_part(space, map, whole, 2, 2 + view.length);
}

/* Sets through a place, which there must be if the key is there and the map not full. */
static void set_somehow(volt_slot map, const model *expected, const key_kind *kind, const volt_slot *key,
                        const volt_slot value[2]) {
	map_place place = {NULL, NULL};
	if (kind->slots == 1 && value[1] % 5) { /* else nobody looks first */
		place = place_of(map, kind, key, value[1] % 2);
		bool full = expected->used * 4 > expected->capacity * 3;
		ck_assert(place.value == map_find(space, map, key));
		ck_assert(place.settable == (full ? NULL : place.value));
	}
	if (place.settable)
		memcpy(place.settable, value, 2 * sizeof *value);
	else
		ck_assert_int_eq(map_set(space, map, key, value).kind, VOLT_TRAP_None);
}

/* The value of each entry is the key's number and a random number. */
static void compare_with_model(const key_kind *kind, uint64_t key_count, int rounds) {
	model *expected = calloc(1, sizeof *expected);
	volt_slot map = map_new(space, kind->key_meta, VOLT_KIND_INT, kind->key_rttid, kind->slots, 2);
	uint64_t state = 42;
	for (int round = 0; round < rounds; round++) {
		uint64_t id = next_random(&state) % key_count, random = next_random(&state);
		volt_slot key[3], value[2] = {id, random};
		kind->make(key, id);
		if (random % 3 == 0) {
			map_delete(space, map, key);
			model_delete(expected, kind->hash(key), id);
		} else {
			set_somehow(map, expected, kind, key, value);
			model_set(expected, kind->hash(key), id, random);
		}
		kind->make(key, random % key_count);
		const volt_slot *found = map_find(space, map, key);
		const model_bucket *modelled = model_find(expected, kind->hash(key), random % key_count);
		ck_assert_msg(!found == !modelled, "%s: key %u", kind->name, (unsigned)(random % key_count));
		ck_assert(!found || found[1] == modelled->value);
		if (round % 500 == 0)
			assert_same_order(map, expected, kind);
	}
	assert_same_order(map, expected, kind);
	free(expected);
}

START_TEST(random_operations_match_the_model_for_every_kind_of_key) {
	for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
		compare_with_model(&kinds[index], 20, 3000);
		compare_with_model(&kinds[index], 2000, 6000);
	}
}
END_TEST

/* A part is looked up by its bytes; whoever has given a map of numbers a string's bits gets what those are.
 */
START_TEST(parts_are_the_keys_that_they_would_be) {
	volt_slot words = map_new(space, VOLT_KIND_STRING, VOLT_KIND_INT, VOLT_KIND_STRING, 1, 1);
	volt_slot numbers = map_new(space, VOLT_KIND_INT, VOLT_KIND_INT, VOLT_KIND_INT, 1, 1);
	volt_slot whole = text("abc"), none = 0, one = 1, two = 2;
	ck_assert_ptr_null(map_find_place_of_part(space, 0, whole, 0, 1).value);
	ck_assert_ptr_null(map_find_place_of_part(space, words, whole, 0, 1).value);
	for (int map = 0; map < 2; map++) {
		volt_slot set = map ? numbers : words;
		ck_assert_int_eq(map_set(space, set, &whole, &one).kind, VOLT_TRAP_None);
		ck_assert_int_eq(map_set(space, set, &none, &two).kind, VOLT_TRAP_None);
		ck_assert_uint_eq(*map_find_place_of_part(space, set, whole, 0, 3).value, 1);
		ck_assert_uint_eq(*map_find_place_of_part(space, set, whole, 2, 2).value, 2);
		ck_assert_uint_eq(*map_find_place_of_part(space, set, none, 0, 0).value, 2);
		ck_assert_ptr_null(map_find_place_of_part(space, set, whole, 1, 3).value);
	}
}
END_TEST

/* Every NaN is the same key also where it was the last one. */
START_TEST(the_last_key_is_forgotten_with_its_entry) {
	volt_slot map = map_new(space, VOLT_KIND_FLOAT64, VOLT_KIND_INT, 13, 1, 1);
	volt_slot nan = VOLT_FLOAT64_NAN | 5, other = VOLT_FLOAT64_NAN | 9, one = 1, two = 2;
	ck_assert_int_eq(map_set(space, map, &nan, &one).kind, VOLT_TRAP_None);
	*map_find_place(space, map, nan).settable = 7;
	ck_assert_uint_eq(*map_find_place(space, map, other).value, 7);
	map_delete(space, map, &nan);
	ck_assert_ptr_null(map_find_place(space, map, nan).value);
	ck_assert_ptr_null(map_find_place(space, map, other).value);
	ck_assert_int_eq(map_set(space, map, &other, &two).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(*map_find_place(space, map, nan).value, 2);
}
END_TEST

/* The key whose slot is 0 grows the map, and was not looked up: it is no other one's. */
START_TEST(the_key_0_is_no_entry_that_has_moved) {
	for (volt_slot first = 1; first < 200; first++)
		for (int kind = 0; kind < 2; kind++) {
			volt_slot map = map_new(space, kinds[kind].key_meta, VOLT_KIND_INT, kinds[kind].key_rttid, 1, 2);
			for (volt_slot id = first; id < first + 7; id++) {
				volt_slot key[3], value[2] = {id, 0};
				kinds[kind].make(key, id);
				ck_assert_int_eq(map_set(space, map, key, value).kind, VOLT_TRAP_None);
			}
			volt_slot zero = 0, value[2] = {0, 0};
			ck_assert_int_eq(map_set(space, map, &zero, value).kind, VOLT_TRAP_None);
			ck_assert_uint_eq(map_length(map), 8);
			for (volt_slot id = first; id < first + 7; id++) {
				volt_slot key[3];
				kinds[kind].make(key, id);
				ck_assert_uint_eq(map_find(space, map, key)[0], id);
			}
			ck_assert_uint_eq(map_find(space, map, &zero)[0], 0);
		}
}
END_TEST

START_TEST(a_nil_map_reads_as_empty) {
	volt_slot key = 1, iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *at_key, *at_value;
	ck_assert_ptr_null(map_find(space, 0, &key));
	ck_assert_ptr_null(map_find_place(space, 0, key).value);
	ck_assert_uint_eq(map_length(0), 0);
	map_delete(space, 0, &key);
	map_iterator_start(iterator, 0);
	ck_assert(!map_iterator_next(iterator, &at_key, &at_value));
	assert_trap(map_set(space, 0, &key, &key), "runtime error: assignment to entry in nil map");
}
END_TEST

START_TEST(words_that_are_no_iterator_are_at_the_end) {
	volt_slot iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *key, *value;
	memset(iterator, 0, sizeof iterator);
	ck_assert(!map_iterator_next(iterator, &key, &value));
	memset(iterator, 0x41, sizeof iterator);
	ck_assert(!map_iterator_next(iterator, &key, &value));
	volt_slot map = map_new(space, VOLT_KIND_INT, VOLT_KIND_INT, 2, 1, 1), one = 1;
	ck_assert_int_eq(map_set(space, map, &one, &one).kind, VOLT_TRAP_None);
	map_iterator_start(iterator, map);
	iterator[2] = UINT64_MAX;
	ck_assert(!map_iterator_next(iterator, &key, &value));
}
END_TEST

START_TEST(float_keys_are_bits) {
	volt_slot map = map_new(space, VOLT_KIND_FLOAT64, VOLT_KIND_INT, 13, 1, 1);
	volt_slot zero = 0, minus_zero = 1ull << 63, nan = 0x7ff8000000000001u, value = 5;
	ck_assert_int_eq(map_set(space, map, &zero, &value).kind, VOLT_TRAP_None);
	ck_assert_int_eq(map_set(space, map, &nan, &value).kind, VOLT_TRAP_None);
	ck_assert_ptr_null(map_find(space, map, &minus_zero));
	ck_assert_ptr_nonnull(map_find(space, map, &nan));
}
END_TEST

/* Any two NaNs are one key, and what is kept is the one NaN. */
START_TEST(every_nan_is_the_same_key) {
	static const volt_slot nans[] = {VOLT_FLOAT64_NAN, VOLT_FLOAT64_NAN | 1ull << 63, 0x7ff0000000000001,
	                                 0xfff8000000001234, UINT64_MAX};
	volt_slot map = map_new(space, VOLT_KIND_FLOAT64, VOLT_KIND_INT, 13, 1, 1);
	volt_slot singles = map_new(space, VOLT_KIND_FLOAT32, VOLT_KIND_INT, 12, 1, 1);
	for (volt_slot index = 0; index < sizeof nans / sizeof *nans; index++) {
		volt_slot single = 0x7f800001 + index * 0x10000;
		ck_assert_int_eq(map_set(space, map, &nans[index], &index).kind, VOLT_TRAP_None);
		ck_assert_int_eq(map_set(space, singles, &single, &index).kind, VOLT_TRAP_None);
	}
	ck_assert_uint_eq(map_length(map), 1);
	ck_assert_uint_eq(map_length(singles), 1);
	volt_slot iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *key, *value;
	map_iterator_start(iterator, map);
	ck_assert(map_iterator_next(iterator, &key, &value));
	ck_assert_uint_eq(*key, VOLT_FLOAT64_NAN);
	ck_assert_uint_eq(*value, 4);
	map_iterator_start(iterator, singles);
	ck_assert(map_iterator_next(iterator, &key, &value));
	ck_assert_uint_eq(*key, VOLT_FLOAT32_NAN);
	map_delete(space, map, &nans[3]);
	ck_assert_uint_eq(map_length(map), 0);
}
END_TEST

START_TEST(unhashable_interface_keys_trap_when_set_and_are_never_found) {
	static const volt_kind unhashable[] = {VOLT_KIND_SLICE, VOLT_KIND_MAP, VOLT_KIND_CLOSURE};
	volt_slot map = map_new(space, VOLT_KIND_INTERFACE, VOLT_KIND_INT, 16, 2, 1), value = 1;
	ck_assert_int_eq(map_set(space, map, (volt_slot[]){0, 0}, &value).kind, VOLT_TRAP_None);
	ck_assert_ptr_nonnull(map_find(space, map, (volt_slot[]){0, 0}));
	for (int index = 0; index < 3; index++) {
		volt_slot key[2] = {any_type(TYPE_INT_SLICE, unhashable[index]), 0};
		assert_trap(map_set(space, map, key, &value), "runtime error: hash of unhashable type");
		ck_assert_ptr_null(map_find(space, map, key));
		map_delete(space, map, key);
	}
	ck_assert_uint_eq(map_length(map), 1);
}
END_TEST

START_TEST(struct_keys_with_strings_in_interfaces_are_found_by_content) {
	volt_slot map = map_new(space, STRUCT_HOLDER << 8 | VOLT_KIND_STRUCT, VOLT_KIND_INT, TYPE_HOLDER, 2, 1);
	for (volt_slot index = 0; index < 200; index++) {
		volt_slot key[2] = {any_type(17, VOLT_KIND_STRING), number_text(index)};
		ck_assert_int_eq(map_set(space, map, key, &index).kind, VOLT_TRAP_None);
		ck_assert_int_eq(map_set(space, map, key, &index).kind, VOLT_TRAP_None);
	}
	ck_assert_uint_eq(map_length(map), 200);
	volt_slot key[2] = {any_type(17, VOLT_KIND_STRING) | 9ull << 32, number_text(77)};
	const volt_slot *found = map_find(space, map, key);
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(*found, 77);
}
END_TEST

START_TEST(equal_array_payloads_are_one_key_in_either_form) {
	volt_slot map = map_new(space, VOLT_KIND_INTERFACE, VOLT_KIND_INT, 16, 2, 1), array, value = 3;
	ck_assert_int_eq(array_new(space, VOLT_KIND_INT16, 4, 2, &array).kind, VOLT_TRAP_None);
	((volt_array *)volt_slot_pointer(array))->data[0] = 7;
	volt_slot raw = heap_new_untyped(space, VOLT_KIND_ARRAY, 4);
	((volt_slot *)volt_slot_pointer(raw))[0] = 7;
	volt_slot type = any_type(TYPE_SMALL_ARRAY, VOLT_KIND_ARRAY);
	ck_assert_int_eq(map_set(space, map, (volt_slot[]){type, array}, &value).kind, VOLT_TRAP_None);
	ck_assert_ptr_nonnull(map_find(space, map, (volt_slot[]){type, raw}));
}
END_TEST

START_TEST(iteration_survives_changes) {
	volt_slot map = map_new(space, VOLT_KIND_INT, VOLT_KIND_INT, 2, 1, 1), iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *key, *value;
	for (volt_slot index = 0; index < 100; index++)
		ck_assert_int_eq(map_set(space, map, &index, &index).kind, VOLT_TRAP_None);
	map_iterator_start(iterator, map);
	int steps = 0;
	for (volt_slot next = 1000; map_iterator_next(iterator, &key, &value) && steps < 5000; next++, steps++) {
		volt_slot deleted = *key;
		map_delete(space, map, &deleted);
		if (next < 1300)
			ck_assert_int_eq(map_set(space, map, &next, &next).kind, VOLT_TRAP_None);
	}
	ck_assert_int_lt(steps, 5000);
}
END_TEST

int main(void) {
	return run_suite("maps", (test_list){
	                             random_operations_match_the_model_for_every_kind_of_key,
	                             parts_are_the_keys_that_they_would_be,
	                             the_last_key_is_forgotten_with_its_entry,
	                             the_key_0_is_no_entry_that_has_moved,
	                             a_nil_map_reads_as_empty,
	                             words_that_are_no_iterator_are_at_the_end,
	                             float_keys_are_bits,
	                             every_nan_is_the_same_key,
	                             unhashable_interface_keys_trap_when_set_and_are_never_found,
	                             struct_keys_with_strings_in_interfaces_are_found_by_content,
	                             equal_array_payloads_are_one_key_in_either_form,
	                             iteration_survives_changes,
	                             NULL,
	                         });
}
