/* Numbers and lists in option values. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/tier.h"

/* What options take, for messages about what they do not. */
#define VALUES_OF_NUMBERS "a number above 0"
#define VALUES_OF_SIZES "a number of bytes above 0, with the suffix K, M or G for powers of 1024"
#define VALUES_OF_PAIRS "two numbers above 0 with a comma between, such as 1000,2000"
#define VALUES_OF_LEVELS "quick or optimised"
#define VALUES_OF_PERMISSIONS "fs, env, net, process, separated by commas, or all"

/*
 * A number above 0: decimal digits and nothing else; false if there is anything else or it does not fit. 0
 * would mean what it means in the library's options, that nothing was said.
 */
bool value_parse(const char *text, uint64_t *value);

/* The same with an optional suffix K, M or G (powers of 1024). */
bool value_parse_size(const char *text, size_t *value);

/* "CALLS,LOOPS" */
bool value_parse_pair(const char *text, uint64_t *first, uint64_t *second);

/* "quick" or "optimised" */
bool value_parse_level(const char *text, volt_level *level);

/* A set of volt_permission from "fs,env,net,process" or "all", added to *permissions. */
bool value_parse_permissions(const char *text, unsigned *permissions);

#endif
