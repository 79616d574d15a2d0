/* Calls a function of a module with a string, and prints the string that it returns. */
#include <stdio.h>
#include <string.h>
#include <volt/call.h>

static volt_error *greet(volt_vm *vm, const char *name) {
	volt_value argument = volt_string(name, strlen(name));
	volt_value result = volt_value_of(VOLT_VALUE_STRING);
	volt_error *error = volt_vm_call(vm, "greet", &argument, 1, &result, 1);
	if (!error)
		printf("%.*s\n", (int)result.text.length, result.text.bytes);
	volt_value_clear(&result);
	return error;
}

int main(int count, char **arguments) {
	volt_module *module = NULL;
	volt_vm *vm = NULL;
	volt_error *error = volt_module_read_file(count > 1 ? arguments[1] : "greet.vot", &module);
	if (!error)
		error = volt_module_verify(module);
	if (!error)
		error = volt_vm_new(module, NULL, &vm);
	if (!error)
		error = volt_vm_start(vm);
	if (!error)
		error = greet(vm, "Vo");
	int status = error != NULL;
	if (error)
		fprintf(stderr, "%s\n", volt_error_message(error));
	volt_error_free(error);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
