/*
 * A preset: one value for each axis. It is data; each axis is read at the one place that implements it, and
 * all those places are in this folder.
 */
#ifndef CALLS_PRESET_H
#define CALLS_PRESET_H

#include "calls/axes.h"
#include "volt/error.h"

typedef struct compile_preset {
	const char *name;
#define FIELD(PREFIX, axis) axis##_kind axis;
	AXES(FIELD)
#undef FIELD
	const hint_set *hints;
} compile_preset;

/* Names of all presets, NULL at the end; the first is the default. */
extern const char *const preset_names[];

/*
 * The preset with this name (NULL: the default), with its hints replaced if `hints` is not NULL. A name may
 * be followed by axes that differ: "v3,exit=record,status=memory". Combinations without a meaning are errors.
 */
volt_error *preset_find(const char *name, const char *hints, compile_preset *result);

/* Can exits of frames say which deferred calls are pending (analysis/shape.h)? */
bool preset_completes_returns(const compile_preset *preset);

#endif
