/* Reads an object file with libelf, places its sections and applies its relocations. */
#include "object.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"

static volt_error *elf_failure(const object_file *object, const char *what) {
	int number = elf_errno();
	return volt_error_new(VOLT_ERROR_FORMAT, "%s: %s: %s", object->path, what,
	                      number ? elf_errmsg(number) : "the file is damaged or truncated");
}

/* ---- Opening ---- */

static volt_error *read_header(object_file *object) {
	GElf_Ehdr header;
	if (elf_kind(object->elf) != ELF_K_ELF || !gelf_getehdr(object->elf, &header))
		return volt_error_new(VOLT_ERROR_FORMAT, "%s is not an ELF file", object->path);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    header.e_type != ET_REL)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s is not a relocatable object of 64 bits", object->path);
	object->target = target_of_machine(header.e_machine);
	if (!object->target)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s is for machine %u, which cannot be emulated here",
		                      object->path, header.e_machine);
	if (elf_getshdrnum(object->elf, &object->section_count) || object->section_count == 0)
		return elf_failure(object, "no sections");
	return NULL;
}

static volt_error *open_elf(object_file *object) {
	elf_version(EV_CURRENT);
	object->file = open(object->path, O_RDONLY | O_CLOEXEC);
	if (object->file < 0)
		return volt_error_new(VOLT_ERROR_FILE, "cannot open %s: %s", object->path, strerror(errno));
	object->elf = elf_begin(object->file, ELF_C_READ, NULL);
	return object->elf ? read_header(object) : elf_failure(object, "cannot read");
}

static volt_error *section_header(const object_file *object, size_t index, GElf_Shdr *header) {
	Elf_Scn *section = elf_getscn(object->elf, index);
	return section && gelf_getshdr(section, header) ? NULL : elf_failure(object, "bad section header");
}

static volt_error *section_data(const object_file *object, size_t index, Elf_Data **data) {
	*data = elf_getdata(elf_getscn(object->elf, index), NULL);
	return *data ? NULL : elf_failure(object, "bad section");
}

/* ---- Placing sections ---- */

static uint64_t whole_pages(uint64_t size) {
	return (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

/* Each section starts a page of its own, so that it can have its own protection. */
static volt_error *place_section(object_file *object, size_t index) {
	GElf_Shdr header;
	volt_error *error = section_header(object, index, &header);
	if (error || !(header.sh_flags & SHF_ALLOC) || header.sh_size == 0)
		return error;
	if (header.sh_addralign > PAGE_SIZE)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s: section %zu has an alignment beyond a page",
		                      object->path, index);
	if (header.sh_size > IMAGE_SIZE_MAXIMUM - object->image_size)
		return volt_error_new(VOLT_ERROR_LIMIT, "%s: sections are larger than %d bytes together",
		                      object->path, IMAGE_SIZE_MAXIMUM);
	object->sections[index] = (loaded_section){
	    .address = IMAGE_BASE + object->image_size,
	    .size = header.sh_size,
	    .is_writable = header.sh_flags & SHF_WRITE,
	    .is_code = header.sh_flags & SHF_EXECINSTR,
	};
	object->image_size += whole_pages(header.sh_size);
	return NULL;
}

static volt_error *copy_section(object_file *object, size_t index) {
	const loaded_section *section = &object->sections[index];
	GElf_Shdr header;
	Elf_Data *data = NULL;
	volt_error *error = section_header(object, index, &header);
	if (error || !section->address || header.sh_type == SHT_NOBITS)
		return error;
	error = section_data(object, index, &data);
	if (error)
		return error;
	if (!data->d_buf || data->d_size != section->size)
		return elf_failure(object, "bad section");
	memcpy(object->image + (section->address - IMAGE_BASE), data->d_buf, data->d_size);
	return NULL;
}

static volt_error *load_sections(object_file *object) {
	volt_error *error = NULL;
	object->sections = calloc(object->section_count, sizeof *object->sections);
	if (!object->sections)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	for (size_t i = 1; i < object->section_count && !error; i++)
		error = place_section(object, i);
	if (error)
		return error;
	object->image = calloc(1, object->image_size + PAGE_SIZE);
	if (!object->image)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	for (size_t i = 1; i < object->section_count && !error; i++)
		error = copy_section(object, i);
	return error;
}

/* ---- Symbols ---- */

static volt_error *load_symbols(object_file *object) {
	for (size_t i = 1; i < object->section_count; i++) {
		GElf_Shdr header;
		volt_error *error = section_header(object, i, &header);
		if (error)
			return error;
		if (header.sh_type != SHT_SYMTAB)
			continue;
		object->symbol_names = header.sh_link;
		error = section_data(object, i, &object->symbols);
		object->symbol_count = error ? 0 : object->symbols->d_size / sizeof(Elf64_Sym);
		return error;
	}
	return NULL;
}

static const char *symbol_name(const object_file *object, const GElf_Sym *symbol) {
	const char *name = elf_strptr(object->elf, object->symbol_names, symbol->st_name);
	return name ? name : "";
}

static bool get_symbol(const object_file *object, size_t index, GElf_Sym *symbol) {
	return index < object->symbol_count && gelf_getsym(object->symbols, (int)index, symbol);
}

/* Symbols that the host defines; others have addresses by their index, after where the entry returns to. */
static volt_error *undefined_address(const object_file *object, const GElf_Sym *symbol, size_t index,
                                     uint64_t *address) {
	if (strcmp(symbol_name(object, symbol), "volt_inner_table") == 0) {
		*address = INNER_TABLE_BASE;
		return NULL;
	}
	*address = OUTSIDE_BASE + (index + 1) * OUTSIDE_STEP;
	bool fits = *address < OUTSIDE_BASE + OUTSIDE_SIZE;
	return fits ? NULL : volt_error_new(VOLT_ERROR_LIMIT, "too many symbols");
}

static volt_error *symbol_address(const object_file *object, size_t index, uint64_t *address) {
	GElf_Sym symbol;
	if (!get_symbol(object, index, &symbol))
		return volt_error_new(VOLT_ERROR_FORMAT, "there is no symbol %zu", index);
	if (symbol.st_shndx == SHN_UNDEF)
		return undefined_address(object, &symbol, index, address);
	if (symbol.st_shndx == SHN_ABS) {
		*address = symbol.st_value;
		return NULL;
	}
	if (symbol.st_shndx >= object->section_count || !object->sections[symbol.st_shndx].address)
		return volt_error_new(VOLT_ERROR_FORMAT, "symbol '%s' is in no section that is loaded",
		                      symbol_name(object, &symbol));
	*address = object->sections[symbol.st_shndx].address + symbol.st_value;
	return NULL;
}

void object_offset_table(const object_file *object, uint64_t *table, size_t count) {
	memset(table, 0, count * sizeof *table);
	for (size_t i = 1; i < count && i < object->symbol_count; i++)
		volt_error_free(symbol_address(object, i, &table[i]));
}

const char *object_symbol(const object_file *object, size_t index, uint64_t *address) {
	GElf_Sym symbol;
	if (!get_symbol(object, index, &symbol))
		return NULL;
	bool is_loaded = symbol.st_shndx < object->section_count && object->sections[symbol.st_shndx].address;
	*address = is_loaded ? object->sections[symbol.st_shndx].address + symbol.st_value : 0;
	return symbol_name(object, &symbol);
}

const char *object_outside_name(const object_file *object, uint64_t address) {
	GElf_Sym symbol;
	if (address < OUTSIDE_BASE + OUTSIDE_STEP || address >= OUTSIDE_BASE + OUTSIDE_SIZE)
		return NULL;
	if (!get_symbol(object, (address - OUTSIDE_BASE) / OUTSIDE_STEP - 1, &symbol))
		return NULL;
	return symbol_name(object, &symbol);
}

const char *object_function_at(const object_file *object, uint64_t address, uint64_t *start) {
	GElf_Sym symbol;
	for (size_t i = 1; get_symbol(object, i, &symbol); i++) {
		if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx >= object->section_count)
			continue;
		*start = object->sections[symbol.st_shndx].address + symbol.st_value;
		if (address >= *start && address - *start < symbol.st_size)
			return symbol_name(object, &symbol);
	}
	return NULL;
}

