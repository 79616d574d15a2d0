/* The arguments of a dynamic call as a []any, with the last one spread out if it came with `...`. */
#include "extern/dynamic/dyn.h"

static bool open_spread(dyn_access *access, volt_slot last[2], reflect_sequence *sequence) {
	reflect_value slice;
	*sequence = (reflect_sequence){0};
	if (volt_interface_kind(last[0]) != VOLT_KIND_SLICE) {
		dyn_fail(access, DYN_TYPE_MISMATCH, "spread arg must be slice");
		return false;
	}
	if (!reflect_interface(access->space, last, &slice) ||
	    !reflect_elements(access->space, &slice, sequence)) {
		dyn_fail(access, DYN_TYPE_MISMATCH, "invalid slice type");
		return false;
	}
	return true;
}

static bool new_any_slice(dyn_access *access, uint64_t length, volt_slot *slice) {
	enum { ANY_BYTES = 2 * sizeof(volt_slot) };
	*slice = 0;
	return length == 0 || slice_new(access->space, volt_meta_make(0, VOLT_KIND_INTERFACE), (int64_t)length,
	                                (int64_t)length, ANY_BYTES, slice)
	                              .kind == VOLT_TRAP_None;
}

dyn_outcome dyn_pack_arguments(dyn_access *access, const volt_slot *values, uint32_t count, bool spread,
                               volt_slot *slice) {
	volt_slot last[2] = {0, 0};
	reflect_sequence sequence = {0};
	uint32_t plain = spread && count > 0 ? count - 1 : count;
	if (plain < count) {
		memcpy(last, values + 2 * (size_t)plain, sizeof last);
		if (!open_spread(access, last, &sequence))
			return DYN_FAILED;
	}
	if (!new_any_slice(access, plain + sequence.length, slice))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "invalid slice type");
	if (*slice == 0)
		return DYN_DONE;
	volt_slot *words = (volt_slot *)(void *)slice_data(*slice);
	memcpy(words, values, 2 * (size_t)plain * sizeof *words);
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		reflect_value element = reflect_element(&sequence, i, &word);
		reflect_box(access->space, &element, words + 2 * (plain + i));
	}
	return DYN_DONE;
}
