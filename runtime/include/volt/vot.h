/*
 * Modules as .vot text (runtime/bytecode/README.md, "The text form").
 *
 * Threads: any; nothing is shared between calls. The locale that a host has set changes nothing.
 */
#ifndef VOLT_VOT_H
#define VOLT_VOT_H

#include <stddef.h>
#include <stdint.h>

#include "volt/bytecode.h"
#include "volt/error.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Text to module. The text is UTF-8 of `size` bytes, needs no zero at its end and is not needed afterwards.
 * `source` names it in messages, which carry line numbers, and is copied. *module is the caller's, and NULL
 * after an error: VOLT_ERROR_FORMAT, VOLT_ERROR_MEMORY. It is not verified yet.
 */
volt_error *volt_module_assemble(const char *text, size_t size, const char *source, volt_module **module);

/*
 * Module to text; free(*text) is the caller's. It is terminated by a zero that *size does not count.
 * Assembled again it gives the same bytes. The module need not be verified. Errors: VOLT_ERROR_MEMORY.
 */
volt_error *volt_module_disassemble(const volt_module *module, char **text, size_t *size);

/*
 * One instruction of a function of the module as text, as volt_module_disassemble() writes it, into `buffer`
 * of `size` bytes (always terminated if there are any; `buffer` may be NULL if there are none). Returns the
 * length that it needs, as snprintf() does.
 */
size_t volt_instruction_format(const volt_module *module, const volt_function *function, uint32_t pc,
                               char *buffer, size_t size);

VOLT_DECLARATIONS_END

#endif
