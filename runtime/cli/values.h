/* Numbers and lists in option values. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/tier.h"

/* Decimal digits and nothing else; false if there is anything else or it does not fit. */
bool value_parse(const char *text, uint64_t *value);

/* A number with an optional suffix K, M or G (powers of 1024). */
bool value_parse_size(const char *text, size_t *value);

/* "CALLS,LOOPS" */
bool value_parse_pair(const char *text, uint64_t *first, uint64_t *second);

/* "quick" or "optimised" */
bool value_parse_level(const char *text, volt_level *level);

/* A set of volt_permission from "fs,env,net,process" or "all", added to *permissions. */
bool value_parse_permissions(const char *text, unsigned *permissions);

#endif
