/*
 * Strings of the constant pool. Each is made when it is first used, and stays as long as the VM: strings
 * never change, and nothing can tell two of the same bytes apart.
 */
#ifndef STATE_CONSTANT_STRINGS_H
#define STATE_CONSTANT_STRINGS_H

#include "object/strings.h"
#include "state/vm_state.h"

/* Of a constant that is no string, the empty one. */
static inline volt_slot vm_constant_string(volt_vm *vm, uint32_t index) {
	if (__builtin_expect(vm->strings[index] != 0, 1))
		return vm->strings[index];
	const volt_constant *constant = &vm->module->constants.items[index];
	if (constant->tag == VOLT_CONSTANT_STRING)
		vm->strings[index] = string_new(vm->space, constant->text.bytes, constant->text.length);
	return vm->strings[index];
}

#endif
