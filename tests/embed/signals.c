/*
 * A host with opinions on signals: `signals PROGRAM TIER VARIANT`. PROGRAM calls host_hook once.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

static volt_module *module;
static volt_vm_options options;

static void nothing(void) {}
static void (*hook)(void) = nothing;

static volt_native_result call_hook(volt_native_call *call) {
	call->results[0] = 0;
	hook();
	return VOLT_NATIVE_OK;
}

static _Noreturn void fail(const char *what) {
	printf("%s\n", what);
	fflush(stdout);
	_exit(HOST_FAILED);
}

static volt_vm *make(void) {
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_register_native(vm, "host_hook", call_hook, NULL, VOLT_PERMIT_NOTHING);
	if (host_report(stdout, error, 0))
		_exit(HOST_FAILED);
	return vm;
}

static void run(volt_vm *vm) {
	int status = 0;
	volt_error *error = volt_vm_run(vm, &status);
	if (host_report(stdout, error, status))
		_exit(HOST_FAILED);
}

static void whole_life(void) {
	volt_vm *vm = make();
	run(vm);
	volt_vm_free(vm);
}

/* ---- Signals that are blocked while VMs collect ---- */

enum { AT_ONCE = 3 };

static void block_all(void) {
	sigset_t signals;
	sigfillset(&signals);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static void *blocked_before(void *unused) {
	block_all();
	whole_life();
	return unused;
}

static void *blocked_after(void *unused) {
	volt_vm *vm = make();
	block_all();
	run(vm);
	volt_vm_free(vm);
	return unused;
}

static void at_once(void *(*life)(void *)) {
	pthread_t threads[AT_ONCE];
	for (int i = 0; i < AT_ONCE; i++)
		pthread_create(&threads[i], NULL, life, NULL);
	for (int i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
}

/* Threads that block them before, or after they have made a VM. */
static void blocked_by_threads(void) {
	at_once(blocked_before);
	at_once(blocked_after);
}

static void *unblocked(void *unused) {
	whole_life();
	return unused;
}

/* As servers do: main has used Volt, and then only waits for signals. */
static void blocked_by_main(void) {
	whole_life();
	block_all();
	at_once(unblocked);
}

/* ---- The mask that the host has set is the one that it finds ---- */

static sigset_t expected;

static void check_mask(const char *where) {
	sigset_t found;
	pthread_sigmask(SIG_BLOCK, NULL, &found);
	for (int signal = 1; signal <= SIGRTMAX; signal++)
		if (sigismember(&found, signal) != sigismember(&expected, signal)) {
			printf("signal %d, %s\n", signal, where);
			fail("the mask has changed");
		}
}

static void *check_calls(void *unused) {
	pthread_sigmask(SIG_SETMASK, &expected, NULL);
	volt_vm *vm = make();
	check_mask("after volt_vm_new()");
	run(vm);
	check_mask("after volt_vm_run()");
	volt_vm_free(vm);
	check_mask("after volt_vm_free()");
	return unused;
}

/* The first use on a thread, the first of the process, and another one. */
static void masks(void) {
	pthread_t thread;
	sigfillset(&expected);
	sigdelset(&expected, SIGKILL); /* nobody can block these two */
	sigdelset(&expected, SIGSTOP);
	pthread_create(&thread, NULL, check_calls, NULL);
	pthread_join(thread, NULL);
	check_calls(NULL);
	sigemptyset(&expected);
	check_calls(NULL);
}

/* ---- Volt's threads take no signals ---- */

/* Field "SigBlk" of a thread: bit N - 1 for signal N. */
static uint64_t blocked_by(const char *thread, char *name) {
	char path[64], line[256];
	uint64_t blocked = 0;
	snprintf(path, sizeof path, "/proc/self/task/%.20s/status", thread);
	FILE *status = fopen(path, "r");
	if (!status)
		fail("no status of a thread");
	while (fgets(line, sizeof line, status)) {
		sscanf(line, "Name: %31s", name);
		sscanf(line, "SigBlk: %" SCNx64, &blocked);
	}
	fclose(status);
	return blocked;
}

static uint64_t bits(const int *signals) {
	uint64_t result = 0;
	for (; *signals; signals++)
		result |= UINT64_C(1) << (*signals - 1);
	return result;
}

static void check_thread(const char *thread) {
	static const int sent[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
	                           SIGCHLD, SIGTSTP, SIGURG,  SIGXCPU, SIGPROF, SIGIO,   SIGPWR,  0};
	static const int raised[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, 0};
	char name[32] = "";
	const uint64_t blocked = blocked_by(thread, name);
	/* The collector's own threads block all. */
	const bool is_marker = strncmp(name, "GC-marker", 9) == 0;
	if (~blocked & bits(sent) || (blocked & bits(raised) && !is_marker)) {
		printf("%s blocks %016" PRIx64 "\n", name, blocked);
		fail("a thread takes signals, or hides faults");
	}
}

static void check_threads(void) {
	char own[32];
	int others = 0;
	snprintf(own, sizeof own, "%d", (int)gettid());
	DIR *threads = opendir("/proc/self/task");
	for (struct dirent *entry = readdir(threads); entry; entry = readdir(threads))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, own) != 0) {
			check_thread(entry->d_name);
			others++;
		}
	closedir(threads);
	if (others == 0)
		fail("there are no other threads");
}

