/*
 * Objects are ELF, for both machines, and come from our own code generation; from a file of the cache only
 * with its checksum.
 */
#include "jit/loaded_object.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const Elf64_Sym *symbols;
	size_t count;
	const char *names;
} symbol_table;

static void *at(const loaded_object *object, uint64_t offset) {
	return object->bytes + offset;
}

static bool is_within(const loaded_object *object, uint64_t offset, uint64_t size) {
	return offset <= object->size && size <= object->size - offset;
}

static bool find_sections(loaded_object *object) {
	const Elf64_Ehdr *header = at(object, 0);
	if (object->size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shstrndx >= header->e_shnum ||
	    !is_within(object, header->e_shoff, (uint64_t)header->e_shnum * sizeof *object->sections))
		return false;
	object->sections = at(object, header->e_shoff);
	object->section_count = header->e_shnum;
	for (unsigned i = 0; i < object->section_count; i++) {
		const Elf64_Shdr *section = &object->sections[i];
		if (section->sh_type != SHT_NOBITS && !is_within(object, section->sh_offset, section->sh_size))
			return false;
	}
	return true;
}

static bool find_symbols(const loaded_object *object, symbol_table *table) {
	for (unsigned i = 0; i < object->section_count; i++) {
		const Elf64_Shdr *section = &object->sections[i];
		if (section->sh_type != SHT_SYMTAB || section->sh_link >= object->section_count)
			continue;
		*table = (symbol_table){at(object, section->sh_offset), section->sh_size / sizeof(Elf64_Sym),
		                        at(object, object->sections[section->sh_link].sh_offset)};
		return true;
	}
	return false;
}

static bool is_code(const loaded_object *object, const Elf64_Sym *symbol) {
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx < object->section_count &&
	       symbol->st_shndx != SHN_UNDEF;
}

/* A section lies where one of its functions does that the linker has been asked for. */
static void find_addresses(loaded_object *object, const symbol_table *table, symbol_finder find, void *user) {
	for (size_t i = 0; i < table->count; i++) {
		const Elf64_Sym *symbol = &table->symbols[i];
		if (!is_code(object, symbol) || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL)
			continue;
		Elf64_Shdr *section = &object->sections[symbol->st_shndx];
		if (section->sh_addr != 0)
			continue;
		const uint64_t address = find(user, table->names + symbol->st_name);
		if (address != 0)
			section->sh_addr = address - symbol->st_value;
	}
}

/*
 * Where the linker has put the tables for unwinding nobody says. They refer to the code by distances of 32
 * bits, and readers take them from the object: any place near the code gives these their meaning.
 */
static void place_unwind_tables(loaded_object *object) {
	const Elf64_Shdr *code = loaded_object_section(object, ".text");
	for (unsigned i = 0; code && code->sh_addr != 0 && i < object->section_count; i++) {
		Elf64_Shdr *section = &object->sections[i];
		if (section == loaded_object_section(object, ".eh_frame"))
			section->sh_addr = (code->sh_addr + code->sh_size + 15) & ~(uint64_t)15;
	}
}

bool loaded_object_open(loaded_object *object, void *bytes, size_t size, symbol_finder find, void *user) {
	symbol_table table;
	*object = (loaded_object){.bytes = bytes, .size = size};
	if (find_sections(object) && find_symbols(object, &table)) {
		find_addresses(object, &table, find, user);
		place_unwind_tables(object);
		return true;
	}
	loaded_object_close(object);
	return false;
}

void loaded_object_close(loaded_object *object) {
	free(object->bytes);
	*object = (loaded_object){0};
}

bool loaded_object_next(const loaded_object *object, size_t *cursor, loaded_function *function) {
	symbol_table table;
	if (!find_symbols(object, &table))
		return false;
	for (size_t i = *cursor; i < table.count; i++) {
		const Elf64_Sym *symbol = &table.symbols[i];
		if (!is_code(object, symbol) || object->sections[symbol->st_shndx].sh_addr == 0)
			continue;
		const uint64_t address = object->sections[symbol->st_shndx].sh_addr + symbol->st_value;
		*function = (loaded_function){table.names + symbol->st_name, address, symbol->st_size,
		                              (const unsigned char *)(uintptr_t)address};
		*cursor = i + 1;
		return true;
	}
	return false;
}

const Elf64_Shdr *loaded_object_section(const loaded_object *object, const char *name) {
	const Elf64_Ehdr *header = at(object, 0);
	const char *names = at(object, object->sections[header->e_shstrndx].sh_offset);
	for (unsigned i = 0; i < object->section_count; i++)
		if (strcmp(names + object->sections[i].sh_name, name) == 0)
			return &object->sections[i];
	return NULL;
}
