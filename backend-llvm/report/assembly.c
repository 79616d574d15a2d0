/* A line scanner for LLVM's assembly text. */
#include "report/assembly.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/blocks.h"
#include "report/text_lines.h"

/* ---- Functions ---- */

/* A function's label stands at the start of a line and is followed, at its end, by a .Lfunc_end label. */
static bool is_function_label(const char *line, size_t length) {
	return length > 1 && (isalpha((unsigned char)line[0]) || line[0] == '_') && memchr(line, ':', length);
}

void assembly_visit(const char *text, assembly_visitor visitor, void *user) {
	line_reader reader = {text, text + strlen(text)};
	const char *line, *body = NULL;
	size_t length;
	char name[128] = "";
	while (next_line(&reader, &line, &length)) {
		if (is_function_label(line, length)) {
			const char *colon = memchr(line, ':', length);
			snprintf(name, sizeof name, "%.*s", (int)(colon - line), line);
			body = reader.at;
		} else if (body && starts_with(line, length, ".Lfunc_end")) {
			visitor(user, name, body, (size_t)(line - body));
			body = NULL;
		}
	}
}

/* ---- Blocks ---- */

static size_t word_length(const char *word, const char *end) {
	size_t length = 0;
	while (word + length < end && !isspace((unsigned char)word[length]))
		length++;
	return length;
}

/*
 * ".LBB0_3:   # %callee_exit" where somebody jumps to it, "# %bb.3:   # %hot" where control only falls into
 * it. The text ends with what the IR block was called; a block that code generation made has no name and
 * counts as hot. Comments behind the label say which loops the block is in.
 */
bool assembly_starts_block(const char *line, size_t length, bool *cold) {
	const char *name;
	size_t name_length;
	if (!assembly_block_name(line, length, &name, &name_length))
		return false;
	*cold = block_name_is_cold(name, name_length);
	return true;
}

bool assembly_block_name(const char *line, size_t length, const char **name, size_t *name_length) {
	bool labelled = starts_with(line, length, ".LBB");
	bool fallen_into = starts_with(line, length, "# %bb.") || starts_with(line, length, "// %bb.");
	if (!labelled && !fallen_into)
		return false;
	const char *colon = memchr(line, ':', length);
	size_t rest = colon ? (size_t)(line + length - colon) : 0;
	const char *percent = colon ? memchr(colon, '%', rest) : NULL;
	*name = percent ? percent + 1 : line;
	*name_length = percent ? word_length(*name, line + length) : 0;
	return true;
}

/* ---- Facts ---- */

enum { MACHINE_REGISTERS = 64, REGISTER_NAME = 8 };

typedef struct {
	assembly_facts facts;
	char saved[MACHINE_REGISTERS][REGISTER_NAME]; /* names of facts.callee_saved registers */
	bool cold;
	uint64_t weight;          /* of the block */
	uint32_t pending_spills;  /* since the last instruction that was not part of a prologue */
	uint32_t pending_reloads; /* the same of an epilogue */
	bool is_x86;
} fact_reader;

uint32_t assembly_loop_depth(const char *line, size_t length) {
	const char *depth = find(line, length, " Depth=");
	return depth ? (uint32_t)strtoul(depth + strlen(" Depth="), NULL, 10) : 0;
}

static uint64_t loop_weight(const char *line, size_t length) {
	uint64_t weight = 1;
	for (uint32_t i = assembly_loop_depth(line, length); i > 0 && weight < UINT32_MAX; i--)
		weight *= ASSEMBLY_LOOP_WEIGHT;
	return weight;
}

/* A prologue that was moved to several places saves a register in each of them. */
static void read_saved_register(fact_reader *reader, const char *name) {
	size_t length = strcspn(name, ", \n");
	for (uint32_t i = 0; i < reader->facts.callee_saved; i++)
		if (strncmp(reader->saved[i], name, length) == 0 && reader->saved[i][length] == 0)
			return;
	if (length < REGISTER_NAME && reader->facts.callee_saved < MACHINE_REGISTERS)
		memcpy(reader->saved[reader->facts.callee_saved++], name, length);
}

