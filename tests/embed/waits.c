/*
 * A host whose native waits for a thread of the host, and what becomes of the wait when nobody waits any
 * more. `waits PROGRAM TIER SCENARIO`.
 */
#include "host.h"

#include <pthread.h>
#include <unistd.h>
#include <volt/call.h>

static volt_wait *last_wait;
static int data_freed;

static void free_data(void *data) {
	(void)data;
	data_freed++;
}

/* The argument says how much the native then asks of the heap. */
static volt_native_result wait_for_host(volt_native_call *call) {
	if (call->wait) {
		volt_native_set_int(call, 0, 7);
		return VOLT_NATIVE_OK;
	}
	__atomic_store_n(&last_wait, volt_native_begin_wait(call, &data_freed, free_data), __ATOMIC_RELEASE);
	const size_t bytes = (size_t)volt_native_get_int(call, 0) << 20;
	char *text = bytes ? calloc(bytes, 1) : NULL;
	if (text && volt_native_at_end(call, free, text))
		volt_native_new_string(call, text, bytes);
	return VOLT_NATIVE_WAIT;
}

static void until_it_waits(void) {
	while (!__atomic_load_n(&last_wait, __ATOMIC_ACQUIRE))
		usleep(1000);
}

static void *interrupt_soon(void *vm) {
	until_it_waits();
	usleep(20000); /* most often it sleeps by then */
	volt_vm_interrupt(vm);
	return NULL;
}

static int wait_in(volt_vm *vm, int64_t megabytes) {
	volt_value result = volt_value_of(VOLT_VALUE_INT);
	volt_error *error = volt_vm_call(vm, "f", (volt_value[]){volt_int(megabytes)}, 1, &result, 1);
	return error ? host_report(stdout, error, 0) : (int)result.integer;
}

/* What was the VM's is memory of others when the wait is completed. */
static void complete_late(volt_vm *vm) {
	volt_vm_free(vm);
	void *taken[64];
	for (int i = 0; i < 64; i++)
		taken[i] = calloc(1, 200);
	volt_wait_complete(last_wait);
	for (int i = 0; i < 64; i++)
		free(taken[i]);
}

static void interrupted(volt_vm *vm) {
	pthread_t thread;
	pthread_create(&thread, NULL, interrupt_soon, vm);
	wait_in(vm, 0);
	pthread_join(thread, NULL);
	complete_late(vm);
}

static void *complete_soon(void *unused) {
	(void)unused;
	until_it_waits();
	volt_wait_complete(last_wait);
	return NULL;
}

static void completed(volt_vm *vm) {
	pthread_t thread;
	pthread_create(&thread, NULL, complete_soon, NULL);
	printf("result %d\n", wait_in(vm, 0));
	pthread_join(thread, NULL);
	volt_vm_free(vm);
}

/* A limit ends the native in the middle of an execution that has begun a wait. */
static void limited(volt_vm *vm) {
	wait_in(vm, 40);
	printf("freed %d\n", data_freed);
	complete_late(vm);
}

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	volt_vm_options options = host_options(arguments[2]);
	options.max_heap_bytes = 32 << 20;
	const volt_value_kind number = VOLT_VALUE_INT;
	const volt_native_signature signature = {&number, 1, &number, 1};
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_declare_native(vm, "host_wait", wait_for_host, NULL, VOLT_PERMIT_NOTHING, &signature);
	if (!error)
		error = volt_vm_start(vm);
	if (error)
		return host_report(stdout, error, 0);
	if (strcmp(arguments[3], "interrupted") == 0)
		interrupted(vm);
	else if (strcmp(arguments[3], "limited") == 0)
		limited(vm);
	else
		completed(vm);
	printf("freed %d\n", data_freed);
	volt_module_free(module);
	return 0;
}
