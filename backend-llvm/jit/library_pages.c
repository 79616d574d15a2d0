/*
 * The library's code, mapped by the kernel at once when it is loaded. Opening the tier and compiling one
 * function touch most parts of it, and each first touch of a part is a trap.
 */
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096, RUNS_BEFORE_CONSTRUCTORS_OF_LLVM = 101 };

static bool contains(const ElfW(Phdr) * segment, uintptr_t offset) {
	return segment->p_type == PT_LOAD && offset - segment->p_vaddr < segment->p_memsz;
}

static int map_if_ours(struct dl_phdr_info *object, size_t size, void *user) {
	(void)size, (void)user;
	const ElfW(Phdr) *segment = object->dlpi_phdr, *end = segment + object->dlpi_phnum;
	while (segment < end && !contains(segment, (uintptr_t)map_if_ours - object->dlpi_addr))
		segment++;
	if (segment == end)
		return 0;
	const uintptr_t start = (object->dlpi_addr + segment->p_vaddr) / PAGE_BYTES * PAGE_BYTES;
	(void)madvise((void *)start, object->dlpi_addr + segment->p_vaddr + segment->p_memsz - start,
	              MADV_POPULATE_READ);
	return 1;
}

__attribute__((constructor(RUNS_BEFORE_CONSTRUCTORS_OF_LLVM))) static void map_code(void) {
	dl_iterate_phdr(map_if_ours, NULL);
}
