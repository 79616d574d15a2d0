/*
 * Parts of strings that are made to be looked up in a map or to be compared: both can be done without the
 * part. Who else needs it are most often exits and the map's first sight of the key: codegen/exit_objects.h
 * has it made there.
 */
#ifndef CODEGEN_STRING_PARTS_H
#define CODEGEN_STRING_PARTS_H

#include "ir/lowering.h"

/* Works on IR whose slots are registers. */
void look_at_parts_in_place(module_lowering *module);

#endif
