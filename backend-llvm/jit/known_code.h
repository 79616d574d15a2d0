/*
 * Code that need not be generated: another compilation of this tier has linked it, or some process has kept
 * it in the cache. Any thread.
 */
#ifndef JIT_KNOWN_CODE_H
#define JIT_KNOWN_CODE_H

#include "cache/unit_key.h"
#include "report/metrics.h"

typedef struct volt_tier volt_tier;

/* Part of all symbols of a compilation. */
typedef struct {
	char text[24];
} symbol_version;

/*
 * What a unit is known by. With a key, its code is the same whenever it is made, and so are its symbols.
 * Without one, each compilation has symbols of its own, since what was compiled before stays, and is in the
 * same library.
 */
typedef struct {
	bool has_key;
	unit_key key;
	uint32_t first, functions; /* of the module: those that it has code of, among others perhaps */
	symbol_version version;
} unit_identity;

typedef struct linked_unit linked_unit;

unit_identity identify_unit(volt_tier *tier, const lowering_options *options, const unit_content *content,
                            LLVMTargetMachineRef machine);

/*
 * Optimised code of a function differs by its profile. That which was made last, by whatever process, can be
 * used before there is a profile: false, if none is kept. `content` and `options` are those of optimised
 * code; of the options, the profile is not looked at.
 */
bool identify_last_unit(volt_tier *tier, const lowering_options *options, const unit_content *content,
                        LLVMTargetMachineRef machine, unit_identity *identity);

/* Keeps the identity of a unit that was made, or found, as the last one. */
void keep_as_last(volt_tier *tier, const lowering_options *options, const unit_content *content,
                  LLVMTargetMachineRef machine, const unit_identity *identity);

/* Without a key. */
unit_identity new_identity(volt_tier *tier);

/*
 * Has the session the unit's symbols, now? Then its sizes are filled in, of which `sizes` has one for each
 * function of the module, and the request is in the session. An object that is kept on disk is added to it.
 */
bool find_known_code(volt_tier *tier, const unit_identity *identity, code_size *sizes);

/* Notes what was just generated, before it is added to the session. The object is the caller's. */
void keep_code(volt_tier *tier, const unit_identity *identity, const code_size *sizes,
               LLVMMemoryBufferRef object);

/* When no thread uses the tier any more. */
void free_linked_units(volt_tier *tier);

#endif
