/* Copies of values from one object space to another. */
#include "fixture.h"
#include "object/arrays.h"
#include "object/handles.h"
#include "object/maps.h"
#include "object/transfer.h"

enum { MANY = 300000 };

/* What arrives in another space when `count` slots of one type are sent. */
static void send_all(uint32_t meta, const volt_slot *sent, volt_slot *arrived, uint16_t count) {
	const volt_transfer_type type = {meta, count};
	const char *refused;
	transfer_packet *packet = transfer_pack(space, &type, 1, sent, count, &refused);
	ck_assert_ptr_null(refused);
	ck_assert_ptr_nonnull(packet);
	object_space *other;
	ck_assert_ptr_null(object_space_new(&test_module, NULL, &other));
	memset(arrived, 0xee, count * sizeof *arrived);
	transfer_unpack(other, packet, arrived);
	object_space_free(other);
}

static volt_slot send(volt_kind kind, volt_slot sent) {
	volt_slot arrived;
	send_all(volt_meta_make(0, kind), &sent, &arrived, 1);
	return arrived;
}

static const char *refusal(uint32_t meta, const volt_slot *sent, uint16_t count) {
	const volt_transfer_type type = {meta, count};
	const char *refused;
	ck_assert_ptr_null(transfer_pack(space, &type, 1, sent, count, &refused));
	return refused;
}

static volt_slot *words_of(volt_slot reference) {
	return volt_slot_pointer(reference);
}

static void assert_text(volt_slot string, const char *expected) {
	const string_view view = string_get(string);
	ck_assert_uint_eq(view.length, strlen(expected));
	ck_assert_mem_eq(view.bytes, expected, view.length);
}

static volt_slot new_slice(volt_kind kind, const volt_slot *elements, uint32_t count) {
	volt_slot slice;
	assert_trap(slice_new(space, volt_meta_make(0, kind), count, count + 2, 8, &slice), "no error");
	memcpy(slice_data(slice), elements, count * sizeof *elements);
	return slice;
}

START_TEST(scalars_and_nil) {
	ck_assert_uint_eq(send(VOLT_KIND_INT, (volt_slot)-5), (volt_slot)-5);
	ck_assert_uint_eq(send(VOLT_KIND_FLOAT64, volt_slot_from_float(2.5)), volt_slot_from_float(2.5));
	for (int kind = VOLT_KIND_VOID; kind <= VOLT_KIND_ISLAND; kind++)
		ck_assert_uint_eq(send((volt_kind)kind, 0), 0);
}
END_TEST

START_TEST(a_number_that_is_an_address_stays_a_number) {
	const volt_slot object = text("object");
	ck_assert_uint_eq(send(VOLT_KIND_INT, object), object);
	const volt_slot point = boxed(STRUCT_POINT, 2, (volt_slot[]){object, 7});
	ck_assert_uint_eq(words_of(send(VOLT_KIND_POINTER, point))[0], object);
}
END_TEST

START_TEST(whole_and_partial_strings) {
	const volt_slot sent = text("the quick brown fox");
	const volt_slot arrived = send(VOLT_KIND_STRING, sent);
	ck_assert_uint_ne(arrived, sent);
	assert_text(arrived, "the quick brown fox");
	volt_slot part;
	assert_trap(string_slice(space, sent, 4, 9, &part), "no error");
	assert_text(send(VOLT_KIND_STRING, part), "quick");
}
END_TEST

START_TEST(slices_are_independent) {
	const volt_slot sent = new_slice(VOLT_KIND_INT, (volt_slot[]){1, 2, 3}, 3);
	const volt_slot arrived = send(VOLT_KIND_SLICE, sent);
	ck_assert_uint_eq(slice_length(arrived), 3);
	ck_assert_uint_eq(slice_capacity(arrived), 3);
	((volt_slot *)(void *)slice_data(arrived))[0] = 100;
	ck_assert_uint_eq(((volt_slot *)(void *)slice_data(sent))[0], 1);
	ck_assert_uint_eq(((volt_slot *)(void *)slice_data(arrived))[2], 3);
	ck_assert_uint_ne(send(VOLT_KIND_SLICE, new_slice(VOLT_KIND_INT, &sent, 0)), 0);
}
END_TEST