/* Frame bytes do not count the return address that a call pushes on x86-64. */
static void read_directive(fact_reader *reader, const char *line, size_t length) {
	const char *offset = find(line, length, ".cfi_def_cfa_offset ");
	if (offset) {
		long bytes = strtol(offset + strlen(".cfi_def_cfa_offset "), NULL, 10) - (reader->is_x86 ? 8 : 0);
		if (bytes > (long)reader->facts.frame_bytes)
			reader->facts.frame_bytes = (uint32_t)bytes;
	}
	const char *saved = find(line, length, ".cfi_offset ");
	if (saved) {
		read_saved_register(reader, saved + strlen(".cfi_offset "));
		reader->pending_spills = 0;
	}
}

static bool belongs_to_epilogue(const char *line, size_t length) {
	return find(line, length, "Reload") || find(line, length, ".cfi") ||
	       find(line, length, "\tadd\tsp, sp") || find(line, length, "\taddq\t") ||
	       find(line, length, "\tpopq\t");
}

static bool belongs_to_prologue(const char *line, size_t length) {
	return find(line, length, "Spill") || find(line, length, "\tpushq\t") || find(line, length, "\tsubq\t") ||
	       find(line, length, "\tsub\tsp, sp") || find(line, length, "\tadd\tx29, sp") ||
	       find(line, length, "\tmov\tx29, sp");
}

static void count_spills(fact_reader *reader) {
	reader->facts.spills += reader->pending_spills;
	reader->facts.weighted_spills += reader->pending_spills * reader->weight;
	reader->pending_spills = 0;
}

static void count_reloads(fact_reader *reader) {
	reader->facts.reloads += reader->pending_reloads;
	reader->facts.weighted_spills += reader->pending_reloads * reader->weight;
	reader->pending_reloads = 0;
}

static bool is_call(const char *line, size_t length) {
	return find(line, length, "\tcall") || find(line, length, "\tbl\t") || find(line, length, "\tblr\t");
}

/* What saves registers is followed by directives that say so; what restores them, by the return. */
static void read_instruction(fact_reader *reader, const char *line, size_t length) {
	if (find(line, length, "\tret"))
		reader->pending_reloads = 0;
	if (!belongs_to_prologue(line, length))
		count_spills(reader);
	if (!belongs_to_epilogue(line, length))
		count_reloads(reader);
	if (reader->cold)
		return;
	reader->pending_spills += find(line, length, "Spill") != NULL;
	reader->pending_reloads += find(line, length, "Reload") != NULL;
	reader->facts.calls += is_call(line, length);
}

static uint64_t maximum(uint64_t left, uint64_t right) {
	return left > right ? left : right;
}

static void start_block(fact_reader *reader, const char *line, size_t length) {
	count_spills(reader);
	count_reloads(reader);
	reader->weight = loop_weight(line, length);
}

bool assembly_is_comment(const char *line, size_t length) {
	while (length > 0 && isspace((unsigned char)*line)) {
		line++;
		length--;
	}
	return starts_with(line, length, "#") || starts_with(line, length, "//");
}

assembly_facts assembly_read_facts(const char *body, size_t length, bool is_x86) {
	fact_reader facts = {.is_x86 = is_x86, .weight = 1};
	line_reader reader = {body, body + length};
	const char *line;
	size_t line_length;
	while (next_line(&reader, &line, &line_length))
		if (find(line, line_length, "\t.cfi"))
			read_directive(&facts, line, line_length);
		else if (assembly_starts_block(line, line_length, &facts.cold))
			start_block(&facts, line, line_length);
		else if (assembly_is_comment(line, line_length))
			facts.weight = maximum(facts.weight, loop_weight(line, line_length));
		else
			read_instruction(&facts, line, line_length);
	count_spills(&facts);
	count_reloads(&facts);
	return facts.facts;
}
