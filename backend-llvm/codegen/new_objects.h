/* Objects of structs are made in line, where the host has lists of free blocks (ir/free_blocks.h). */
#ifndef CODEGEN_NEW_OBJECTS_H
#define CODEGEN_NEW_OBJECTS_H

#include "ir/lowering.h"

/*
 * Calls that make objects of known structs become calls of functions that are to be inlined. True: there are
 * some.
 */
bool make_objects_in_line(module_lowering *module);

#endif
