/*
 * Which slots a function may read although nothing has written them: there a new frame must hold 0, and may
 * hold anything elsewhere.
 */
#ifndef ANALYSIS_UNWRITTEN_H
#define ANALYSIS_UNWRITTEN_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	uint32_t first, end; /* equal: none */
} slot_interval;

/*
 * An interval that contains all of them, without parameters. Of a verified function; `certain_results` as for
 * liveness.h. Takes some milliseconds at most: where that is not enough to find out, the answer is the whole
 * frame.
 */
slot_interval volt_unwritten_slots(const volt_module *module, uint32_t function, uint32_t *certain_results);

VOLT_DECLARATIONS_END

#endif
