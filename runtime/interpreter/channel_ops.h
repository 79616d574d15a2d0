/*
 * Channel instructions on a fiber. Results are statuses: OK; YIELD: done, and somebody was woken, so the
 * slice ends; PANIC: pending in the fiber; WAIT_QUEUE: the fiber is parked.
 */
#ifndef INTERPRETER_CHANNEL_OPS_H
#define INTERPRETER_CHANNEL_OPS_H

#include "fiber/fiber.h"
#include "volt/vm.h"

/* ChanSend. After WAIT_QUEUE the fiber continues behind the instruction. */
volt_status channel_op_send(volt_vm *vm, volt_fiber *fiber, volt_slot channel, const volt_slot *value,
                            uint32_t slots);

/*
 * ChanRecv into `slots` slots, and the ok flag behind them. After WAIT_QUEUE the instruction is executed
 * again.
 */
volt_status channel_op_receive(volt_vm *vm, volt_fiber *fiber, volt_slot channel, volt_slot *value,
                               uint32_t slots, bool has_ok);

volt_status channel_op_close(volt_vm *vm, volt_fiber *fiber, volt_slot channel);

/* ---- Select. `base`, of the frame in the fiber's stack, tells nested selects apart ---- */

void select_begin(volt_fiber *fiber, uint32_t base, bool has_default);

/*
 * SelectSend and SelectRecv; slots of the frame. False: no select was begun in this frame, or it has too
 * many cases.
 */
bool select_add(volt_fiber *fiber, uint32_t base, bool sends, uint16_t channel_slot, uint16_t value_slot,
                uint16_t slots, bool has_ok);

/*
 * SelectExec. *chosen: the case in the order of registration, or -1 for default. After WAIT_QUEUE the
 * instruction is executed again.
 */
volt_status select_execute(volt_vm *vm, volt_fiber *fiber, uint32_t base, int64_t *chosen);

/*
 * All instructions of a select, which follow each other from its SelectBegin, `next`, with at most
 * VOLT_READY_SELECT_CASES cases, on an array with the slots of a frame. Afterwards `next` is what follows
 * them. CALL: no case is ready, or another select was begun before and not executed; nothing has changed.
 */
volt_status select_execute_ready(volt_vm *vm, volt_fiber *fiber, const volt_instruction **next,
                                 volt_slot *slots);

#endif
