/* The FILE argument that every subcommand takes. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <argp.h>

#include "volt/bytecode.h"

/*
 * For the parsers of the subcommands: takes exactly one FILE. Returns ARGP_ERR_UNKNOWN for keys that have
 * nothing to do with it.
 */
error_t program_parse_file(int key, char *argument, struct argp_state *state, const char **file);

/* Reads FILE, or what comes on standard input, in either form, if that is "-". */
volt_error *program_read(const char *file, volt_module **module);

/* The same, and verifies it. */
volt_error *program_load(const char *file, volt_module **module);

#endif
