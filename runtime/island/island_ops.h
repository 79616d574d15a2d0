/*
 * Island and port instructions on a fiber. Statuses as in channel_ops.h; a send through a port that wakes a
 * receiver does not end the slice.
 */
#ifndef ISLAND_ISLAND_OPS_H
#define ISLAND_ISLAND_OPS_H

#include "fiber/fiber.h"

volt_status island_op_new(volt_vm *vm, volt_fiber *fiber, volt_slot *handle);

/* GoIsland. */
volt_status island_op_go(volt_vm *vm, volt_fiber *fiber, volt_slot target, volt_slot closure,
                         const volt_slot *arguments, uint32_t count);

/* Trap MakePort. */
volt_trap island_op_new_port(volt_vm *vm, uint32_t element_meta, int64_t capacity, uint16_t slots,
                             volt_slot *port);

/* PortSend. After WAIT_QUEUE the fiber continues behind the instruction. */
volt_status island_op_send(volt_vm *vm, volt_fiber *fiber, volt_slot port, const volt_slot *value,
                           uint32_t slots);

/*
 * PortRecv into `slots` slots, and the ok flag behind them. After WAIT_QUEUE the instruction is executed
 * again.
 */
volt_status island_op_receive(volt_vm *vm, volt_fiber *fiber, volt_slot port, volt_slot *value,
                              uint32_t slots, bool has_ok);

/* Traps: nil port. */
volt_trap island_op_close(volt_vm *vm, volt_slot port);
uint64_t island_op_length(volt_vm *vm, volt_slot port);
uint64_t island_op_capacity(volt_slot port);

#endif
