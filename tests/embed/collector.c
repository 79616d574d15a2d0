/*
 * A host that uses the collector for objects of its own: `collector PROGRAM TIER VARIANT`. They stay as they
 * are while VMs collect, and what the host has set stays set.
 */
#define GC_THREADS
#include <gc.h>
#include <gc/gc_mark.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "host.h"

static volt_module *module;
static volt_vm_options options;

static void fail(const char *what) {
	printf("%s\n", what);
	exit(HOST_FAILED);
}

/* ---- VMs ---- */

static volt_native_result nothing(volt_native_call *call) {
	call->results[0] = 0;
	return VOLT_NATIVE_OK;
}

static volt_vm *make(void) {
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_register_native(vm, "host_hook", nothing, NULL, VOLT_PERMIT_NOTHING);
	if (host_report(stdout, error, 0))
		exit(HOST_FAILED);
	return vm;
}

static void run(volt_vm *vm) {
	int status = 0;
	volt_error *error = volt_vm_run(vm, &status);
	if (host_report(stdout, error, status))
		exit(HOST_FAILED);
}

static void whole_life(void) {
	volt_vm *vm = make();
	run(vm);
	volt_vm_free(vm);
}

static void *life_on_a_thread(void *unused) {
	whole_life();
	return unused;
}

/* A thread that the collector is not told of. */
static void on_a_thread(void) {
	pthread_t thread;
#undef pthread_create
#undef pthread_join
	pthread_create(&thread, NULL, life_on_a_thread, NULL);
	pthread_join(thread, NULL);
}

/* ---- Objects of the host ---- */

struct object {
	struct object *next;
	long number;
};

enum { FEW = 20000, MANY = 4000000 };

static struct object *list; /* static data is what keeps them */

static struct object *cons(struct object *next, long number) {
	struct object *object = GC_MALLOC(sizeof *object);
	object->next = next;
	object->number = number;
	return object;
}

static struct object *fill(struct object *filled, long count) {
	for (long i = 0; i < count; i++)
		filled = cons(filled, i);
	return filled;
}

static void check(const struct object *checked, long count) {
	for (long i = count - 1; i >= 0; i--, checked = checked->next)
		if (!checked || checked->number != i)
			fail("an object of the host is gone");
	if (checked)
		fail("the list goes on");
}

static __attribute__((noinline)) void make_garbage(void) {
	for (int i = 0; i < MANY; i++)
		cons(NULL, i);
}

/* ---- Variants ---- */

static void before(void) {
	GC_INIT();
	list = fill(NULL, FEW);
	whole_life();
	check(list, FEW);
	on_a_thread();
	check(list, FEW);
}

/* Volt starts the collector. The host collects, too, outside of VMs: the main thread is known to it. */
static void after(void) {
	volt_vm *vm = make();
	list = fill(NULL, FEW);
	make_garbage();
	GC_gcollect();
	check(list, FEW);
	run(vm);
	check(list, FEW);
	volt_vm_free(vm);
	make_garbage();
	check(list, FEW);
	on_a_thread();
	check(list, FEW);
}

/* Threads of the host's hold their objects in local variables, and run VMs. */
static void *mixed(void *unused) {
	struct object *own = fill(NULL, FEW);
	whole_life();
	check(own, FEW);
	make_garbage();
	whole_life();
	check(own, FEW);
	return unused;
}

static void *registered(void *unused) {
	struct GC_stack_base base;
	GC_get_stack_base(&base);
	GC_register_my_thread(&base);
	mixed(NULL);
	if (!GC_thread_is_registered())
		fail("the thread is not registered any more");
	GC_unregister_my_thread();
	return unused;
}

static void threads(void) {
	pthread_t own, other;
	GC_INIT();
	GC_allow_register_threads();
	GC_pthread_create(&own, NULL, mixed, NULL);
	pthread_create(&other, NULL, registered, NULL);
	make_garbage();
	GC_pthread_join(own, NULL);
	pthread_join(other, NULL);
}

/* The first use of Volt is not the main thread's, which has told the collector of itself before. */
static void other_first(void) {
	GC_INIT();
	GC_allow_register_threads();
	list = fill(NULL, FEW);
	on_a_thread();
	make_garbage();
	check(list, FEW);
}

static atomic_int asked;

static int count_library(const char *name, void *start, size_t bytes) {
	(void)name;
	(void)start;
	(void)bytes;
	atomic_fetch_add(&asked, 1);
	return 1;
}

static void *hidden[2]; /* xor 1: only push_hidden() knows them */
static GC_push_other_roots_proc push_others;

static void push_hidden(void) {
	struct object *objects[1] = {(struct object *)((uintptr_t)hidden[0] ^ 1)};
	GC_push_all_eager(objects, objects + 1);
	push_others();
}

static void hide(void) {
	hidden[0] = (void *)((uintptr_t)fill(NULL, FEW) ^ 1);
}

/* What is set before the first VM stays. */
static void settings(void) {
	GC_set_suspend_signal(SIGUSR1);
	GC_set_thr_restart_signal(SIGUSR2);
	GC_INIT();
	GC_set_free_space_divisor(5);
	GC_register_has_static_roots_callback(count_library);
	push_others = GC_get_push_other_roots();
	GC_set_push_other_roots(push_hidden);
	hide();
	whole_life();
	check((struct object *)((uintptr_t)hidden[0] ^ 1), FEW);
	if (asked == 0 || GC_get_free_space_divisor() != 5 || GC_get_suspend_signal() != SIGUSR1 ||
	    GC_get_thr_restart_signal() != SIGUSR2)
		fail("a setting has changed");
}

/* Signals that are chosen before anybody has started the collector. */
static void chosen_signals(void) {
	GC_set_suspend_signal(SIGUSR1);
	whole_life();
	if (GC_get_suspend_signal() != SIGUSR1)
		fail("a setting has changed");
}

static void no_interior_pointers(void) {
	GC_set_all_interior_pointers(0);
	GC_INIT();
	whole_life();
}

static void announced_writes(void) {
	GC_set_manual_vdb_allowed(1);
	GC_enable_incremental();
	GC_INIT();
	whole_life();
}

static void incremental(void) {
	GC_enable_incremental();
	before();
}

static const struct {
	const char *name;
	void (*run)(void);
} variants[] = {
    {"before", before},
    {"after", after},
    {"threads", threads},
    {"other-first", other_first},
    {"settings", settings},
    {"chosen-signals", chosen_signals},
    {"no-interior-pointers", no_interior_pointers},
    {"announced-writes", announced_writes},
    {"incremental", incremental},
};

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (strcmp(variants[i].name, arguments[3]) == 0)
			variants[i].run();
	volt_module_free(module);
	return 0;
}
