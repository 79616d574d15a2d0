/*
 * Natives that are functions of their arguments: so many slots, one result, no panic, no wait, no closure.
 * Compiled code calls them with the slots in registers, if the host has put none of its own in their place.
 *
 *   DIRECT_NATIVE_2(name, vm, first, second) {
 *       return ...;
 *   }
 *
 * defines the function name_direct() and, by it, the native `name` for the package's table of rows;
 * DIRECT_ROW("package_Name", name, 2) stands in its table of direct rows besides.
 */
#ifndef EXTERN_DIRECT_NATIVE_H
#define EXTERN_DIRECT_NATIVE_H

#include "extern/registry.h"
#include "extern/support.h"

typedef volt_vm *direct_vm;

#define DIRECT_NATIVE_1(name, vm, a) \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a); \
	static volt_native_result name(volt_native_call *call) { \
		return native_return(call, name##_direct(call->vm, native_slot(call, 0))); \
	} \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a)

#define DIRECT_NATIVE_2(name, vm, a, b) \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b); \
	static volt_native_result name(volt_native_call *call) { \
		return native_return(call, name##_direct(call->vm, native_slot(call, 0), native_slot(call, 1))); \
	} \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b)

#define DIRECT_NATIVE_3(name, vm, a, b, c) \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b, \
	                               volt_slot c); \
	static volt_native_result name(volt_native_call *call) { \
		return native_return(call, name##_direct(call->vm, native_slot(call, 0), native_slot(call, 1), \
		                                         native_slot(call, 2))); \
	} \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b, \
	                               volt_slot c)

#define DIRECT_NATIVE_4(name, vm, a, b, c, d) \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b, \
	                               volt_slot c, volt_slot d); \
	static volt_native_result name(volt_native_call *call) { \
		return native_return(call, name##_direct(call->vm, native_slot(call, 0), native_slot(call, 1), \
		                                         native_slot(call, 2), native_slot(call, 3))); \
	} \
	static volt_slot name##_direct(__attribute__((unused)) direct_vm vm, volt_slot a, volt_slot b, \
	                               volt_slot c, volt_slot d)

/* The string of a text that is complete. */
static inline volt_slot direct_string(direct_vm vm, const buffer *text) {
	return string_new(vm_object_space(vm), text->bytes, text->length);
}

#define DIRECT_ROW(name, native, arguments) \
	{ \
		(name), { \
			(void (*)(void)) native##_direct, (arguments) \
		} \
	}

#endif
