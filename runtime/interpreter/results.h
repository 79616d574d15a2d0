/* Handing the results of a frame that has been popped to whoever waits for them. */
#ifndef INTERPRETER_RESULTS_H
#define INTERPRETER_RESULTS_H

#include "fiber/fiber.h"
#include "volt/vm.h"

/*
 * To the caller's frame, which is now the top one; to the native whose closure this was; to nobody if there
 * is no caller. Values may lie in the fiber's stack. At most `result_count` slots are written; a call cannot
 * ask for more than 255.
 */
void results_deliver(volt_fiber *fiber, const volt_slot *values, uint32_t count, uint16_t result_slot,
                     uint16_t result_count);

/* The same for results in heap objects: their values now, one after the other (SEMANTICS.md, "Returning"). */
void results_deliver_heap(volt_vm *vm, volt_fiber *fiber, uint32_t function, const volt_slot *references,
                          uint32_t count, uint16_t result_slot, uint16_t result_count);

/* Zeros in all of them: a function without named results that recovered from a panic. */
void results_deliver_zeros(volt_fiber *fiber, uint16_t result_slot, uint16_t result_count);

#endif