/* ---- Relocations ---- */

static volt_error *relocate(object_file *object, const loaded_section *section, const GElf_Rela *entry) {
	if (entry->r_offset >= section->size)
		return volt_error_new(VOLT_ERROR_FORMAT, "a relocation is outside of its section");
	uint64_t symbol = 0;
	size_t index = GELF_R_SYM(entry->r_info);
	volt_error *error = symbol_address(object, index, &symbol);
	if (error)
		return error;
	if (relocation_is_indirect(object->target->relocations, (uint32_t)GELF_R_TYPE(entry->r_info))) {
		symbol = OFFSET_TABLE_BASE + index * sizeof(uint64_t);
		if (symbol >= OFFSET_TABLE_BASE + OFFSET_TABLE_SIZE)
			return volt_error_new(VOLT_ERROR_LIMIT, "too many symbols");
	}
	relocation_entry relocation = {
	    .kind = (uint32_t)GELF_R_TYPE(entry->r_info),
	    .place = section->address + entry->r_offset,
	    .target = symbol + (uint64_t)entry->r_addend,
	};
	return relocation_apply(object->target->relocations, &relocation,
	                        object->image + (relocation.place - IMAGE_BASE), section->size - entry->r_offset);
}

static volt_error *relocate_section(object_file *object, size_t index) {
	GElf_Shdr header;
	volt_error *error = section_header(object, index, &header);
	if (error || (header.sh_type != SHT_RELA && header.sh_type != SHT_REL))
		return error;
	if (header.sh_info >= object->section_count || !object->sections[header.sh_info].address)
		return NULL;
	if (header.sh_type == SHT_REL)
		return volt_error_new(VOLT_ERROR_FORMAT, "%s: relocations without addends", object->path);
	Elf_Data *data = NULL;
	error = section_data(object, index, &data);
	GElf_Rela entry;
	for (int i = 0; !error && gelf_getrela(data, i, &entry); i++) {
		error = relocate(object, &object->sections[header.sh_info], &entry);
		if (error)
			error = volt_error_prefix(error, "%s: section %zu+0x%" PRIx64, object->path,
			                          (size_t)header.sh_info, entry.r_offset);
	}
	return error;
}

volt_error *object_open(const char *path, object_file *object) {
	*object = (object_file){.path = path, .file = -1};
	volt_error *error = open_elf(object);
	if (!error)
		error = load_sections(object);
	if (!error)
		error = load_symbols(object);
	for (size_t i = 1; i < object->section_count && !error; i++)
		error = relocate_section(object, i);
	return error;
}

void object_close(object_file *object) {
	elf_end(object->elf);
	if (object->file >= 0)
		close(object->file);
	free(object->sections);
	free(object->image);
}
