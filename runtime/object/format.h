/*
 * Values as text, exactly as print, println and fmt show them (NATIVES.md, "Values as text").
 */
#ifndef OBJECT_FORMAT_H
#define OBJECT_FORMAT_H

#include "object/buffer.h"
#include "object/space.h"

/*
 * The value of an interface. `error_chains`: *errors.Error shows its message and causes, else it is a
 * pointer.
 */
void format_interface(object_space *space, buffer *out, const volt_slot value[2], bool error_chains);

/* `count` interfaces with a space between (vo_print: only if the text so far is not empty). */
void format_interfaces(object_space *space, buffer *out, const volt_slot *values, size_t count);

/* Shortest digits that round-trip, positional, never an exponent: "1", "0.0000001", "inf", "-0". */
void format_float64(buffer *out, double value);
void format_float32(buffer *out, float value);

/* Exactly `precision` digits after the point, round-half-even on the exact value; "inf", "NaN" as above. */
void format_float_fixed(buffer *out, double value, unsigned precision);

#endif
