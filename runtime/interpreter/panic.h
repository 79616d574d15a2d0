/* Panics: raising them, and the trace of an uncaught one. */
#ifndef INTERPRETER_PANIC_H
#define INTERPRETER_PANIC_H

#include "fiber/fiber.h"
#include "volt/vm.h"

/* Makes a panic with this value pending in the fiber. */
void panic_raise(volt_fiber *fiber, const volt_slot value[2]);

/* Makes a runtime error pending: a string with type id 0 (SPECIFICATION.md, "Runtime errors"). */
void fiber_raise_trap(volt_vm *vm, volt_fiber *fiber, volt_trap trap);

/* The value of a panic with a text. */
void panic_text_value(volt_vm *vm, const char *text, size_t length, volt_slot value[2]);

/* Notes a frame that the pending panic has left; innermost first. `pc` is its next instruction. */
void panic_trace_add(volt_fiber *fiber, uint32_t function, uint32_t pc);

/* Ends the program with the fiber's pending panic. */
void panic_report(volt_vm *vm, volt_fiber *fiber);

#endif
