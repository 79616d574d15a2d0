/* An object file, placed in memory and linked: what `volt compile --emit=obj` writes. */
#ifndef COUNTS_OBJECT_H
#define COUNTS_OBJECT_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"
#include "volt/error.h"

typedef struct {
	uint64_t address; /* 0: not loaded */
	uint64_t size;    /* without what fills its last page */
	bool is_writable;
	bool is_code;
} loaded_section;

typedef struct {
	const char *path;
	int file;
	Elf *elf;
	const target_description *target;
	loaded_section *sections; /* by index in the file */
	size_t section_count;
	uint8_t *image; /* what is at IMAGE_BASE; whole pages */
	size_t image_size;
	Elf_Data *symbols; /* NULL: there are none */
	size_t symbol_count;
	size_t symbol_names; /* index of the section with their names */
} object_file;

/* The caller calls object_close() in any case. */
volt_error *object_open(const char *path, object_file *object);
void object_close(object_file *object);

/* The address of the entry of a bytecode function, by its name (entry.c). */
volt_error *object_find_entry(const object_file *object, const char *function, uint64_t *address);

/*
 * Writes the addresses of the forms that compiled code calls, by function index, to `table` of `count` words;
 * 0 for those that the object does not have.
 */
void object_inner_forms(const object_file *object, uint64_t *table, size_t count);

/* The global offset table: addresses of all symbols by their index, in `table` of `count` words. */
void object_offset_table(const object_file *object, uint64_t *table, size_t count);

/* The name of a symbol, by its index; NULL: there is none. Address 0: it is not in a section that is loaded.
 */
const char *object_symbol(const object_file *object, size_t index, uint64_t *address);

/* The name of the undefined symbol that has this address; NULL: none has. */
const char *object_outside_name(const object_file *object, uint64_t address);

/* The name of the function that this address belongs to, and its start; NULL: none is known. */
const char *object_function_at(const object_file *object, uint64_t address, uint64_t *start);

#endif
