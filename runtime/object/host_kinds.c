/* Kinds of the values that the host has. */
#include "object/host_kinds.h"

static const char *const kind_names[] = {"bool",   "int",   "uint",      "float64",  "float32",
                                         "string", "bytes", "reference", "interface"};
_Static_assert(sizeof kind_names / sizeof *kind_names == VOLT_VALUE_KIND_COUNT, "each kind has a name");

const char *host_kind_name(volt_value_kind kind) {
	return (unsigned)kind < VOLT_VALUE_KIND_COUNT ? kind_names[kind] : "?";
}

const char *host_slot_type_name(uint8_t type) {
	switch ((volt_slot_type)type) {
	case VOLT_SLOT_VALUE: return "a bool or an integer";
	case VOLT_SLOT_FLOAT: return "a float";
	case VOLT_SLOT_REFERENCE: return "a reference";
	case VOLT_SLOT_INTERFACE_TYPE:
	case VOLT_SLOT_INTERFACE_PAYLOAD: return "an interface";
	case VOLT_SLOT_TYPE_COUNT: break;
	}
	return "of an unknown type";
}
