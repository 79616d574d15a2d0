/* Calls other than the interpreter's own Call: what is called, and how its frame is laid out. */
#ifndef EXEC_CALLS_H
#define EXEC_CALLS_H

#include "sched/fiber.h"

typedef struct {
	volt_slot slot_0; /* receiver, closure or payload, if `has_slot_0` */
	uint32_t function;
	uint16_t first_argument; /* slot of the first argument */
	bool has_slot_0;
} call_target;

/* A plain function: arguments from slot 0. */
static inline call_target call_plain(uint32_t function) {
	return (call_target){0, function, 0, false};
}

/* The function of a closure (specification, runtime model, section 4). Trap NilFunctionCall. */
volt_trap call_resolve_closure(volt_vm *vm, volt_slot closure, call_target *target);

/* A method of an interface value (two slots). Trap NilPointerDereference. */
volt_trap call_resolve_method(volt_vm *vm, const volt_slot value[2], uint32_t method, call_target *target);

/*
 * Pushes the frame of a call and fills in its arguments, which may lie in the fiber's stack. The caller's pc
 * is not touched. Trap StackOverflow; then nothing has changed.
 */
volt_trap call_push(volt_vm *vm, volt_fiber *fiber, const call_target *target, const volt_slot *arguments,
                    uint32_t count, uint16_t result_slot, uint16_t result_count);

/* GoStart: a new fiber at the end of the ready queue. */
volt_trap call_go(volt_vm *vm, const call_target *target, const volt_slot *arguments, uint32_t count);

#endif
