/*
 * VMs on threads that come and go: `threads PROGRAM TIER VARIANT`. Each VM prints what its program prints.
 */
#include <pthread.h>
#include <unistd.h>

#include "host.h"

static volt_module *module;
static volt_vm_options options;

/* ---- The host's native, which does as the variant says ---- */

static void nothing(void) {}
static void (*hook)(void) = nothing;

static volt_native_result call_hook(volt_native_call *call) {
	call->results[0] = 0;
	hook();
	return VOLT_NATIVE_OK;
}

/* ---- Steps, each for any thread ---- */

static void *make(void *vm) {
	volt_error *error = volt_vm_new(module, &options, vm);
	if (!error)
		error = volt_vm_register_native(*(volt_vm **)vm, "host_hook", call_hook, NULL, VOLT_PERMIT_NOTHING);
	if (host_report(stdout, error, 0))
		exit(HOST_FAILED);
	return NULL;
}

static void *run(void *vm) {
	int status = 0;
	volt_error *error = volt_vm_run(*(volt_vm **)vm, &status);
	if (host_report(stdout, error, status))
		exit(HOST_FAILED);
	return NULL;
}

static void *release(void *vm) {
	free(volt_vm_statistics(*(volt_vm **)vm));
	volt_vm_free(*(volt_vm **)vm);
	return NULL;
}

static void *whole_life(void *unused) {
	volt_vm *vm = NULL;
	make(&vm);
	run(&vm);
	release(&vm);
	return unused;
}

static void on_a_thread(void *(*step)(void *), void *vm) {
	pthread_t thread;
	pthread_create(&thread, NULL, step, vm);
	pthread_join(thread, NULL);
}

/* ---- Variants ---- */

enum { AT_ONCE = 4, ROUNDS = 2 };

static void *idle(void *mutex) {
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
	return NULL;
}

/* The first thread that used Volt has ended; another one has nothing to do with it. */
static void first_ends(void) {
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_t other;
	on_a_thread(whole_life, NULL);
	pthread_mutex_lock(&mutex);
	pthread_create(&other, NULL, idle, &mutex);
	whole_life(NULL);
	pthread_mutex_unlock(&mutex);
	pthread_join(other, NULL);
}

/* Each step is another thread's. */
static void moves(void) {
	volt_vm *vm = NULL;
	on_a_thread(make, &vm);
	on_a_thread(run, &vm);
	on_a_thread(release, &vm);
	make(&vm);
	on_a_thread(run, &vm);
	release(&vm);
	on_a_thread(make, &vm);
	run(&vm);
	on_a_thread(release, &vm);
}

static void at_once(void *(*step)(void *), volt_vm **vms) {
	pthread_t threads[AT_ONCE];
	for (int i = 0; i < AT_ONCE; i++)
		pthread_create(&threads[i], NULL, step, &vms[i]);
	for (int i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
}

static void many(void) {
	volt_vm *vms[AT_ONCE];
	for (int round = 0; round < ROUNDS; round++)
		at_once(whole_life, vms);
	at_once(make, vms);
	at_once(run, vms);
	at_once(release, vms);
}

static void *live_after_main(void *main_thread) {
	pthread_join(*(pthread_t *)main_thread, NULL);
	at_once(whole_life, (volt_vm *[AT_ONCE]){0});
	volt_module_free(module);
	exit(0);
}

/* The main thread, which used Volt first, ends before the process. */
static void main_ends(void) {
	static pthread_t main_thread;
	pthread_t thread;
	main_thread = pthread_self();
	whole_life(NULL);
	pthread_create(&thread, NULL, live_after_main, &main_thread);
	pthread_exit(NULL);
}

static void end_thread(void) {
	hook = nothing;
	pthread_exit(NULL);
}

/* A thread ends in a native; others go on, and free its VM. */
static void ends_inside(void) {
	volt_vm *vm = NULL;
	hook = end_thread;
	make(&vm);
	on_a_thread(run, &vm);
	whole_life(NULL);
	release(&vm);
}

static void run_another(void) {
	hook = nothing;
	whole_life(NULL);
}

/* A native runs another VM. */
static void nested(void) {
	hook = run_another;
	whole_life(NULL);
}

static void before_main(void) {
	on_a_thread(whole_life, NULL);
}

enum { SMALL_STACK_BYTES = 64 << 10, WARM_UP = 15, IN_A_ROW = 30, GROWTH_PAGES = 1500 };

static void small_stack(void) {
	pthread_t thread;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, SMALL_STACK_BYTES);
	pthread_create(&thread, &attributes, whole_life, NULL);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
}

