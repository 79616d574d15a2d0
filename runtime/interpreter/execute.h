/* Executing single instructions out of line, for compiled code. */
#ifndef INTERPRETER_EXECUTE_H
#define INTERPRETER_EXECUTE_H

#include "fiber/fiber.h"
#include "volt/vm.h"

/*
 * Executes one instruction of a function on slots that need not lie in the fiber's stack: `slots` is slot 0
 * of an array as long as the function's frame, in which the slots that the instruction reads are filled in.
 * For opcodes that neither jump nor call nor look at the fiber's frames. The statuses are those of the
 * interpreter's own case:
 *   OK          it is done
 *   PANIC       a panic is pending in the fiber
 *   YIELD       it is done, and the time slice is over (or the program: vm->stopping)
 *   WAIT_QUEUE  the fiber is parked; an opcode that REPEATS is executed again when it wakes
 */
volt_status execute_instruction(volt_vm *vm, volt_fiber *fiber, uint32_t function, uint32_t pc,
                                volt_slot *slots);

#endif
