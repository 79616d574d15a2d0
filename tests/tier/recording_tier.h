/* A tier that compiles nothing and remembers what it was asked for: recording_tier.c, loaded by path. */
#ifndef TESTS_TIER_RECORDING_TIER_H
#define TESTS_TIER_RECORDING_TIER_H

#include "volt/tier.h"

enum { RECORDED_REQUESTS = 16 };

typedef struct {
	uint32_t function;
	volt_form form;
	volt_level level;
	volt_branch_profile *profile; /* a copy; NULL: there was none */
} recorded_request;

typedef struct {
	recorded_request requests[RECORDED_REQUESTS];
	uint32_t count;
} tier_record;

/* The symbol in the library of type tier_record. */
#define TIER_RECORD_SYMBOL "tier_record_of_run"

#endif
