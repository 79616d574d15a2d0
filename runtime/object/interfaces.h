/* Interface values: conversion, assertion, dispatch tables, equality, hashing. */
#ifndef OBJECT_INTERFACES_H
#define OBJECT_INTERFACES_H

#include "object/space.h"
#include "volt/tier.h"

/*
 * The table of an interface value whose type lacks the methods: every call traps as on nil. Table 0 is a real
 * one, and its methods take another receiver. No module has so many tables, and with that number a key of
 * compiled code's call caches (the number plus 1) is still no free entry's.
 */
enum { ITAB_NONE = INT32_MAX };

/*
 * IfaceAssign: `constant` is (rttid << 32 | itab) for a concrete source, the interface meta id for an
 * interface.
 */
void interface_assign(object_space *space, volt_slot result[2], volt_kind source_kind,
                      const volt_slot *source, uint64_t constant);

/* What conversions to interfaces have made so far: VOLT_CONVERSIONS entries, which live as long as the space.
 */
const volt_conversion *interface_conversions(const object_space *space);

/*
 * The payload of an interface value. Modules can say of any word that it is a string, slice, map, struct or
 * array: where it is the reference of none, or in the place of a struct or an array of no object at all, it
 * counts as nil.
 */
volt_slot interface_payload(const object_space *space, const volt_slot value[2]);

/* Does the dynamic type satisfy the interface? (IfaceAssert kind 1; the empty interface: any but nil.) */
bool interface_implements(object_space *space, volt_slot type, uint32_t interface_meta);

/*
 * IfaceAssert. `result` receives the value (slots as the instruction says) and, if `has_ok`, the ok flag
 * behind it; `slots` 0 counts as 1. Trap TypeAssertionFailed when it fails without ok.
 */
volt_trap interface_assert(object_space *space, volt_slot *result, const volt_slot value[2], uint32_t target,
                           unsigned kind, bool has_ok, uint32_t slots);

/*
 * Function id behind a method of an interface value; trap NilPointerDereference on nil or a table without
 * it.
 */
volt_trap interface_method(object_space *space, volt_slot type, uint32_t method, uint32_t *function);

/* Itab of a concrete type for an interface meta, built on first use; false if a method is missing. */
bool interface_itab(object_space *space, uint32_t rttid, uint32_t interface_meta, uint32_t *itab);

/*
 * Functions of an itab of the module or of the space, with their number; NULL and 0 for an id that does
 * not exist.
 */
const uint32_t *interface_table(object_space *space, uint32_t itab, uint32_t *count);

/* IfaceEq. Trap UncomparableType. */
volt_trap interface_equal(object_space *space, const volt_slot left[2], const volt_slot right[2],
                          bool *equal);

/*
 * Equality of two values of a type that stand in slots. Uncomparable interface fields count as unequal.
 * `rttid` 0 with more than one slot: raw slots.
 */
bool value_equal(object_space *space, uint32_t rttid, volt_kind kind, const volt_slot *left,
                 const volt_slot *right, uint32_t slots);

/* Slots that a value of this runtime type takes. */
uint32_t type_slots(object_space *space, uint32_t rttid);

/* Kind of the values of this runtime type; named types give their underlying kind. */
volt_kind type_kind(object_space *space, uint32_t rttid);

/*
 * The named type that a type or a pointer to it is; false if there is none. A pointer to a pointer has no
 * methods: they take one of the two.
 */
bool type_named(object_space *space, uint32_t rttid, uint32_t *named, bool *through_pointer);

#endif