START_TEST(packed_elements) {
	const volt_slot bytes = slice_from_bytes(space, "12345678901", 11);
	const volt_slot arrived = send(VOLT_KIND_SLICE, bytes);
	ck_assert_uint_eq(slice_length(arrived), 11);
	ck_assert_mem_eq(slice_data(arrived), "12345678901", 11);
	volt_slot part, array;
	assert_trap(slice_of_slice(space, bytes, 3, 5, NULL, &part), "no error");
	ck_assert_mem_eq(slice_data(send(VOLT_KIND_SLICE, part)), "45", 2);
	assert_trap(array_new(space, volt_meta_make(0, VOLT_KIND_INT16), 3, 2, &array), "no error");
	((volt_array *)volt_slot_pointer(array))->data[4] = 9;
	const volt_array *copy = volt_slot_pointer(send(VOLT_KIND_ARRAY, array));
	ck_assert_uint_eq(copy->length, 3);
	ck_assert_uint_eq(copy->element_bytes, 2);
	ck_assert_uint_eq(copy->data[4], 9);
}
END_TEST

START_TEST(slices_of_strings_and_slices) {
	const volt_slot strings = slice_from_strings(space, (volt_slot[]){text("a"), 0, text("ccc")}, 3);
	const volt_slot outer = new_slice(VOLT_KIND_SLICE, (volt_slot[]){0, strings}, 2);
	const volt_slot *arrived = (volt_slot *)(void *)slice_data(send(VOLT_KIND_SLICE, outer));
	ck_assert_uint_eq(arrived[0], 0);
	ck_assert_uint_ne(arrived[1], strings);
	const volt_slot *inner = (volt_slot *)(void *)slice_data(arrived[1]);
	assert_text(inner[0], "a");
	assert_text(inner[1], "");
	assert_text(inner[2], "ccc");
}
END_TEST

START_TEST(structs_and_pointers) {
	const volt_slot name = text("Ada");
	volt_slot arrived[2];
	send_all(volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT), (volt_slot[]){name, 36}, arrived, 2);
	ck_assert_uint_ne(arrived[0], name);
	assert_text(arrived[0], "Ada");
	ck_assert_uint_eq(arrived[1], 36);
	const volt_slot person = boxed(STRUCT_PERSON, 2, (volt_slot[]){name, 37});
	const volt_slot copy = send(VOLT_KIND_POINTER, person);
	ck_assert_uint_ne(copy, person);
	assert_text(words_of(copy)[0], "Ada");
	words_of(copy)[1] = 1;
	ck_assert_uint_eq(words_of(person)[1], 37);
	ck_assert_uint_eq(object_meta(copy), object_meta(person));
}
END_TEST

/* new(T): what the header says of the type means nothing. */
START_TEST(objects_of_unknown_type) {
	const volt_kind claims[] = {VOLT_KIND_VOID,    VOLT_KIND_STRING, VOLT_KIND_MAP, VOLT_KIND_CLOSURE,
	                            VOLT_KIND_CHANNEL, VOLT_KIND_ISLAND, VOLT_KIND_PORT};
	for (size_t index = 0; index < sizeof claims / sizeof *claims; index++) {
		const volt_slot object = heap_new_untyped(space, volt_meta_make(0, claims[index]), 4);
		words_of(object)[0] = 12345;
		words_of(object)[3] = text("in it");
		const volt_slot copy = send(VOLT_KIND_POINTER, object);
		ck_assert_uint_eq(words_of(copy)[0], 12345);
		assert_text(words_of(copy)[3], "in it");
		ck_assert_uint_ne(words_of(copy)[3], words_of(object)[3]);
	}
}
END_TEST

