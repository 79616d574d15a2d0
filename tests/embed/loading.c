/*
 * A host that opens Volt by itself and closes it again, as plug-ins are: `loading PROGRAM TIER LIBRARY`. The
 * library is used on threads that end before it is closed, and after it was.
 */
#include <dlfcn.h>
#include <pthread.h>

#include "host.h"

static char **arguments;

/* Names of the library's functions, as pointers. */
typedef struct {
	volt_error *(*read)(const char *path, volt_module **module);
	volt_error *(*verify)(volt_module *module);
	void (*free_module)(volt_module *module);
	volt_error *(*make)(const volt_module *module, const volt_vm_options *options, volt_vm **vm);
	volt_error *(*add_native)(volt_vm *vm, const char *name, volt_native_function function, void *user,
	                          volt_permission permission);
	volt_error *(*run)(volt_vm *vm, int *exit_status);
	void (*free_vm)(volt_vm *vm);
} functions;

static void fail(const char *what) {
	fprintf(stderr, "%s\n", what);
	exit(HOST_FAILED);
}

static void find(void *library, const char *name, void *function) {
	void *found = dlsym(library, name);
	if (!found)
		fail(dlerror());
	memcpy(function, &found, sizeof found);
}

static functions find_all(void *library) {
	functions all;
	find(library, "volt_module_read_file", &all.read);
	find(library, "volt_module_verify", &all.verify);
	find(library, "volt_module_free", &all.free_module);
	find(library, "volt_vm_new", &all.make);
	find(library, "volt_vm_register_native", &all.add_native);
	find(library, "volt_vm_run", &all.run);
	find(library, "volt_vm_free", &all.free_vm);
	return all;
}

static volt_native_result nothing(volt_native_call *call) {
	call->results[0] = 0;
	return VOLT_NATIVE_OK;
}

static void use(const functions *volt) {
	const volt_vm_options options = host_options(arguments[2]);
	volt_module *module = NULL;
	volt_vm *vm = NULL;
	int status = 0;
	if (volt->read(arguments[1], &module) || volt->verify(module) || volt->make(module, &options, &vm) ||
	    volt->add_native(vm, "host_hook", nothing, NULL, VOLT_PERMIT_NOTHING) || volt->run(vm, &status))
		fail("the program did not run");
	volt->free_vm(vm);
	volt->free_module(module);
}

static void *open_use_and_close(void *unused) {
	void *library = dlopen(arguments[3], RTLD_NOW | RTLD_LOCAL);
	if (!library)
		fail(dlerror());
	const functions volt = find_all(library);
	use(&volt);
	dlclose(library);
	return unused;
}

int main(int count, char **values) {
	if (count < 4)
		return HOST_FAILED;
	arguments = values;
	for (int i = 0; i < 2; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, open_use_and_close, NULL);
		pthread_join(thread, NULL);
		open_use_and_close(NULL);
	}
	return 0;
}
