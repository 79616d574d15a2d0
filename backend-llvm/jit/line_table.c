/*
 * Reads .debug_line of DWARF 4, as LLVM writes it for us ("Line Number Information" in that standard): no
 * directories, one sequence for each section of code. What it does not know ends the reading.
 */
#include "jit/line_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	STANDARD_OPCODES = 13, /* of version 4, with the number 0 */
	FILES = 256,
};

enum {
	OP_EXTENDED,
	OP_COPY,
	OP_ADVANCE_PC,
	OP_ADVANCE_LINE,
	OP_SET_FILE,
	OP_CONST_ADD_PC = 8,
	OP_FIXED_ADVANCE_PC,
	EXTENDED_END_SEQUENCE = 1,
	EXTENDED_SET_ADDRESS = 2,
};

typedef struct {
	const loaded_object *object;
	const Elf64_Shdr *section;
	const unsigned char *next, *end; /* end: of the unit */
	bool is_broken;
	bool is_placed; /* the address of the section of code that the rows are of is known */
	uint8_t minimum_length;
	int8_t line_base;
	uint8_t line_range;
	uint8_t opcode_base;
	uint8_t operands[STANDARD_OPCODES];
	const char *files[FILES]; /* from 1 */
	uint32_t file_count;
	line_row row;
	size_t next_relocation; /* they come in the order of their places */
	line_row *rows;
	size_t count, capacity;
} reader;

/* ---- Numbers ---- */

static uint64_t read_fixed(reader *from, unsigned bytes) {
	uint64_t value = 0;
	if ((size_t)(from->end - from->next) < bytes) {
		from->is_broken = true;
		from->next = from->end;
		return 0;
	}
	memcpy(&value, from->next, bytes); /* both machines are little-endian */
	from->next += bytes;
	return value;
}

