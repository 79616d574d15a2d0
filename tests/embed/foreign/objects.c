/* Objects, and elements in them. */
#include "objects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What compiled code is told ---- */

#define IN_HEADER(field) ((int32_t)offsetof(object, field) - (int32_t)offsetof(object, words))

volt_heap_layout heap_layout(void) {
	return (volt_heap_layout){
	    .array_length = IN_HEADER(length),
	    .array_elements = 0,
	    .slice_elements = offsetof(slice, elements),
	    .slice_length = offsetof(slice, length),
	    .slice_capacity = offsetof(slice, capacity),
	    .string_bytes = offsetof(string, bytes),
	    .string_length = offsetof(string, length),
	    .closure_function = IN_HEADER(closure.function),
	    .closure_captures = IN_HEADER(closure.captures),
	    .interface_kind = KIND_SHIFT,
	    .interface_type = TYPE_SHIFT,
	    .interface_table = TABLE_SHIFT,
	};
}

/* ---- Objects ---- */

volt_slot object_new(machine *self, uint64_t bytes) {
	collect_before_allocation(self);
	object *made = calloc(1, sizeof *made + bytes);
	if (!made) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	made->bytes = bytes;
	made->next = self->heap.objects;
	self->heap.objects = made;
	self->heap.count++;
	return (volt_slot)(uintptr_t)made->words;
}

void objects_free(machine *self) {
	for (object *each = self->heap.objects, *next; each; each = next) {
		next = each->next;
		free(each);
	}
}

static void *pointer_to(volt_slot reference) {
	return (void *)(uintptr_t)reference;
}

/* Word 0 is the machine's: a pointer to the function. Bytecode stores captures as words from 1 on. */
volt_slot closure_new(machine *self, uint32_t function, uint32_t captures) {
	volt_slot closure = object_new(self, (1 + (uint64_t)captures) * sizeof(volt_slot));
	object_of(closure)->closure.function = function;
	object_of(closure)->closure.captures = captures;
	object_of(closure)->words[0] = (volt_slot)(uintptr_t)&self->module->functions.items[function];
	return closure;
}

uint32_t function_of(const machine *self, volt_slot closure) {
	const volt_function *function = pointer_to(object_of(closure)->words[0]);
	return (uint32_t)(function - self->module->functions.items);
}

volt_slot array_new(machine *self, uint64_t length, uint64_t element_bytes) {
	volt_slot array = object_new(self, length * element_bytes);
	object_of(array)->length = length;
	return array;
}

/* ---- Slices ---- */

static volt_slot header_new(machine *self, uint8_t *elements, uint64_t length, uint64_t capacity) {
	volt_slot made = object_new(self, sizeof(slice));
	*(slice *)pointer_to(made) = (slice){capacity, length, elements};
	return made;
}

volt_slot slice_new(machine *self, uint64_t length, uint64_t capacity, uint64_t element_bytes) {
	return header_new(self, pointer_to(object_new(self, capacity * element_bytes)), length, capacity);
}

volt_slot slice_append(machine *self, volt_slot reference, uint64_t element_bytes, const volt_slot *element) {
	enum { FIRST_CAPACITY = 4 };
	slice old = reference ? *(const slice *)pointer_to(reference) : (slice){0};
	if (old.length == old.capacity) {
		old.capacity = old.capacity ? 2 * old.capacity : FIRST_CAPACITY;
		uint8_t *elements = pointer_to(object_new(self, old.capacity * element_bytes));
		if (old.length)
			memcpy(elements, old.elements, old.length * element_bytes);
		old.elements = elements;
	}
	element_store(old.elements + old.length * element_bytes, element, element_bytes);
	return header_new(self, old.elements, old.length + 1, old.capacity);
}

/* ---- Strings ---- */

string string_of(volt_slot reference) {
	return reference ? *(const string *)pointer_to(reference) : (string){"", 0};
}

static volt_slot string_with_room(machine *self, uint64_t length, char **bytes) {
	volt_slot made = object_new(self, sizeof(string) + length);
	*bytes = (char *)pointer_to(made) + sizeof(string);
	*(string *)pointer_to(made) = (string){*bytes, length};
	return made;
}

volt_slot string_new(machine *self, const char *bytes, uint64_t length) {
	char *room;
	if (length == 0)
		return 0;
	volt_slot made = string_with_room(self, length, &room);
	memcpy(room, bytes, length);
	return made;
}

volt_slot string_join(machine *self, volt_slot left, volt_slot right) {
	char *room;
	if (!left || !right)
		return left ? left : right;
	string first = string_of(left), second = string_of(right);
	volt_slot made = string_with_room(self, first.length + second.length, &room);
	memcpy(room, first.bytes, first.length);
	memcpy(room + first.length, second.bytes, second.length);
	return made;
}

int64_t string_compare(volt_slot left, volt_slot right) {
	string first = string_of(left), second = string_of(right);
	int order =
	    memcmp(first.bytes, second.bytes, first.length < second.length ? first.length : second.length);
	return order ? order : (first.length > second.length) - (first.length < second.length);
}

/* ---- Elements ---- */

enum { SIGNED = 0x80, BYTES = 0x3f };

uint64_t element_bytes(uint8_t flags) {
	return flags & BYTES;
}

void element_load(volt_slot *slots, const uint8_t *from, uint8_t flags) {
	const uint64_t bytes = element_bytes(flags);
	if (bytes >= sizeof(volt_slot)) {
		memcpy(slots, from, bytes);
		return;
	}
	volt_slot value = 0;
	memcpy(&value, from, bytes);
	const unsigned unused = 64 - 8 * (unsigned)bytes;
	*slots = flags & SIGNED ? (volt_slot)((int64_t)(value << unused) >> unused) : value;
}

void element_store(uint8_t *to, const volt_slot *slots, uint64_t bytes) {
	memcpy(to, slots, bytes);
}
