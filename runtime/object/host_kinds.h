/* Kinds of the values that the host has (volt/host_value.h): their names and slots. */
#ifndef OBJECT_HOST_KINDS_H
#define OBJECT_HOST_KINDS_H

#include "volt/bytecode.h"
#include "volt/host_value.h"

/* Slots of a value of this kind. */
static inline uint32_t host_kind_slots(volt_value_kind kind) {
	return kind == VOLT_VALUE_INTERFACE ? 2 : 1;
}

/* "int", "interface", ...; "?" for a number that is no kind. */
const char *host_kind_name(volt_value_kind kind);

/* What a slot of this type holds: "a float", ... */
const char *host_slot_type_name(uint8_t type);

#endif
