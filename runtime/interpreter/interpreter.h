/* The interpreter: runs one fiber until its time slice ends or it cannot go on. */
#ifndef INTERPRETER_INTERPRETER_H
#define INTERPRETER_INTERPRETER_H

#include "fiber/fiber.h"
#include "volt/vm.h"

typedef enum {
	INTERPRETER_DONE,   /* its last frame has returned */
	INTERPRETER_YIELD,  /* the slice is over, or the VM is stopping */
	INTERPRETER_PARKED, /* it sleeps; somebody else will make it ready */
	INTERPRETER_PANIC,  /* a panic has left its last frame; it is still pending */
} interpreter_result;

interpreter_result interpreter_run(volt_vm *vm, volt_fiber *fiber);

/* The same, and counts what gets hot for the VM's tier, in context.heat, which is there. */
interpreter_result interpreter_run_counting(volt_vm *vm, volt_fiber *fiber);

/* The same again, and counts branches and calls (profile.h). Slower. */
interpreter_result interpreter_run_profiled(volt_vm *vm, volt_fiber *fiber);

#endif