START_TEST(maps_of_slices) {
	const uint32_t string_meta = volt_meta_make(0, VOLT_KIND_STRING);
	const volt_slot map =
	    map_new(space, string_meta, volt_meta_make(0, VOLT_KIND_SLICE), VOLT_KIND_STRING, 1, 1);
	for (volt_slot number = 0; number < 100; number++) {
		char name[8];
		snprintf(name, sizeof name, "k%d", (int)number);
		const volt_slot key = text(name), value = new_slice(VOLT_KIND_INT, &number, 1);
		assert_trap(map_set(space, map, &key, &value), "no error");
	}
	const volt_slot copy = send(VOLT_KIND_MAP, map), key = text("k42");
	ck_assert_uint_eq(map_length(copy), 100);
	const volt_slot *value = map_find(space, copy, &key), *original = map_find(space, map, &key);
	ck_assert_ptr_nonnull(value);
	ck_assert_uint_ne(*value, *original);
	ck_assert_uint_eq(*(const volt_slot *)(const void *)slice_data(*value), 42);
	map_delete(space, copy, &key);
	ck_assert_uint_eq(map_length(map), 100);
}
END_TEST

/* A key can be hashed only when all that it refers to is there. */
START_TEST(maps_with_struct_keys_in_maps) {
	const uint32_t person_meta = volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT);
	const uint32_t map_meta = volt_meta_make(0, VOLT_KIND_MAP);
	const volt_slot inner = map_new(space, person_meta, volt_meta_make(0, VOLT_KIND_INT), TYPE_PERSON, 2, 1);
	volt_slot key[2] = {text("Ada"), 36}, value = 5;
	assert_trap(map_set(space, inner, key, &value), "no error");
	const volt_slot outer = map_new(space, volt_meta_make(0, VOLT_KIND_INT), map_meta, VOLT_KIND_INT, 1, 1);
	const volt_slot one = 1;
	assert_trap(map_set(space, outer, &one, &inner), "no error");
	const volt_slot *found = map_find(space, send(VOLT_KIND_MAP, outer), &one);
	ck_assert_ptr_nonnull(found);
	const volt_slot *five = map_find(space, *found, (volt_slot[]){text("Ada"), 36});
	ck_assert_ptr_nonnull(five);
	ck_assert_uint_eq(*five, 5);
}
END_TEST

START_TEST(what_is_shared_arrives_twice) {
	const volt_slot person = boxed(STRUCT_PERSON, 2, (volt_slot[]){text("Ada"), 36});
	const volt_slot both = new_slice(VOLT_KIND_POINTER, (volt_slot[]){person, person}, 2);
	const volt_slot *arrived = (volt_slot *)(void *)slice_data(send(VOLT_KIND_SLICE, both));
	ck_assert_uint_ne(arrived[0], arrived[1]);
	assert_text(words_of(arrived[1])[0], "Ada");
}
END_TEST

START_TEST(ports_stay_themselves) {
	const volt_slot port = handle_new_port(space, heap_new_words(space, 1), 3, 2, 1);
	ck_assert_uint_eq(send(VOLT_KIND_PORT, port), port);
	const volt_slot slice = new_slice(VOLT_KIND_PORT, (volt_slot[]){port, 0, port}, 3);
	const volt_slot *arrived = (volt_slot *)(void *)slice_data(send(VOLT_KIND_SLICE, slice));
	ck_assert_uint_eq(arrived[0], port);
	ck_assert_uint_eq(arrived[1], 0);
	ck_assert_uint_eq(arrived[2], port);
}
END_TEST