static void threads(void) {
	hook = check_threads;
	whole_life();
}

/* Sent to the process while all its threads are there. */
static void fetch_signal(void) {
	sigset_t terminate;
	sigemptyset(&terminate);
	sigaddset(&terminate, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &terminate, NULL);
	kill(getpid(), SIGTERM);
	if (sigtimedwait(&terminate, NULL, &(struct timespec){.tv_sec = 10}) != SIGTERM)
		fail("the signal is lost");
}

static void fetched(void) {
	hook = fetch_signal;
	whole_life();
}

/* ---- Who makes a thread can be stopped by a collection: it waits for locks ---- */

static bool looks_at_makers;
static int threads_made;

static void check_maker(void) {
	int (*suspend_signal)(void);
	*(void **)&suspend_signal = dlsym(RTLD_DEFAULT, "GC_get_suspend_signal");
	sigset_t blocked;
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	if (!suspend_signal || sigismember(&blocked, suspend_signal()))
		fail("who makes a thread has blocked the collector's signal");
	threads_made++;
}

/* In front of the C library's: of the threads that main makes, since Volt's own are not the collector's. */
__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                          void *(*run_thread)(void *), void *user) {
	int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	*(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
	if (looks_at_makers && gettid() == getpid())
		check_maker();
	return next(thread, attributes, run_thread, user);
}

static void makers(void) {
	volt_vm *vm = make();
	looks_at_makers = true;
	run(vm);
	volt_vm_free(vm);
	if (threads_made == 0)
		fail("no threads were made");
}

/* ---- Signals stay their owner's ---- */

enum { STANDARD_SIGNALS = 32 };

static volatile sig_atomic_t handled;

static void count(int signal) {
	(void)signal;
	handled++;
}

/* The host handles every real-time signal but two, and Volt takes those. */
static void owners(void) {
	const struct sigaction counting = {.sa_handler = count};
	const int left[] = {SIGRTMIN + 3, SIGRTMIN + 7};
	struct sigaction before[STANDARD_SIGNALS];
	int sent = 0;
	for (int signal = 1; signal < STANDARD_SIGNALS; signal++)
		sigaction(signal, NULL, &before[signal]);
	for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
		if (signal != left[0] && signal != left[1])
			sigaction(signal, &counting, NULL);
	at_once(unblocked);
	for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
		if (signal != left[0] && signal != left[1])
			sent += raise(signal) == 0;
	if (handled != sent)
		fail("handlers have been replaced");
	for (int signal = 1; signal < STANDARD_SIGNALS; signal++) {
		struct sigaction found;
		sigaction(signal, NULL, &found);
		if (signal != SIGPIPE && found.sa_handler != before[signal].sa_handler)
			fail("a signal that has a meaning is handled");
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} variants[] = {
    {"blocked-by-threads", blocked_by_threads},
    {"blocked-by-main", blocked_by_main},
    {"masks", masks},
    {"threads", threads},
    {"fetched", fetched},
    {"makers", makers},
    {"owners", owners},
};

int main(int argument_count, char **arguments) {
	if (argument_count < 4)
		return HOST_FAILED;
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	options.permissions = VOLT_PERMIT_NETWORK;
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (strcmp(variants[i].name, arguments[3]) == 0)
			variants[i].run();
	volt_module_free(module);
	return 0;
}
