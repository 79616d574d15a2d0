/* An object that has been linked: which of its functions are where in memory. */
#ifndef JIT_LOADED_OBJECT_H
#define JIT_LOADED_OBJECT_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A copy of the object, whose section headers say where the code lies: sh_addr, 0 where it is not known. */
typedef struct {
	unsigned char *bytes;
	size_t size;
	Elf64_Shdr *sections;
	unsigned section_count;
} loaded_object;

typedef struct {
	const char *name;
	uint64_t address;
	uint64_t size;
	const unsigned char *code; /* in memory, as it is executed */
} loaded_function;

/* The address of a symbol that other objects can refer to; 0: there is none. */
typedef uint64_t (*symbol_finder)(void *user, const char *symbol);

/* Takes the bytes, from malloc(), in any case. False: they are no object whose code could be found. */
bool loaded_object_open(loaded_object *object, void *bytes, size_t size, symbol_finder find, void *user);
void loaded_object_close(loaded_object *object);

/* The next function with code, from *cursor on, which is 0 at first. */
bool loaded_object_next(const loaded_object *object, size_t *cursor, loaded_function *function);

/* NULL: there is no section of this name. */
const Elf64_Shdr *loaded_object_section(const loaded_object *object, const char *name);

#endif
