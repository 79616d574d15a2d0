/* Tells a debugger of objects in memory, by the interface that gdb and lldb have for compilers in processes.
 */
#ifndef JIT_DEBUGGER_H
#define JIT_DEBUGGER_H

#include "jit/loaded_object.h"

typedef struct debugger_object debugger_object;

/* Takes the object, and puts what it makes of it in front of the list. */
void debugger_add(debugger_object **objects, loaded_object *object);

/* The code of these objects is no more. */
void debugger_remove_all(debugger_object **objects);

#endif
