/* What is to be done when an execution of a native is over. */
#include "interpreter/native_aftermath.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct native_release {
	void (*release)(void *data);
	void *data;
	struct native_release *next;
};

bool volt_native_at_end(volt_native_call *call, void (*release)(void *data), void *data) {
	native_request *native = &call->vm->native;
	struct native_release *noted = malloc(sizeof *noted);
	if (!noted)
		return false;
	*noted = (struct native_release){release, data, native->releases};
	native->releases = noted;
	native->has_aftermath = true;
	return true;
}

void native_note_misuse(volt_vm *vm, const char *format, ...) {
	native_request *native = &vm->native;
	if (native->misuse[0])
		return;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(native->misuse, sizeof native->misuse, format, arguments);
	va_end(arguments);
	native->has_aftermath = true;
}

void native_abandon(volt_vm *vm) {
	if (vm->native.wait)
		wait_end(vm->native.wait);
	vm->native.wait = NULL;
	native_release_all(vm);
}

void native_release_all(volt_vm *vm) {
	native_request *native = &vm->native;
	for (struct native_release *last; (last = native->releases);) {
		native->releases = last->next;
		last->release(last->data);
		free(last);
	}
	native->misuse[0] = '\0';
	native->has_aftermath = false;
}

volt_native_result native_see_to_aftermath(volt_vm *vm, const char *name, volt_native_result result) {
	char misuse[sizeof vm->native.misuse];
	memcpy(misuse, vm->native.misuse, sizeof misuse);
	native_release_all(vm);
	if (!misuse[0] || result == VOLT_NATIVE_EXIT)
		return result;
	volt_native_call call = {.vm = vm};
	return volt_native_panic(&call, "native %s: %s", name, misuse);
}