static long resident_pages(void) {
	long all = 0, resident = 0;
	FILE *memory = fopen("/proc/self/statm", "r");
	if (!memory || fscanf(memory, "%ld %ld", &all, &resident) != 2)
		exit(HOST_FAILED);
	fclose(memory);
	return resident;
}

static void live_often(int times) {
	for (int i = 0; i < times; i++)
		on_a_thread(whole_life, NULL);
}

/* Nothing of a VM stays. */
static void in_a_row(void) {
	live_often(WARM_UP);
	const long before = resident_pages();
	live_often(IN_A_ROW);
	const long growth = resident_pages() - before;
	if (growth > GROWTH_PAGES)
		printf("the process has grown by %ld pages\n", growth);
}

static pthread_mutex_t inside = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came_inside = PTHREAD_COND_INITIALIZER;
static bool is_inside;

static void note_inside(void) {
	pthread_mutex_lock(&inside);
	is_inside = true;
	pthread_cond_signal(&came_inside);
	pthread_mutex_unlock(&inside);
}

/* The process ends while a VM runs. */
static void exits(void) {
	pthread_t thread;
	hook = note_inside;
	pthread_create(&thread, NULL, whole_life, NULL);
	pthread_mutex_lock(&inside);
	while (!is_inside)
		pthread_cond_wait(&came_inside, &inside);
	exit(0);
}

static volt_vm *left_to_exit;

/* Registered before the compiler is loaded: comes after the destructors of its static objects. */
static void linger(void) {
	usleep(200 * 1000);
	volt_vm_free(left_to_exit);
	fputs("freed\n", stderr);
}

static void *live_for_ever(void *unused) {
	for (;;)
		whole_life(unused);
	return unused;
}

/* The process ends while others compile; a handler frees a VM that has compiled. */
static void exits_compiling(useconds_t after) {
	pthread_t thread;
	atexit(linger);
	options.tier_synchronous = false;
	for (int i = 0; i < AT_ONCE; i++)
		pthread_create(&thread, NULL, live_for_ever, NULL);
	usleep(after);
	exit(0);
}

/* The compiler is being loaded, and begins to work. */
static void exits_soon(void) {
	exits_compiling(40 * 1000);
}

static void exits_later(void) {
	make(&left_to_exit);
	run(&left_to_exit);
	exits_compiling(300 * 1000);
}

static const struct {
	const char *name;
	void (*run)(void);
} variants[] = {
    {"first-ends", first_ends},
    {"moves", moves},
    {"many", many},
    {"main-ends", main_ends},
    {"nested", nested},
    {"ends-inside", ends_inside},
    {"before-main", before_main},
    {"small-stack", small_stack},
    {"in-a-row", in_a_row},
    {"exits", exits},
    {"exits-soon", exits_soon},
    {"exits-later", exits_later},
};

static void prepare(char **arguments) {
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	options.permissions = VOLT_PERMIT_NETWORK;
}

/* The C library gives a constructor what main() gets. */
static __attribute__((constructor)) void use_volt_before_main(int count, char **arguments) {
	if (count < 4 || strcmp(arguments[3], "before-main") != 0)
		return;
	prepare(arguments);
	whole_life(NULL);
}

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	if (!module)
		prepare(arguments);
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (strcmp(variants[i].name, arguments[3]) == 0)
			variants[i].run();
	volt_module_free(module);
	return 0;
}
