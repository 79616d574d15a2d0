/* Units by their keys: in the tier's list, and behind it in the cache. */
#include "jit/known_code.h"

#include <stdio.h>
#include <stdlib.h>

#include "jit/tier_object.h"

struct linked_unit {
	linked_unit *next;
	unit_key key;
	code_size sizes[];
};

unit_identity new_identity(volt_tier *tier) {
	unit_identity identity = {.has_key = false};
	snprintf(identity.version.text, sizeof identity.version.text, ".%u",
	         atomic_fetch_add(&tier->compilations, 1) + 1);
	return identity;
}

static unit_identity identity_by_key(volt_tier *tier, const unit_content *content, const unit_key *key) {
	unit_identity identity = {.has_key = true, .key = *key};
	const bool is_one = content->function >= 0;
	identity.first = is_one ? (uint32_t)content->function : 0;
	identity.functions = is_one ? 1 : tier->bytecode->functions.count;
	uint64_t number;
	memcpy(&number, identity.key.bytes, sizeof number);
	snprintf(identity.version.text, sizeof identity.version.text, ".x%016llx", (unsigned long long)number);
	return identity;
}

unit_identity identify_unit(volt_tier *tier, const lowering_options *options, const unit_content *content,
                            LLVMTargetMachineRef machine) {
	if (!tier->has_keys)
		return new_identity(tier);
	const unit_key key = unit_key_make(&tier->key_base, options, content, machine);
	return identity_by_key(tier, content, &key);
}

static unit_key key_of_last(const volt_tier *tier, const lowering_options *options,
                            const unit_content *content, LLVMTargetMachineRef machine) {
	lowering_options without_profile = *options;
	without_profile.profile = NULL;
	const unit_key key = unit_key_make(&tier->key_base, &without_profile, content, machine);
	return unit_key_of_last(&key);
}

bool identify_last_unit(volt_tier *tier, const lowering_options *options, const unit_content *content,
                        LLVMTargetMachineRef machine, unit_identity *identity) {
	if (!tier->has_keys)
		return false;
	const unit_key last = key_of_last(tier, options, content, machine);
	unit_key key;
	if (!code_cache_find_key(tier->cache, &last, &key))
		return false;
	*identity = identity_by_key(tier, content, &key);
	return true;
}

void keep_as_last(volt_tier *tier, const lowering_options *options, const unit_content *content,
                  LLVMTargetMachineRef machine, const unit_identity *identity) {
	if (!identity->has_key)
		return;
	const unit_key last = key_of_last(tier, options, content, machine);
	unit_key kept;
	if (!code_cache_find_key(tier->cache, &last, &kept) || memcmp(&kept, &identity->key, sizeof kept) != 0)
		code_cache_keep_key(tier->cache, &last, &identity->key);
}

/* ---- What is linked ---- */

static const linked_unit *find_linked(volt_tier *tier, const unit_key *key) {
	pthread_mutex_lock(&tier->linked_lock);
	const linked_unit *unit = tier->linked;
	while (unit && memcmp(&unit->key, key, sizeof *key) != 0)
		unit = unit->next;
	pthread_mutex_unlock(&tier->linked_lock);
	return unit;
}

/* Without memory for it, the next compilation of the same would be refused by the session, as a reason. */
static void note_linked(volt_tier *tier, const unit_identity *identity, const code_size *sizes) {
	const size_t bytes = identity->functions * sizeof *sizes;
	linked_unit *unit = malloc(sizeof *unit + bytes);
	if (!unit)
		return;
	unit->key = identity->key;
	memcpy(unit->sizes, sizes + identity->first, bytes);
	pthread_mutex_lock(&tier->linked_lock);
	unit->next = tier->linked;
	tier->linked = unit;
	pthread_mutex_unlock(&tier->linked_lock);
}

void free_linked_units(volt_tier *tier) {
	for (linked_unit *unit = tier->linked, *next; unit; unit = next) {
		next = unit->next;
		free(unit);
	}
}

/* ---- What is known ---- */

static bool add_kept_object(volt_tier *tier, LLVMMemoryBufferRef object) {
	tier_enter_session(tier);
	volt_error *error = session_add_object(tier->session, object);
	const bool added = !error;
	if (error)
		tier_leave_session(tier);
	volt_error_free(error);
	return added;
}

/* Is it linked? Then the request is in the session, and its sizes are filled in. */
static bool use_linked(volt_tier *tier, const unit_identity *identity, code_size *own) {
	const linked_unit *unit = find_linked(tier, &identity->key);
	if (!unit)
		return false;
	tier_enter_session(tier);
	memcpy(own, unit->sizes, identity->functions * sizeof *own);
	return true;
}

/* Another thread may have added the same while this one has read it. */
bool find_known_code(volt_tier *tier, const unit_identity *identity, code_size *sizes) {
	if (!identity->has_key)
		return false;
	code_size *own = sizes + identity->first;
	if (use_linked(tier, identity, own))
		return true;
	LLVMMemoryBufferRef object;
	if (!code_cache_find(tier->cache, &identity->key, own, identity->functions, &object))
		return false;
	if (!add_kept_object(tier, object))
		return use_linked(tier, identity, own);
	note_linked(tier, identity, sizes);
	return true;
}

void keep_code(volt_tier *tier, const unit_identity *identity, const code_size *sizes,
               LLVMMemoryBufferRef object) {
	if (!identity->has_key)
		return;
	note_linked(tier, identity, sizes);
	code_cache_keep(tier->cache, &identity->key, sizes + identity->first, identity->functions, object);
}
