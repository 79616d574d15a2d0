/*
 * A host that forks while it has VMs: `forks PROGRAM TIER VARIANT`. PROGRAM calls host_hook once. What a
 * child prints comes before what its parent prints.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

static volt_module *module;
static volt_vm_options options;

enum { CHILD_SECONDS = 60, CHILDREN = 8, AT_ONCE = 2, STARTS = 15, START_NANOSECONDS = 200000 };

/* ---- Natives ---- */

static void nothing(volt_vm *vm) {
	(void)vm;
}
static void (*hook)(volt_vm *vm) = nothing;

static volt_native_result call_hook(volt_native_call *call) {
	call->results[0] = 0;
	hook(call->vm);
	return VOLT_NATIVE_OK;
}

/* Completes a wait from another thread, a little later. */
static void *complete(void *wait) {
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	volt_wait_complete(wait);
	return NULL;
}

static volt_native_result sleep_a_little(volt_native_call *call) {
	call->results[0] = 0;
	if (call->wait)
		return VOLT_NATIVE_OK;
	volt_wait *wait = volt_native_begin_wait(call, NULL, NULL);
	pthread_t thread;
	pthread_create(&thread, NULL, complete, wait);
	pthread_detach(thread);
	return VOLT_NATIVE_WAIT;
}

static volt_native_function native = call_hook;

/* ---- VMs ---- */

static volt_vm *make(void) {
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_register_native(vm, "host_hook", native, NULL, VOLT_PERMIT_NOTHING);
	if (host_report(stdout, error, 0))
		_exit(HOST_FAILED);
	return vm;
}

static int run(volt_vm *vm) {
	int status = 0;
	volt_error *error = volt_vm_run(vm, &status);
	status = host_report(stdout, error, status);
	fflush(stdout);
	return status;
}

static int whole_life(void) {
	volt_vm *vm = make();
	const int status = run(vm);
	volt_vm_free(vm);
	return status;
}

static int release(volt_vm *vm) {
	volt_vm_free(vm);
	return 0;
}

/* What may be asked of a VM that a child has inherited: each is refused. */
static int refuse(volt_vm *vm) {
	volt_error *error = volt_vm_register_native(vm, "host_hook", native, NULL, VOLT_PERMIT_NOTHING);
	host_report(stdout, error, 0);
	char *statistics = volt_vm_statistics(vm);
	printf("statistics %s, trace '%s'\n", statistics ? "" : "none", volt_vm_trace(vm));
	return run(vm);
}

static int live_instead(volt_vm *inherited) {
	(void)inherited;
	return whole_life();
}

static int live_and_release(volt_vm *inherited) {
	const int status = whole_life();
	volt_vm_free(inherited);
	return status;
}

/* ---- Children ---- */

static void report_child(pid_t child) {
	int state = 0;
	waitpid(child, &state, 0);
	if (WIFSIGNALED(state))
		printf("child ended by signal %d\n", WTERMSIG(state));
	else
		printf("child ended with status %d\n", WEXITSTATUS(state));
	fflush(stdout);
}

static void fork_child(int (*life)(volt_vm *vm), volt_vm *vm) {
	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		alarm(CHILD_SECONDS);
		_exit(life(vm));
	}
	report_child(child);
}

/* ---- Variants ---- */

static void none(void) {
	whole_life();
	fork_child(live_instead, NULL);
}

/* The parent's VM has run, and so it has threads; it is still there for the second child and the parent. */
static void idle(void) {
	volt_vm *vm = make();
	run(vm);
	fork_child(live_instead, vm);
	fork_child(release, vm);
	fork_child(live_and_release, vm);
	fork_child(refuse, vm);
	volt_vm_free(vm);
	whole_life();
}

/* It has not: its event loop must go on for the parent when a child has freed it. */
static void unused(void) {
	native = sleep_a_little;
	volt_vm *vm = make();
	fork_child(refuse, vm);
	fork_child(release, vm);
	run(vm);
	volt_vm_free(vm);
}

static volt_vm *running;
static volatile bool ended;

static void quietly(void *user, int stream, const void *bytes, size_t length) {
	(void)user;
	(void)stream;
	(void)bytes;
	(void)length;
}

static void note_running(volt_vm *vm) {
	__atomic_store_n(&running, vm, __ATOMIC_RELEASE);
	nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
}

/* Nobody may touch a VM that another thread frees: no fork comes then. */
static pthread_mutex_t freeing = PTHREAD_MUTEX_INITIALIZER;

