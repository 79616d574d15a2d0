/* What is to be done when an execution of a native is over, however it ends (volt_native_at_end()). */
#ifndef INTERPRETER_NATIVE_AFTERMATH_H
#define INTERPRETER_NATIVE_AFTERMATH_H

#include "state/vm_state.h"

/* The native does not keep to its declaration: its call panics when it has returned. The first text counts.
 */
void native_note_misuse(volt_vm *vm, const char *format, ...) VOLT_PRINTF(2, 3);

/* Gives back what the execution holds, and forgets its misuse. */
void native_release_all(volt_vm *vm);

/* The same for an execution that a limit has ended, with the wait that it had begun. */
void native_abandon(volt_vm *vm);

/* After an execution of the native with this name that returned `result`: how it ended, all considered. */
volt_native_result native_see_to_aftermath(volt_vm *vm, const char *name, volt_native_result result);

#endif
