/* CallExtern: executing natives. */
#ifndef INTERPRETER_NATIVE_CALL_H
#define INTERPRETER_NATIVE_CALL_H

#include "fiber/fiber.h"
#include "volt/vm.h"

/*
 * Executes a native. `arguments` and `results` may lie in the fiber's stack and overlap. There is `room` for
 * so many results: natives may declare more than a use of them takes. OK        it is over PANIC     a panic
 * is pending in the fiber YIELD     it is over, and so is the time slice (or the program: vm->stopping)
 *   WAIT_IO   the fiber is parked; the same CallExtern must be executed again when it runs again
 *   REPLAY    a closure is to be called: replay_start() once the fiber's frames are complete and the pc of
 * the top one is that of the CallExtern; it is executed again when the closure has returned
 */
volt_status call_native(volt_vm *vm, volt_fiber *fiber, uint32_t native, const volt_slot *arguments,
                        uint32_t argument_count, volt_slot *results, uint32_t room);

#endif