static uint64_t read_leb(reader *from, bool is_signed) {
	uint64_t value = 0, byte;
	unsigned shift = 0;
	do {
		byte = read_fixed(from, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && !from->is_broken);
	if (is_signed && byte & 0x40 && shift < 64)
		value |= UINT64_MAX << shift;
	return value;
}

static const char *read_text(reader *from) {
	const char *text = (const char *)from->next;
	const unsigned char *zero = memchr(from->next, 0, (size_t)(from->end - from->next));
	if (!zero) {
		from->is_broken = true;
		return "";
	}
	from->next = zero + 1;
	return text;
}

/* ---- The header of a unit ---- */

static void read_files(reader *from) {
	while (!from->is_broken && *read_text(from) != 0) {
	}
	from->file_count = 0;
	for (const char *name; !from->is_broken && *(name = read_text(from)) != 0;) {
		for (int i = 0; i < 3; i++)
			read_leb(from, false);
		if (++from->file_count < FILES)
			from->files[from->file_count] = name;
	}
}

static void read_header(reader *from) {
	const uint64_t length = read_fixed(from, 4);
	const uint64_t rest = (uint64_t)(from->end - from->next);
	if (length < rest)
		from->end = from->next + length;
	const uint64_t version = read_fixed(from, 2);
	const uint64_t header_length = read_fixed(from, 4);
	const unsigned char *program = from->next + header_length;
	from->minimum_length = (uint8_t)read_fixed(from, 1);
	read_fixed(from, 2); /* operations in an instruction, default of is_stmt */
	from->line_base = (int8_t)read_fixed(from, 1);
	from->line_range = (uint8_t)read_fixed(from, 1);
	from->opcode_base = (uint8_t)read_fixed(from, 1);
	if (version != 4 || from->line_range == 0 || from->opcode_base != STANDARD_OPCODES || length > rest ||
	    header_length > (uint64_t)(from->end - from->next)) {
		from->is_broken = true;
		return;
	}
	for (unsigned i = 1; i < from->opcode_base; i++)
		from->operands[i] = (uint8_t)read_fixed(from, 1);
	read_files(from);
	from->next = program;
}

/* ---- The program ---- */

static void restart(reader *from) {
	from->row = (line_row){.file = from->files[1], .line = 1};
	from->is_placed = false;
}

static void keep_row(reader *from) {
	if (!from->is_placed)
		return;
	if (from->count == from->capacity) {
		const size_t capacity = from->capacity ? 2 * from->capacity : 64;
		line_row *grown = realloc(from->rows, capacity * sizeof *grown);
		if (!grown) {
			from->is_broken = true;
			return;
		}
		from->rows = grown;
		from->capacity = capacity;
	}
	from->rows[from->count++] = from->row;
}

/* The object's relocation for the address: a place in a section of code, whose header has its address. */
static uint64_t relocated_address(reader *from, uint64_t place) {
	const Elf64_Shdr *section = loaded_object_section(from->object, ".rela.debug_line");
	if (!section || section->sh_link >= from->object->section_count)
		return 0;
	const Elf64_Rela *relocations = (const void *)(from->object->bytes + section->sh_offset);
	const Elf64_Shdr *table = &from->object->sections[section->sh_link];
	const Elf64_Sym *symbols = (const void *)(from->object->bytes + table->sh_offset);
	for (size_t i = from->next_relocation; i < section->sh_size / sizeof *relocations; i++) {
		const uint64_t number = ELF64_R_SYM(relocations[i].r_info);
		if (relocations[i].r_offset != place || number >= table->sh_size / sizeof *symbols ||
		    symbols[number].st_shndx >= from->object->section_count)
			continue;
		from->next_relocation = i + 1;
		const uint64_t base = from->object->sections[symbols[number].st_shndx].sh_addr;
		return base ? base + symbols[number].st_value + (uint64_t)relocations[i].r_addend : 0;
	}
	return 0;
}

static void do_extended(reader *from) {
	const uint64_t length = read_leb(from, false);
	if (length == 0 || length > (uint64_t)(from->end - from->next)) {
		from->is_broken = true;
		return;
	}
	const unsigned char *behind = from->next + length;
	switch (read_fixed(from, 1)) {
	case EXTENDED_END_SEQUENCE: restart(from); break;
	case EXTENDED_SET_ADDRESS:
		from->row.address = relocated_address(
		    from, (uint64_t)(from->next - (from->object->bytes + from->section->sh_offset)));
		from->is_placed = from->row.address != 0;
		break;
	default: break;
	}
	from->next = behind;
}

static void advance(reader *from, uint64_t operations) {
	from->row.address += operations * from->minimum_length;
}

static void do_special(reader *from, uint8_t opcode) {
	const uint8_t adjusted = (uint8_t)(opcode - from->opcode_base);
	advance(from, adjusted / from->line_range);
	from->row.line += (uint32_t)(from->line_base + adjusted % from->line_range);
	keep_row(from);
}

static void do_standard(reader *from, uint8_t opcode) {
	switch (opcode) {
	case OP_EXTENDED: do_extended(from); break;
	case OP_COPY: keep_row(from); break;
	case OP_ADVANCE_PC: advance(from, read_leb(from, false)); break;
	case OP_ADVANCE_LINE: from->row.line += (uint32_t)read_leb(from, true); break;
	case OP_SET_FILE: {
		const uint64_t file = read_leb(from, false);
		from->row.file = file > 0 && file <= from->file_count && file < FILES ? from->files[file] : "";
		break;
	}
	case OP_CONST_ADD_PC: advance(from, (uint8_t)(255 - from->opcode_base) / from->line_range); break;
	case OP_FIXED_ADVANCE_PC: from->row.address += read_fixed(from, 2); break;
	default:
		for (unsigned i = 0; i < from->operands[opcode]; i++)
			read_leb(from, false);
	}
}

static void read_unit(reader *from) {
	read_header(from);
	restart(from);
	while (!from->is_broken && from->next < from->end) {
		const uint8_t opcode = (uint8_t)read_fixed(from, 1);
		if (opcode >= from->opcode_base)
			do_special(from, opcode);
		else
			do_standard(from, opcode);
	}
}

size_t line_table_read(const loaded_object *object, line_row **rows) {
	reader from = {.object = object, .section = loaded_object_section(object, ".debug_line")};
	*rows = NULL;
	if (!from.section)
		return 0;
	const unsigned char *section_end = object->bytes + from.section->sh_offset + from.section->sh_size;
	from.next = object->bytes + from.section->sh_offset;
	while (!from.is_broken && from.next < section_end) {
		from.end = section_end;
		from.files[1] = "";
		read_unit(&from);
		from.next = from.end;
	}
	*rows = from.rows;
	return from.count;
}
