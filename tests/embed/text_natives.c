/*
 * A host whose native takes and gives text. `text_natives PROGRAM TIER`; the tier "defaults" means no options
 * at all. host_shout gives its argument in capitals, writes a line that says how long it was, and panics if
 * there is nothing to shout.
 */
#include "host.h"

static volt_native_result shout(volt_native_call *call) {
	size_t length;
	const char *text = volt_slot_bytes(call->arguments[0], &length);
	char loud[64], line[32];
	if (length == 0 || length > sizeof loud)
		return volt_native_panic(call, "%zu bytes cannot be shouted", length);
	for (size_t i = 0; i < length; i++)
		loud[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
	volt_native_write(call, line, (size_t)snprintf(line, sizeof line, "%zu bytes\n", length));
	call->results[0] = volt_native_new_string(call, loud, length);
	return VOLT_NATIVE_OK;
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	const volt_vm_options options = host_options(arguments[2]);
	const bool defaults = strcmp(arguments[2], "defaults") == 0;
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, defaults ? NULL : &options, &vm);
	if (!error)
		error = volt_vm_register_native(vm, "host_shout", shout, NULL, VOLT_PERMIT_NOTHING);
	if (!error)
		error = volt_vm_run(vm, &status);
	status = host_report(stdout, error, status);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
