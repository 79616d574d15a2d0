/*
 * Reading LLVM's own assembly text: which blocks a function has, which of them only exits run, and what it
 * spills. The text carries comments with the names of IR blocks ("cold...." for exits) and with "Spill" and
 * "Reload".
 */
#ifndef REPORT_ASSEMBLY_H
#define REPORT_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint32_t callee_saved;
	uint32_t frame_bytes;
	uint32_t spills;
	uint32_t reloads;
	uint64_t weighted_spills; /* spills and reloads times how often their block is likely to run */
	uint32_t calls;
} assembly_facts;

/*
 * Called for each function of the text: `body` is what stands between its label and its end, and is only
 * valid during the call.
 */
typedef void (*assembly_visitor)(void *user, const char *name, const char *body, size_t length);
void assembly_visit(const char *text, assembly_visitor visitor, void *user);

/*
 * Spills, reloads and calls count only outside of cold blocks, and of the saving and restoring of
 * callee-saved registers. A block is taken to run ASSEMBLY_LOOP_WEIGHT times for each loop around it.
 */
enum { ASSEMBLY_LOOP_WEIGHT = 8 };
assembly_facts assembly_read_facts(const char *body, size_t length, bool is_x86);

/* Does this line start a basic block? If so, *cold says whether only exits run it. */
bool assembly_starts_block(const char *line, size_t length, bool *cold);

/* The same with the name of the IR block that it was made from; empty where code generation made it. */
bool assembly_block_name(const char *line, size_t length, const char **name, size_t *name_length);

/* "Depth=2" in a comment of a block; of several loops the innermost counts. 0: the line tells of none. */
uint32_t assembly_loop_depth(const char *line, size_t length);

/* Is there nothing but a comment in the line? */
bool assembly_is_comment(const char *line, size_t length);

#endif
