/*
 * A host that runs a program on a thread with a small stack: `small_stack PROGRAM TIER KIB [WHERE]`. The
 * native host_use_stack uses what natives are promised, and panics if it is not there. WHERE: "alone" where
 * no other thread can be made, "locale" under a locale of the thread's, of which host_same_locale tells
 * whether it is still there.
 */
#include <locale.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host.h"

enum { PROMISED_STACK = 1 << 20, PAGE = 4096 };

static char **arguments;
static int status;
static locale_t thread_locale;

/* What is not there is not mapped, or belongs to a page that ends the process. */
static volt_native_result use_stack(volt_native_call *call) {
	volatile char used[PROMISED_STACK - PAGE];
	used[sizeof used - 1] = 1;
	for (size_t i = sizeof used; i > PAGE; i -= PAGE)
		used[i - 1 - PAGE] = 1;
	call->results[0] = (volt_slot)used[sizeof used - 1];
	return VOLT_NATIVE_OK;
}

static volt_native_result same_locale(volt_native_call *call) {
	call->results[0] = uselocale((locale_t)0) == thread_locale;
	return VOLT_NATIVE_OK;
}

static const char *where(void) {
	return arguments[4] ? arguments[4] : "";
}

/* The address space may grow by less than the stack of a thread. */
static void be_alone(void) {
	unsigned long pages = 0;
	FILE *usage = fopen("/proc/self/statm", "r");
	if (!usage || fscanf(usage, "%lu", &pages) != 1)
		exit(HOST_CANNOT);
	fclose(usage);
	const rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (4 << 20);
	if (setrlimit(RLIMIT_AS, &(struct rlimit){most, most}))
		exit(HOST_CANNOT);
}

static volt_error *run_vm(volt_vm *vm) {
	volt_error *error = volt_vm_register_native(vm, "host_use_stack", use_stack, NULL, VOLT_PERMIT_NOTHING);
	if (!error)
		error = volt_vm_register_native(vm, "host_same_locale", same_locale, NULL, VOLT_PERMIT_NOTHING);
	if (strcmp(where(), "alone") == 0)
		be_alone();
	return error ? error : volt_vm_run(vm, &status);
}

static void run(void) {
	volt_module *module = host_read(arguments[1]);
	const volt_vm_options options = host_options(arguments[2]);
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = run_vm(vm);
	status = host_report(stdout, error, status);
	volt_vm_free(vm);
	volt_module_free(module);
}

static size_t stack_bytes(void) {
	return (size_t)strtoul(arguments[3], NULL, 10) << 10;
}

static void *on_thread(void *unused) {
	if (strcmp(where(), "locale") == 0)
		uselocale(thread_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0));
	run();
	if (thread_locale) {
		uselocale(LC_GLOBAL_LOCALE);
		freelocale(thread_locale);
	}
	return unused;
}

int main(int count, char **values) {
	pthread_attr_t attributes;
	pthread_t thread;
	arguments = values;
	if (count < 4 || pthread_attr_init(&attributes))
		return HOST_FAILED;
	if (pthread_attr_setstacksize(&attributes, stack_bytes()))
		return HOST_CANNOT;
	if (pthread_create(&thread, &attributes, on_thread, NULL))
		return HOST_CANNOT;
	pthread_attr_destroy(&attributes);
	pthread_join(thread, NULL);
	return status;
}
