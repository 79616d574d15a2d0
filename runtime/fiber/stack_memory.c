/* What a stack's memory is stands in front of it. */
#include "fiber/stack_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "process/prefault.h"

/* From here on, copying a stack that doubles costs more than a mapping. */
enum { LARGE_STACK_SLOTS = 1 << 18 };

typedef struct {
	size_t mapped_bytes; /* 0: the block is the C library's */
	uint64_t slots;
	volt_slot stack[];
} stack_memory;

static stack_memory *memory_of(const volt_slot *stack) {
	return (stack_memory *)((uintptr_t)stack - offsetof(stack_memory, stack));
}

static size_t bytes_of(uint64_t slots) {
	return sizeof(stack_memory) + slots * sizeof(volt_slot);
}

/* Whoever gets so deep is likely to get much deeper. */
static stack_memory *map(uint64_t slots) {
	const size_t bytes = bytes_of(slots);
	stack_memory *memory =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	prefer_large_pages(memory, bytes);
	memory->mapped_bytes = bytes;
	memory->slots = slots;
	return memory;
}

volt_slot *stack_memory_new(uint64_t slots, uint64_t most) {
	stack_memory *memory = slots >= LARGE_STACK_SLOTS && slots <= most ? map(most) : NULL;
	if (!memory) {
		memory = calloc(1, bytes_of(slots));
		if (memory)
			memory->slots = slots;
	}
	return memory ? memory->stack : NULL;
}

bool stack_memory_extends_to(const volt_slot *stack, uint64_t slots) {
	return slots <= memory_of(stack)->slots;
}

void stack_memory_free(volt_slot *stack) {
	stack_memory *memory = memory_of(stack);
	if (memory->mapped_bytes)
		munmap(memory, memory->mapped_bytes);
	else
		free(memory);
}
