/*
 * Modules as .vob bytes (SPECIFICATION.md, "Order of the file").
 *
 * Threads: any; nothing is shared between calls.
 */
#ifndef VOLT_VOB_H
#define VOLT_VOB_H

#include <stddef.h>
#include <stdint.h>

#include "volt/bytecode.h"
#include "volt/error.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Reads `size` bytes, which are not needed afterwards (SPECIFICATION.md, "What a reader refuses"). `source`
 * names them in messages and is copied. *module is the caller's, and NULL after an error: VOLT_ERROR_FORMAT,
 * with the byte and the record, or VOLT_ERROR_MEMORY. It is not verified yet.
 */
volt_error *volt_module_read(const void *bytes, size_t size, const char *source, volt_module **module);

/*
 * The module as bytes; free(*bytes) is the caller's. A module that was read from bytes gives the same ones.
 * It need not be verified. Errors: VOLT_ERROR_MEMORY, and VOLT_ERROR_FORMAT for what the format cannot hold.
 */
volt_error *volt_module_write(const volt_module *module, uint8_t **bytes, size_t *size);

VOLT_DECLARATIONS_END

#endif
