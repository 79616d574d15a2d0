/* Pointers and interfaces: documents show what they lead to. */
#include "extern/encoding/encoding.h"

static bool is_nil(const reflect_value *value) {
	volt_kind kind = value->type.kind;
	return kind == VOLT_KIND_INTERFACE
	           ? volt_interface_kind(value->slots[0]) == VOLT_KIND_VOID
	           : (kind == VOLT_KIND_POINTER || kind == VOLT_KIND_MAP || kind == VOLT_KIND_SLICE) &&
	                 value->slots[0] == 0;
}

encoding_settlement encoding_settle(object_space *space, reflect_value *value, volt_slot words[2]) {
	for (unsigned i = 0; i < ENCODING_DEPTH; i++) {
		reflect_value inner;
		if (is_nil(value))
			return ENCODING_NIL;
		if (value->type.kind == VOLT_KIND_INTERFACE) {
			/* A copy: `value` may lie in `words` itself. */
			volt_slot copy[2] = {value->slots[0], value->slots[1]};
			memcpy(words, copy, sizeof copy);
			if (!reflect_interface(space, words, &inner))
				return ENCODING_UNKNOWN;
		} else if (value->type.kind != VOLT_KIND_POINTER) {
			return ENCODING_SETTLED;
		} else if (!reflect_pointee(space, value, &inner)) {
			return ENCODING_UNKNOWN;
		}
		*value = inner;
	}
	return ENCODING_CIRCLE;
}
