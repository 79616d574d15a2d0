/* Structs of the library that natives make: their types are the module's, where it has them. */
#ifndef EXTERN_REFLECT_NATIVE_STRUCTS_H
#define EXTERN_REFLECT_NATIVE_STRUCTS_H

#include "object/space.h"

/*
 * The meta of the struct type with this name, such as "os.DirEntry". Of a space whose module lacks it, the
 * meta of a struct that nobody knows: the collector takes every word of it for a reference.
 */
uint32_t native_struct_meta(const object_space *space, const char *name);

#endif