START_TEST(several_types_in_a_row) {
	const volt_transfer_type types[] = {{volt_meta_make(0, VOLT_KIND_INT), 1},
	                                    {volt_meta_make(0, VOLT_KIND_STRING), 1}};
	const volt_slot name = text("name");
	const volt_slot sent[] = {name, name, name};
	const char *refused;
	const transfer_packet *packet = transfer_pack(space, types, 2, sent, 3, &refused);
	volt_slot arrived[3];
	transfer_unpack(space, packet, arrived);
	ck_assert_uint_eq(arrived[0], name);
	ck_assert_uint_ne(arrived[1], name);
	ck_assert_uint_ne(arrived[2], name); /* of no type: it looks like a reference */
	assert_text(arrived[2], "name");
}
END_TEST

START_TEST(what_cannot_be_sent) {
	const volt_slot any[2] = {any_type(TYPE_POINT, VOLT_KIND_INT), 5};
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_INTERFACE), any, 2), "an interface value");
	const volt_slot holder = boxed(STRUCT_HOLDER, 2, any);
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_POINTER), &holder, 1), "an interface value");
	const volt_slot island = handle_new_island(space, 1);
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_ISLAND), &island, 1), "an island");
	const volt_slot box = boxed(STRUCT_BOX, 1, &island);
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_POINTER), &box, 1), "an island");
	const volt_slot functions = new_slice(VOLT_KIND_CLOSURE, &island, 1);
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_SLICE), &functions, 1), "a function");
	const volt_slot inside = boxed(STRUCT_POINT, 2, (volt_slot[]){1, 2}) + 8;
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_POINTER), &inside, 1), "a pointer into an object");
}
END_TEST

/* A list of `count` boxes; the last one refers to number `back`, if there is one. */
static volt_slot make_list(uint32_t count, int64_t back) {
	volt_slot first = 0, target = 0, last = 0;
	for (uint32_t index = count; index-- > 0;) {
		first = boxed(STRUCT_BOX, 1, &first);
		last = last ? last : first;
		target = index == back ? first : target;
	}
	words_of(last)[0] = target;
	return first;
}

START_TEST(long_lists_arrive) {
	volt_slot node = send(VOLT_KIND_POINTER, make_list(MANY, -1));
	uint32_t length = 0;
	for (; node; node = words_of(node)[0])
		length++;
	ck_assert_uint_eq(length, MANY);
}
END_TEST

START_TEST(cycles_are_refused) {
	static const uint32_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 9, 100, 1000};
	for (size_t index = 0; index < sizeof lengths / sizeof *lengths; index++)
		for (uint32_t back = 0; back < lengths[index]; back += 1 + lengths[index] / 4) {
			const volt_slot list = make_list(lengths[index], back);
			ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_POINTER), &list, 1),
			                 "a value that contains itself");
		}
}
END_TEST

/* Both ways out of each node lead to a cycle, so the number of ways doubles at each step. */
START_TEST(doubly_linked_rings_are_refused) {
	enum { NODES = 50 };
	volt_slot nodes[NODES];
	for (int index = 0; index < NODES; index++)
		nodes[index] = boxed(STRUCT_GRID, 2, (volt_slot[]){0, 0});
	for (int index = 0; index < NODES; index++) {
		words_of(nodes[index])[0] = nodes[(index + 1) % NODES];
		words_of(nodes[index])[1] = nodes[(index + NODES - 1) % NODES];
	}
	ck_assert_str_eq(refusal(volt_meta_make(0, VOLT_KIND_POINTER), nodes, 1), "a value that contains itself");
}
END_TEST

int main(void) {
	const test_list tests = {
	    scalars_and_nil,
	    a_number_that_is_an_address_stays_a_number,
	    whole_and_partial_strings,
	    slices_are_independent,
	    packed_elements,
	    slices_of_strings_and_slices,
	    structs_and_pointers,
	    objects_of_unknown_type,
	    maps_of_slices,
	    maps_with_struct_keys_in_maps,
	    what_is_shared_arrives_twice,
	    ports_stay_themselves,
	    several_types_in_a_row,
	    what_cannot_be_sent,
	    long_lists_arrive,
	    cycles_are_refused,
	    doubly_linked_rings_are_refused,
	    NULL,
	};
	return run_suite("transfer", tests);
}
