/* What `explain` writes, gathered from the analyses. */
#ifndef CLI_EXPLAIN_FACTS_H
#define CLI_EXPLAIN_FACTS_H

#include <stdio.h>

#include "analysis/control_flow.h"
#include "analysis/exits.h"
#include "analysis/shape.h"
#include "analysis/stack_check.h"

typedef struct {
	const volt_module *bytecode;
	function_shape *shapes;
	function_exits *exits;      /* with the library's natives */
	function_exits *tier_exits; /* as the tier sees them, which knows no natives */
	uint32_t *certain_results;
} module_facts;

void module_facts_compute(const volt_module *bytecode, module_facts *facts);
void module_facts_dispose(module_facts *facts);

/* Why compiled code leaves although the program does not ask for it. */
typedef struct {
	bool loop_headers;
	bool calls_interpreted; /* a direct call of a function that is not compiled; the first one: */
	uint32_t interpreted_call, interpreted_callee;
	uint32_t stack_check_pc; /* where the default preset looks at the native stack, or STACK_CHECK_NEVER */
} function_facts;

function_facts facts_of_function(const module_facts *facts, uint32_t function);

/* In the preset `unwind`: its exits unwind; else it may wait, and returns a status. */
bool facts_unwinds(const module_facts *facts, uint32_t function);

typedef struct {
	uint32_t first, last;
} slot_range;

/* So many at most: every instruction of a large function may have as many as there are slots. */
enum { LIVE_RANGES = 64 };

typedef struct {
	slot_range ranges[LIVE_RANGES];
	uint32_t range_count;
	uint32_t more; /* slots that are live behind the last range */
} live_slots;

typedef struct {
	uint32_t pc;
	bool is_loop_header;
	const char *text;
	const live_slots *live; /* NULL: control never gets there */
} instruction_facts;

typedef void instruction_visitor(void *user, const instruction_facts *facts);

/* In the order of the pcs. Returns why every slot counts as live, or NULL. */
const char *facts_visit_instructions(const module_facts *facts, uint32_t function, instruction_visitor *visit,
                                     void *user);

/* Of one function, with its instructions, or of all without them (-1). */
void explain_write_text(FILE *out, const module_facts *module, int64_t function); /* explain_text.c */
void explain_write_json(FILE *out, const module_facts *module, int64_t function); /* explain_json.c */

#endif
