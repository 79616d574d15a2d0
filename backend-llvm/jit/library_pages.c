/*
 * The library's code and constants, mapped by the kernel at once when it is loaded. Opening the tier and
 * compiling one function touch most parts of it, and each first touch of a part is a trap.
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

static bool is_this_library(const struct dl_phdr_info *object) {
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (contains(&object->dlpi_phdr[i], (uintptr_t)is_this_library - object->dlpi_addr))
			return true;
	return false;
}

static void map_segment(const struct dl_phdr_info *object, const ElfW(Phdr) * segment) {
	const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
	const uintptr_t first = start / PAGE_BYTES * PAGE_BYTES;
	(void)madvise((void *)first, start + segment->p_memsz - first, MADV_POPULATE_READ);
}

static int map_if_ours(struct dl_phdr_info *object, size_t size, void *user) {
	(void)size, (void)user;
	if (!is_this_library(object))
		return 0;
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_LOAD && !(object->dlpi_phdr[i].p_flags & PF_W))
			map_segment(object, &object->dlpi_phdr[i]);
	return 1;
}

__attribute__((constructor(RUNS_BEFORE_CONSTRUCTORS_OF_LLVM))) static void map_code(void) {
	dl_iterate_phdr(map_if_ours, NULL);
}
