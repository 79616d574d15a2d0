/* A line scanner for LLVM's assembly text. */
#include "jit/assembly.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Lines ---- */

typedef struct {
	const char *at;
	const char *end;
} line_reader;

static bool next_line(line_reader *reader, const char **line, size_t *length) {
	if (reader->at >= reader->end)
		return false;
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	const char *stop = newline ? newline : reader->end;
	*line = reader->at;
	*length = (size_t)(stop - reader->at);
	reader->at = newline ? newline + 1 : reader->end;
	return true;
}

static const char *find(const char *line, size_t length, const char *word) {
	return memmem(line, length, word, strlen(word));
}

static bool starts_with(const char *line, size_t length, const char *prefix) {
	return length >= strlen(prefix) && memcmp(line, prefix, strlen(prefix)) == 0;
}

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

/*
 * ".LBB0_3:   # %cold.call" where somebody jumps to it, "# %bb.3:   # %hot" where control only falls into it.
 * The text ends with what the IR block was called; a block that code generation made has no name and counts
 * as hot.
 */
bool assembly_starts_block(const char *line, size_t length, bool *cold) {
	bool labelled = starts_with(line, length, ".LBB");
	bool fallen_into = starts_with(line, length, "# %bb.") || starts_with(line, length, "// %bb.");
	if (!labelled && !fallen_into)
		return false;
	const char *colon = memchr(line, ':', length);
	size_t rest = colon ? (size_t)(line + length - colon) : 0;
	*cold = colon && find(colon, rest, "%cold.") != NULL;
	return true;
}

/* ---- Facts ---- */

typedef struct {
	assembly_facts facts;
	bool cold;
	bool prologue;
	uint32_t pending_reloads; /* since the last instruction that was not part of an epilogue */
	bool is_x86;
} fact_reader;

/* Frame bytes do not count the return address that a call pushes on x86-64. */
static void read_directive(fact_reader *reader, const char *line, size_t length) {
	const char *offset = find(line, length, ".cfi_def_cfa_offset ");
	if (offset) {
		long bytes = strtol(offset + strlen(".cfi_def_cfa_offset "), NULL, 10) - (reader->is_x86 ? 8 : 0);
		if (bytes > (long)reader->facts.frame_bytes)
			reader->facts.frame_bytes = (uint32_t)bytes;
	}
	if (find(line, length, ".cfi_offset "))
		reader->facts.callee_saved++;
}

static bool belongs_to_epilogue(const char *line, size_t length) {
	return find(line, length, "Reload") || find(line, length, ".cfi") ||
	       find(line, length, "\tadd\tsp, sp") || find(line, length, "\taddq\t") ||
	       find(line, length, "\tpopq\t");
}

static void read_instruction(fact_reader *reader, const char *line, size_t length) {
	if (find(line, length, "\tret")) {
		reader->pending_reloads = 0;
		return;
	}
	if (!belongs_to_epilogue(line, length)) {
		reader->facts.reloads += reader->pending_reloads;
		reader->pending_reloads = 0;
	}
	if (reader->cold)
		return;
	if (find(line, length, "Spill") && !reader->prologue)
		reader->facts.spills++;
	if (find(line, length, "Reload"))
		reader->pending_reloads++;
}

/* The prologue ends with the last .cfi_offset: what is stored before it are the caller's registers. */
static const char *end_of_prologue(const char *body, size_t length) {
	const char *end = body;
	line_reader reader = {body, body + length};
	const char *line;
	size_t line_length;
	while (next_line(&reader, &line, &line_length))
		if (find(line, line_length, ".cfi_offset "))
			end = reader.at;
	return end;
}

assembly_facts assembly_read_facts(const char *body, size_t length, bool is_x86) {
	fact_reader facts = {.is_x86 = is_x86};
	const char *prologue_end = end_of_prologue(body, length);
	line_reader reader = {body, body + length};
	const char *line;
	size_t line_length;
	while (next_line(&reader, &line, &line_length)) {
		facts.prologue = line < prologue_end;
		if (find(line, line_length, "\t.cfi"))
			read_directive(&facts, line, line_length);
		else if (!assembly_starts_block(line, line_length, &facts.cold))
			read_instruction(&facts, line, line_length);
	}
	facts.facts.reloads += facts.pending_reloads;
	return facts.facts;
}