static void *live_again_and_again(void *result) {
	while (!ended) {
		volt_vm *vm = make();
		run(vm);
		pthread_mutex_lock(&freeing);
		__atomic_store_n(&running, NULL, __ATOMIC_RELEASE);
		volt_vm_free(vm);
		pthread_mutex_unlock(&freeing);
	}
	return result;
}

/* With the mutex, so that it is there for some time: in its hook, or behind it. */
static volt_vm *find_running(void) {
	for (;;) {
		pthread_mutex_lock(&freeing);
		volt_vm *vm = __atomic_load_n(&running, __ATOMIC_ACQUIRE);
		if (vm)
			return vm;
		pthread_mutex_unlock(&freeing);
		sched_yield();
	}
}

static int release_running(volt_vm *vm) {
	volt_vm_free(vm);
	hook = nothing;
	return whole_life();
}

/* Threads run VMs all the time; children free what is in the middle of it, and live on. */
static void while_running(void) {
	pthread_t threads[AT_ONCE];
	hook = note_running;
	options.output = quietly;
	options.tier_synchronous = false;
	for (int i = 0; i < AT_ONCE; i++)
		pthread_create(&threads[i], NULL, live_again_and_again, NULL);
	for (int i = 0; i < CHILDREN; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 5000000 + i * 7000000}, NULL);
		fork_child(live_instead, NULL);
	}
	for (int i = 0; i < CHILDREN; i++) {
		fork_child(release_running, find_running());
		pthread_mutex_unlock(&freeing);
	}
	ended = true;
	for (int i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
}

static pid_t forked = -1;

static void *quiet_life(void *unused) {
	whole_life();
	return unused;
}

static long delay;

/* Forks while another thread starts what all VMs share. */
static int fork_beside_first_life(volt_vm *unused) {
	pthread_t thread;
	(void)unused;
	pthread_create(&thread, NULL, quiet_life, NULL);
	nanosleep(&(struct timespec){.tv_nsec = delay}, NULL);
	fork_child(live_instead, NULL);
	pthread_join(thread, NULL);
	return 0;
}

/* In processes that have not used Volt before. */
static void while_starting(void) {
	options.output = quietly;
	for (int i = 0; i < STARTS; i++, delay += START_NANOSECONDS)
		fork_child(fork_beside_first_life, NULL);
}

/* The process goes on as a child of itself, which has no terminal. */
static void becomes_daemon(void) {
	volt_vm *vm = make();
	run(vm);
	fflush(stdout);
	if (daemon(1, 1) != 0)
		exit(HOST_FAILED);
	refuse(vm);
	volt_vm_free(vm);
	whole_life();
}

static void fork_here(volt_vm *vm) {
	(void)vm;
	fflush(stdout);
	forked = fork();
	if (forked == 0)
		alarm(CHILD_SECONDS);
	else
		report_child(forked);
}

/* A native forks and returns twice. In the child its VM cannot go on, but another one can live. */
static void in_a_native(void) {
	hook = fork_here;
	volt_vm *vm = make();
	int status = run(vm);
	volt_vm_free(vm);
	if (forked == 0) {
		hook = nothing;
		_exit(status == 1 ? 10 + whole_life() : HOST_FAILED);
	}
}

static void fork_and_live(volt_vm *vm) {
	(void)vm;
	hook = nothing;
	fork_child(live_instead, NULL);
}

/* A native forks, and the child makes a VM there and then. */
static void child_in_a_native(void) {
	hook = fork_and_live;
	whole_life();
}

static int fork_again(volt_vm *vm) {
	whole_life();
	fork_child(live_and_release, vm);
	volt_vm_free(vm);
	return 3;
}

static void grandchild(void) {
	volt_vm *vm = make();
	run(vm);
	fork_child(fork_again, vm);
	volt_vm_free(vm);
}

static const struct {
	const char *name;
	void (*run)(void);
} variants[] = {
    {"none", none},
    {"idle", idle},
    {"unused", unused},
    {"while-running", while_running},
    {"while-starting", while_starting},
    {"daemon", becomes_daemon},
    {"in-a-native", in_a_native},
    {"child-in-a-native", child_in_a_native},
    {"grandchild", grandchild},
};

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	options.tier_perf_folder = count > 4 ? arguments[4] : NULL;
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (strcmp(variants[i].name, arguments[3]) == 0)
			variants[i].run();
	volt_module_free(module);
	return 0;
}
