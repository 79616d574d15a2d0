/*
 * Where a frame that the host holds may go on in compiled code: the start, what follows an instruction that
 * can leave compiled code and come back, and loop headers.
 */
#ifndef ANALYSIS_RESUME_H
#define ANALYSIS_RESUME_H

#include "analysis/shape.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* One flag for each pc of a verified function; free() is the caller's. NULL: no memory. */
bool *volt_resume_points(const volt_function *function, const function_shape *shape);

/* Does the host execute this instruction, always? Compiled code exits there with status CALL. */
bool volt_executed_by_host(const function_shape *shape, volt_instruction instruction);

VOLT_DECLARATIONS_END

#endif
