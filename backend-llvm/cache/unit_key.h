/* What the code of a unit depends on, as a digest. */
#ifndef CACHE_UNIT_KEY_H
#define CACHE_UNIT_KEY_H

#include "cache/digest.h"
#include "codegen/unit.h"

typedef struct {
	uint8_t bytes[DIGEST_BYTES];
} unit_key;

/* What all units of a tier have in common. */
typedef struct {
	digest common;
} unit_key_base;

/*
 * `options` are those of any unit: of them, the module, the host and the preset are looked at. Errors:
 * VOLT_ERROR_MEMORY, VOLT_ERROR_FORMAT (a module that has no bytes), VOLT_ERROR_TIER (builds without an id).
 */
volt_error *unit_key_base_make(const lowering_options *options, unit_key_base *base);

/* The version in the options is not looked at. `machine` is what code is generated with. Any thread. */
unit_key unit_key_make(const unit_key_base *base, const lowering_options *options,
                       const unit_content *content, LLVMTargetMachineRef machine);

/* What is kept under it is the key of the unit that was made last of all that differ in their profile only.
 */
unit_key unit_key_of_last(const unit_key *without_profile);

#endif
