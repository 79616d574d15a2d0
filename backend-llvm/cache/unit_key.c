/* Keys of units: a part that a tier computes once, and what each unit adds. */
#include "cache/unit_key.h"

#include <llvm/Config/llvm-config.h>
#include <stdlib.h>

#include "cache/build_identity.h"
#include "calls/preset.h"
#include "ir/native_symbols.h"
#include "volt/vob.h"

/* Of the entries in the folder, too: raised when their form changes. */
static const char format[] = "Volt code 1";

/* What is new in the options must be added below, or say there why code does not depend on it. */
_Static_assert(sizeof(lowering_options) == 88, "a field of lowering_options is not in the key");
_Static_assert(sizeof(unit_content) == 16, "a field of unit_content is not in the key");
_Static_assert(sizeof(volt_branch_profile) == 16, "a field of volt_branch_profile is not in the key");

/* ---- What all units have in common ---- */

static volt_error *add_module(digest *sum, const volt_module *module) {
	uint8_t *bytes = NULL;
	size_t size = 0;
	volt_error *error = volt_module_write(module, &bytes, &size);
	if (!error)
		digest_add(sum, bytes, size);
	free(bytes);
	return error;
}

static void add_free_blocks(digest *sum, const lowering_options *options) {
	const volt_free_block *blocks = options->host ? options->host->free_blocks : NULL;
	digest_add_number(sum, blocks != NULL);
	for (uint32_t i = 0; blocks && i <= options->bytecode->struct_metas.count; i++) {
		digest_add_number(sum, (uint64_t)blocks[i].list << 32 | blocks[i].header);
		digest_add_number(sum, (uint64_t)blocks[i].words << 1 | blocks[i].is_clear);
	}
}

static void add_host(digest *sum, const lowering_options *options) {
	const volt_tier_host *host = options->host;
	digest_add(sum, options->context_offsets, VOLT_CONTEXT_FIELD_COUNT * sizeof *options->context_offsets);
	digest_add(sum, options->heap, sizeof *options->heap);
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		digest_add_number(sum, !host || host->helpers[helper]);
	for (uint32_t i = 0; i < options->bytecode->natives.count; i++) {
		const volt_direct_native direct = direct_native_of(host, i);
		digest_add_number(sum,
		                  !host || (host->native_is_standard && host->native_is_standard(host->user, i)));
		digest_add_number(sum, direct.function ? 1 + (uint64_t)direct.arguments : 0);
	}
	add_free_blocks(sum, options);
}

static void add_preset(digest *sum, const compile_preset *preset) {
#define FIELD(PREFIX, axis) digest_add_number(sum, preset->axis);
	AXES(FIELD)
#undef FIELD
	digest_add_text(sum, preset->hints->name);
}

volt_error *unit_key_base_make(const lowering_options *options, unit_key_base *base) {
	digest *sum = &base->common;
	digest_start(sum);
	digest_add_text(sum, format);
	digest_add_text(sum, LLVM_VERSION_STRING);
	if (!build_identity_add(sum))
		return volt_error_new(VOLT_ERROR_TIER, "this build has no id to know its code by");
	add_host(sum, options);
	add_preset(sum, options->preset);
	return add_module(sum, options->bytecode);
}

/* ---- What each adds ---- */

static void add_machine(digest *sum, LLVMTargetMachineRef machine) {
	char *const parts[] = {
	    LLVMGetTargetMachineTriple(machine),
	    LLVMGetTargetMachineCPU(machine),
	    LLVMGetTargetMachineFeatureString(machine),
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		digest_add_text(sum, parts[i]);
		LLVMDisposeMessage(parts[i]);
	}
}

/* Shapes follow from the module and the pipeline, and so does how much the machine optimises. */
static void add_options(digest *sum, const lowering_options *options) {
	digest_add_number(sum, options->force_exits);
	digest_add_number(sum, options->count_steps);
	digest_add_number(sum, options->typed_helpers);
	digest_add_number(sum, options->count_heat);
	digest_add_number(sum, options->inlines);
	digest_add_number(sum, options->plain);
	digest_add_number(sum, options->large_in_unit);
	digest_add_number(sum, options->through_table);
	digest_add_number(sum, (uint64_t)options->lines);
	digest_add_number(sum, options->profile != NULL);
	if (!options->profile)
		return;
	const uint32_t count = options->bytecode->functions.items[options->profiled_function].code.count;
	digest_add_number(sum, options->profiled_function);
	digest_add(sum, options->profile, count * sizeof *options->profile);
}

unit_key unit_key_make(const unit_key_base *base, const lowering_options *options,
                       const unit_content *content, LLVMTargetMachineRef machine) {
	digest sum = base->common;
	unit_key key;
	digest_add_number(&sum, (uint64_t)content->function);
	digest_add_number(&sum, content->form);
	digest_add_number(&sum, content->pipeline);
	add_options(&sum, options);
	add_machine(&sum, machine);
	digest_end(&sum, key.bytes);
	return key;
}

unit_key unit_key_of_last(const unit_key *without_profile) {
	digest sum;
	unit_key key;
	digest_start(&sum);
	digest_add_text(&sum, "last");
	digest_add(&sum, without_profile->bytes, sizeof without_profile->bytes);
	digest_end(&sum, key.bytes);
	return key;
}
