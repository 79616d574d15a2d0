/*
 * A host that calls functions of its program. `calls PROGRAM TIER SCENARIO`: it prints nothing and ends with
 * 0 if everything is as expected, else it says what is not.
 */
#include "host.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <volt/call.h>

#define EXPECT(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
			exit(HOST_FAILED); \
		} \
	} while (0)

static volt_module *module;
static volt_vm_options options;

/* ---- Errors ---- */

static void good(volt_error *error) {
	if (!error)
		return;
	fprintf(stderr, "%s\n", volt_error_message(error));
	exit(HOST_FAILED);
}

/* Messages of interrupts and limits go on with the place, which stopped.c is about. */
static bool says(volt_error_kind kind, const char *actual, const char *expected) {
	const bool has_place = kind == VOLT_ERROR_LIMIT || kind == VOLT_ERROR_INTERRUPTED;
	const size_t length = strlen(expected);
	return strncmp(actual, expected, length) == 0 &&
	       (!actual[length] || (has_place && strncmp(&actual[length], " in ", 4) == 0));
}

static void expect_error(int line, volt_error *error, volt_error_kind kind, const char *message) {
	if (volt_error_get_kind(error) != kind || !says(kind, volt_error_message(error), message)) {
		fprintf(stderr, "line %d: kind %d: %s\n", line, volt_error_get_kind(error),
		        volt_error_message(error));
		exit(HOST_FAILED);
	}
	volt_error_free(error);
}
#define BAD(error, kind, message) expect_error(__LINE__, error, kind, message)

/* ---- Calls ---- */

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static volt_vm *new_vm(void) {
	volt_vm *vm = NULL;
	good(volt_vm_new(module, &options, &vm));
	return vm;
}

static volt_native_result call_again(volt_native_call *call) {
	volt_value result = volt_value_of(VOLT_VALUE_INT);
	volt_error *error = volt_vm_call(call->vm, "get_ready", NULL, 0, &result, 1);
	call->results[0] = volt_error_get_kind(error) == VOLT_ERROR_ARGUMENT;
	volt_error_free(error);
	volt_vm *other = call->user;
	good(volt_vm_call(other, "get_ready", NULL, 0, &result, 1));
	call->results[0] += (volt_slot)result.integer;
	return VOLT_NATIVE_OK;
}

static volt_vm *started(void) {
	volt_vm *vm = new_vm();
	good(volt_vm_register_native(vm, "host_call", call_again, NULL, VOLT_PERMIT_NOTHING));
	good(volt_vm_start(vm));
	return vm;
}

static int64_t number(volt_vm *vm, const char *function, const volt_value *arguments, size_t count) {
	volt_value result = volt_value_of(VOLT_VALUE_INT);
	good(volt_vm_call(vm, function, arguments, count, &result, 1));
	return result.integer;
}

static volt_error *call(volt_vm *vm, const char *function) {
	return volt_vm_call(vm, function, NULL, 0, NULL, 0);
}

static int64_t sum(volt_vm *vm, int64_t left, int64_t right) {
	const volt_value both[] = {volt_int(left), volt_int(right)};
	return number(vm, "add", both, 2);
}

static bool holds(const volt_value *value, const char *text) {
	return value->text.length == strlen(text) && strcmp(value->text.bytes, text) == 0;
}

/* ---- Scenarios ---- */

/* Texts of every size: large objects lie in the heap in another way than small ones. */
static void long_texts(volt_vm *vm) {
	static char text[100000];
	memset(text, 'v', sizeof text);
	for (size_t length = 1; length <= sizeof text; length = length * 3 / 2 + 1) {
		volt_value argument = volt_string(text, length);
		volt_value results[] = {volt_value_of(VOLT_VALUE_STRING), volt_value_of(VOLT_VALUE_INT)};
		good(volt_vm_call(vm, "greet", &argument, 1, results, 2));
		EXPECT(results[0].text.length == length + 7 && memcmp(results[0].text.bytes + 7, text, length) == 0);
		volt_value_clear(&results[0]);
		argument = volt_bytes(text, length);
		results[0] = volt_value_of(VOLT_VALUE_BYTES);
		good(volt_vm_call(vm, "last", &argument, 1, results, 2));
		EXPECT(results[0].text.length == length && memcmp(results[0].text.bytes, text, length) == 0);
		volt_value_clear(&results[0]);
	}
}

static void values(void) {
	volt_vm *vm = started();
	EXPECT(number(vm, "get_ready", NULL, 0) == 42);
	EXPECT(sum(vm, 2, -3) == -1);
	EXPECT(sum(vm, INT64_MAX, 1) == INT64_MIN);
	volt_value argument = volt_float(-9.5), results[2];
	results[0] = volt_value_of(VOLT_VALUE_FLOAT64);
	good(volt_vm_call(vm, "half", &argument, 1, results, 1));
	EXPECT(results[0].floating == -4.75);
	argument = volt_bool(false);
	results[0] = volt_value_of(VOLT_VALUE_BOOL);
	good(volt_vm_call(vm, "not", &argument, 1, results, 1));
	EXPECT(results[0].boolean);
	argument = volt_string("Volt", 4);
	results[0] = volt_value_of(VOLT_VALUE_STRING);
	results[1] = volt_value_of(VOLT_VALUE_INT);
	good(volt_vm_call(vm, "greet", &argument, 1, results, 2));
	EXPECT(holds(&results[0], "hello, Volt") && results[1].integer == 7);
	volt_value_clear(&results[0]);
	EXPECT(results[0].text.length == 0 && !results[0].text.bytes);
	argument = volt_string(NULL, 0);
	good(volt_vm_call(vm, "greet", &argument, 1, results, 2));
	EXPECT(holds(&results[0], "hello, "));
	volt_value_clear(&results[0]);
	argument = volt_bytes("a\0b\xff", 4);
	results[0] = volt_value_of(VOLT_VALUE_BYTES);
	results[1] = volt_value_of(VOLT_VALUE_UINT);
	good(volt_vm_call(vm, "last", &argument, 1, results, 2));
	EXPECT(results[0].text.length == 4 && memcmp(results[0].text.bytes, "a\0b\xff", 5) == 0);
	EXPECT(results[1].natural == 0xff);
	volt_value_clear(&results[0]);
	good(volt_vm_call(vm, "greet", (volt_value[]){volt_string("", 0)}, 1, NULL, 0));
	long_texts(vm);
	volt_vm_free(vm);
}

static void handles(void) {
	volt_vm *vm = started();
	volt_value text = volt_string("kept for long", 13), pointer = volt_value_of(VOLT_VALUE_REFERENCE);
	volt_value back = volt_value_of(VOLT_VALUE_STRING);
	good(volt_vm_call(vm, "keep", &text, 1, &pointer, 1));
	for (int i = 0; i < 3; i++) {
		good(volt_vm_call(vm, "garbage", (volt_value[]){volt_int(200000)}, 1, NULL, 0));
		good(volt_vm_call(vm, "kept", &pointer, 1, &back, 1));
		EXPECT(holds(&back, "kept for long"));
		volt_value_clear(&back);
	}
	volt_value boxed = volt_value_of(VOLT_VALUE_INTERFACE);
	good(volt_vm_call(vm, "box", (volt_value[]){volt_int(-12)}, 1, &boxed, 1));
	EXPECT(number(vm, "unbox", &boxed, 1) == -12);
	char *shown = NULL;
	good(volt_vm_describe(vm, boxed.handle, &shown));
	EXPECT(strcmp(shown, "-12") == 0);
	free(shown);
	good(volt_vm_describe(vm, NULL, &shown));
	EXPECT(strcmp(shown, "<nil>") == 0);
	free(shown);
	BAD(volt_vm_describe(vm, pointer.handle, &shown), VOLT_ERROR_ARGUMENT,
	    "the handle is that of a reference");
	volt_vm *other = started();
	BAD(volt_vm_call(other, "kept", &pointer, 1, &back, 1), VOLT_ERROR_ARGUMENT,
	    "function kept (#11), parameter 0: the handle is another VM's");
	const volt_value wrong = volt_reference(boxed.handle);
	BAD(volt_vm_call(vm, "kept", &wrong, 1, &back, 1), VOLT_ERROR_ARGUMENT,
	    "function kept (#11), parameter 0: the handle is that of an interface, and no reference");
	volt_vm_free(other);
	volt_vm_free(vm);
	other = started(); /* in the first one's memory, perhaps */
	BAD(volt_vm_call(other, "kept", &pointer, 1, &back, 1), VOLT_ERROR_ARGUMENT,
	    "function kept (#11), parameter 0: the handle is another VM's");
	volt_vm_free(other);
	volt_value_clear(&pointer);
	volt_handle_release(boxed.handle);
}

static void signatures(void) {
	volt_vm *vm = started();
	volt_value arguments[] = {volt_int(1), volt_int(2), volt_int(3)}, result = volt_value_of(VOLT_VALUE_INT);
	BAD(volt_vm_call(vm, "add", arguments, 3, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function add (#5): it has 2 parameters, and these are 3 arguments");
	BAD(volt_vm_call(vm, "add", arguments, 0, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function add (#5): it has 2 parameters, and these are 0 arguments");
	arguments[1] = volt_float(2);
	BAD(volt_vm_call(vm, "add", arguments, 2, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function add (#5), parameter 1: it is a bool or an integer, and no float64");
	BAD(volt_vm_call(vm, "half", arguments, 1, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function half (#6), parameter 0: it is a float, and no int");
	BAD(volt_vm_call(vm, "half", &arguments[1], 1, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function half (#6), result 0: it is a float, and no int");
	BAD(volt_vm_call(vm, "kept", arguments, 1, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function kept (#11), parameter 0: it is a reference, and no int");
	BAD(volt_vm_call(vm, "unbox", arguments, 1, &result, 1), VOLT_ERROR_ARGUMENT,
	    "function unbox (#13), parameter 0: it is an interface, and no int");
	volt_value results[] = {volt_value_of(VOLT_VALUE_STRING), result, result};
	arguments[0] = volt_string("x", 1);
	BAD(volt_vm_call(vm, "greet", arguments, 1, results, 1), VOLT_ERROR_ARGUMENT,
	    "function greet (#8): its results take 2 slots, and these are 1 results");
	BAD(volt_vm_call(vm, "greet", arguments, 1, results, 3), VOLT_ERROR_ARGUMENT,
	    "function greet (#8): its results take 2 slots, and these are 3 results");
	arguments[1] = volt_uint(1);
	BAD(volt_vm_call(vm, "on_island", arguments, 2, NULL, 0), VOLT_ERROR_ARGUMENT,
	    "function on_island (#15), parameter 1: it is of the kind int8, and no uint");
	arguments[1] = volt_value_of((volt_value_kind)77);
	BAD(volt_vm_call(vm, "add", (volt_value[]){volt_int(1), arguments[1]}, 2, &result, 1),
	    VOLT_ERROR_ARGUMENT, "function add (#5), parameter 1: 77 is no kind of a value");
	BAD(call(vm, "nothing"), VOLT_ERROR_ARGUMENT, "function nothing: calls.vot has none of this name");
	BAD(call(vm, "#4000"), VOLT_ERROR_ARGUMENT, "function #4000: there are #0 to #43");
	BAD(call(vm, "#-1"), VOLT_ERROR_ARGUMENT, "function #-1: there are #0 to #43");
	BAD(call(vm, NULL), VOLT_ERROR_ARGUMENT, "a function without a name is called");
	EXPECT(number(vm, "#4", NULL, 0) == 42);
	results[0] = volt_value_of(VOLT_VALUE_STRING);
	BAD(volt_vm_call(vm, "liar", NULL, 0, results, 1), VOLT_ERROR_ARGUMENT,
	    "function liar (#14), result 0: what was returned is no string");
	results[0] = volt_value_of(VOLT_VALUE_BYTES);
	BAD(volt_vm_call(vm, "liar", NULL, 0, results, 1), VOLT_ERROR_ARGUMENT,
	    "function liar (#14), result 0: what was returned is no []byte");
	volt_vm_free(vm);
}

static void order(void) {
	volt_vm *vm = new_vm();
	int status = 0;
	BAD(call(vm, "main"), VOLT_ERROR_ARGUMENT, "function main: the VM has not been started");
	BAD(volt_vm_run_fibers(vm), VOLT_ERROR_ARGUMENT, "the VM has not been started");
	volt_error *error = volt_vm_start(vm); /* host_call is missing */
	EXPECT(volt_error_get_kind(error) == VOLT_ERROR_LINK);
	volt_error_free(error);
	BAD(call(vm, "main"), VOLT_ERROR_ARGUMENT, "function main: the VM has not been started");
	good(volt_vm_register_native(vm, "host_call", call_again, NULL, VOLT_PERMIT_NOTHING));
	good(volt_vm_start(vm));
	EXPECT(sum(vm, 1, 1) == 2);
	volt_vm_free(vm);
	vm = started();
	BAD(volt_vm_start(vm), VOLT_ERROR_ARGUMENT, "the program has been run already");
	BAD(volt_vm_run(vm, &status), VOLT_ERROR_ARGUMENT, "the program has been run already");
	EXPECT(number(vm, "get_ready", NULL, 0) == 42);
	volt_vm_free(vm);
	vm = new_vm();
	good(volt_vm_register_native(vm, "host_call", call_again, NULL, VOLT_PERMIT_NOTHING));
	good(volt_vm_run(vm, &status));
	EXPECT(number(vm, "get_ready", NULL, 0) == 42);
	volt_vm_free(vm);
}

static void panics(void) {
	volt_vm *vm = started();
	for (int i = 0; i < 3; i++) {
		BAD(call(vm, "outer"), VOLT_ERROR_PANIC, "broken");
		EXPECT(strncmp(volt_vm_trace(vm), "\tinner ", 7) == 0 && strstr(volt_vm_trace(vm), "\n\touter "));
		BAD(call(vm, "#4000"), VOLT_ERROR_ARGUMENT, "function #4000: there are #0 to #43");
		EXPECT(volt_vm_trace(vm)[0] == '\0');
		EXPECT(sum(vm, 1, 1) == 2 && volt_vm_trace(vm)[0] == '\0');
	}
	EXPECT(number(vm, "safe", NULL, 0) == 0);
	/* Another fiber's ends the call that waits, and leaves its queue: what is sent goes to the next. */
	BAD(call(vm, "panic_elsewhere"), VOLT_ERROR_PANIC, "broken");
	good(volt_vm_call(vm, "start_producer", (volt_value[]){volt_int(2)}, 1, NULL, 0));
	for (int64_t i = 1; i <= 2; i++)
		EXPECT(number(vm, "receive", NULL, 0) == i);
	volt_vm_free(vm);
}

static void fibers(void) {
	volt_vm *vm = started();
	good(volt_vm_call(vm, "start_producer", (volt_value[]){volt_int(3)}, 1, NULL, 0));
	for (int64_t i = 1; i <= 2; i++)
		EXPECT(number(vm, "receive", NULL, 0) == i);
	/* The producer sleeps in its queue for ever: that is nobody's error but that of who waits for it. */
	EXPECT(sum(vm, 3, 4) == 7);
	BAD(volt_vm_run_fibers(vm), VOLT_ERROR_DEADLOCK, "deadlock: all fibers are blocked");
	EXPECT(strstr(volt_vm_trace(vm), "Blocked"));
	EXPECT(number(vm, "receive", NULL, 0) == 3);
	good(volt_vm_run_fibers(vm));
	for (int i = 0; i < 2; i++)
		BAD(call(vm, "receive"), VOLT_ERROR_DEADLOCK, "deadlock: all fibers are blocked");
	good(volt_vm_call(vm, "start_producer", (volt_value[]){volt_int(1)}, 1, NULL, 0));
	EXPECT(number(vm, "receive", NULL, 0) == 1);
	good(volt_vm_run_fibers(vm));
	good(call(vm, "start_spinner")); /* takes its turns from here on */
	EXPECT(number(vm, "fib", (volt_value[]){volt_int(15)}, 1) == 610);
	volt_vm_free(vm);
}

static void exits(void) {
	volt_vm *vm = started();
	EXPECT(volt_vm_exit_status(vm) == 0);
	BAD(volt_vm_call(vm, "exit", (volt_value[]){volt_int(3)}, 1, NULL, 0), VOLT_ERROR_EXIT,
	    "the program has exited with status 3");
	EXPECT(volt_vm_exit_status(vm) == 3);
	BAD(call(vm, "main"), VOLT_ERROR_EXIT, "the program has exited with status 3");
	volt_vm_free(vm);
}

static void natives(void) {
	volt_vm *other = started(), *vm = new_vm();
	good(volt_vm_register_native(vm, "host_call", call_again, other, VOLT_PERMIT_NOTHING));
	good(volt_vm_start(vm));
	EXPECT(number(vm, "call_host", NULL, 0) == 43);
	volt_vm_free(vm);
	volt_vm_free(other);
}

static void steps(void) {
	options.max_steps = 20000;
	volt_vm *vm = started();
	for (int i = 0; i < 3; i++) {
		BAD(volt_vm_call(vm, "spin", (volt_value[]){volt_int(0)}, 1, NULL, 0), VOLT_ERROR_LIMIT,
		    "limit of 20000 steps reached");
		EXPECT(number(vm, "fib", (volt_value[]){volt_int(15)}, 1) == 610); /* of 1973 calls */
	}
	volt_vm_free(vm);
}

/* A number of the VM's statistics, the first of this name. */
static long long statistic(const volt_vm *vm, const char *name) {
	char quoted[32];
	snprintf(quoted, sizeof quoted, "\"%s\": ", name);
	char *statistics = volt_vm_statistics(vm);
	const char *found = strstr(statistics, quoted);
	EXPECT(found);
	const long long value = strtoll(found + strlen(quoted), NULL, 10);
	free(statistics);
	return value;
}

static long long heap_bytes(const volt_vm *vm) {
	return statistic(vm, "heap_bytes");
}

/* Options of which all is 0 compile what is hot. */
static void defaults(void) {
	options = (volt_vm_options){0};
	volt_vm *vm = started();
	for (double end = now() + 60; statistic(vm, "entries") == 0 && now() < end;)
		EXPECT(number(vm, "fib", (volt_value[]){volt_int(20)}, 1) == 6765);
	EXPECT(statistic(vm, "entries") > 0);
	volt_vm_free(vm);
}

static void heap(void) {
	options.max_heap_bytes = 64 << 20;
	volt_vm *vm = started();
	for (int i = 0; i < 3; i++) {
		BAD(call(vm, "hoard"), VOLT_ERROR_MEMORY, "heap limit of 67108864 bytes reached");
		EXPECT(sum(vm, 1, 1) == 2);
		BAD(call(vm, "deeper"), VOLT_ERROR_MEMORY, "heap limit of 67108864 bytes reached");
		EXPECT(sum(vm, 1, 1) == 2 && heap_bytes(vm) <= 64 << 20);
	}
	volt_vm_free(vm);
}

/* What one VM holds is no matter of another's limit; what that holds itself is. */
static void heaps(void) {
	volt_value held[8], list = volt_value_of(VOLT_VALUE_REFERENCE);
	volt_vm *large = started();
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		held[i] = volt_value_of(VOLT_VALUE_REFERENCE);
		good(volt_vm_call(large, "chain", (volt_value[]){volt_int(500000)}, 1, &held[i], 1)); /* 40 MB */
	}
	options.max_heap_bytes = 64 << 20;
	volt_vm *limited = started();
	good(volt_vm_call(limited, "chain", (volt_value[]){volt_int(500000)}, 1, &list, 1));
	good(volt_vm_call(limited, "garbage", (volt_value[]){volt_int(3000000)}, 1, NULL, 0)); /* 240 MB */
	BAD(volt_vm_call(limited, "chain", (volt_value[]){volt_int(500000)}, 1, &held[0], 0), VOLT_ERROR_MEMORY,
	    "heap limit of 67108864 bytes reached");
	volt_value_clear(&list);
	good(volt_vm_call(limited, "chain", (volt_value[]){volt_int(500000)}, 1, &list, 1));
	EXPECT(heap_bytes(limited) > 36 << 20 && heap_bytes(limited) <= 64 << 20);
	EXPECT(heap_bytes(large) > 288 << 20 && heap_bytes(large) < 400 << 20);
	volt_value_clear(&list);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		volt_value_clear(&held[i]);
	volt_vm_free(limited);
	volt_vm_free(large);
}

/* ---- Interrupts ---- */

static volt_vm *interrupted;
static double interrupted_at;

static void on_alarm(int signal) {
	(void)signal;
	interrupted_at = now();
	// NOLINTNEXTLINE(bugprone-signal-handler,cert-msc54-cpp,cert-sig30-c): volt/call.h allows it
	volt_vm_interrupt(interrupted);
}

static void *interrupt_later(void *unused) {
	const struct timespec while_it_runs = {.tv_nsec = 30000000};
	nanosleep(&while_it_runs, NULL);
	on_alarm(0);
	return unused;
}

static double interrupted_after(const char *function, const volt_value *arguments, bool by_signal) {
	pthread_t thread;
	if (by_signal) {
		const struct itimerval once = {.it_value = {.tv_usec = 30000}};
		EXPECT(setitimer(ITIMER_REAL, &once, NULL) == 0);
	} else {
		EXPECT(pthread_create(&thread, NULL, interrupt_later, NULL) == 0);
	}
	BAD(volt_vm_call(interrupted, function, arguments, arguments ? 1 : 0, NULL, 0), VOLT_ERROR_INTERRUPTED,
	    "interrupted");
	const double latency = now() - interrupted_at;
	if (!by_signal)
		pthread_join(thread, NULL);
	EXPECT(sum(interrupted, 20, 22) == 42);
	return latency;
}

/* Other processes may have the machine for a while: the best of some attempts is what Volt takes. */
static void expect_prompt(const char *function, const volt_value *arguments, bool by_signal) {
	double best = 1;
	for (int i = 0; i < 100 && best > 0.010; i++) {
		const double latency = interrupted_after(function, arguments, by_signal);
		best = latency < best ? latency : best;
	}
	EXPECT(best <= 0.010);
}

static void interrupts(void) {
	const volt_value zero = volt_int(0);
	EXPECT(signal(SIGALRM, on_alarm) != SIG_ERR);
	interrupted = started();
	for (int i = 0; i < 2; i++) {
		expect_prompt("spin", &zero, i);
		expect_prompt("spin_calls", NULL, i);
		expect_prompt("sleep", NULL, i);
	}
	volt_vm_interrupt(interrupted); /* nothing runs: the next one ends */
	BAD(volt_vm_call(interrupted, "spin", &zero, 1, NULL, 0), VOLT_ERROR_INTERRUPTED, "interrupted");
	volt_vm_interrupt(interrupted);
	volt_vm_forget_interrupt(interrupted);
	EXPECT(sum(interrupted, 1, 2) == 3);
	volt_vm_free(interrupted);
}

/* ---- Islands, which run on between calls ---- */

static void islands(void) {
	EXPECT(signal(SIGALRM, on_alarm) != SIG_ERR);
	interrupted = started();
	good(call(interrupted, "start_server"));
	for (int64_t i = 0; i < 100; i++)
		EXPECT(number(interrupted, "ask", (volt_value[]){volt_int(i)}, 1) == 2 * i);
	BAD(call(interrupted, "listen"), VOLT_ERROR_DEADLOCK, "deadlock: all fibers are blocked");
	EXPECT(number(interrupted, "ask", (volt_value[]){volt_int(7)}, 1) == 14); /* the listener is gone */
	good(call(interrupted, "start_island_spinner"));
	expect_prompt("listen", NULL, true);
	EXPECT(number(interrupted, "ask", (volt_value[]){volt_int(8)}, 1) == 16);
	volt_vm_free(interrupted);
	volt_vm *vm = started();
	good(call(vm, "start_server"));
	good(call(vm, "start_island_spinner")); /* somebody who might answer */
	volt_error *error = volt_vm_call(vm, "start_exit", (volt_value[]){volt_int(5)}, 1, NULL, 0);
	if (!error)
		error = call(vm, "listen");
	BAD(error, VOLT_ERROR_EXIT, "the program has exited with status 5");
	EXPECT(volt_vm_exit_status(vm) == 5);
	volt_vm_free(vm);
}

static void wait_for(long milliseconds) {
	const struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
	nanosleep(&time, NULL);
}

/* False: an island has. */
static bool call_has_met_it(const volt_error *error) {
	return strstr(volt_error_message(error), " in start_island_spinner ") ||
	       strstr(volt_error_message(error), " in get_ready ");
}

/*
 * An island breaks the limit of steps, which ends them all. Each call has steps of its own, together with the
 * islands: where these were faster it is the call that meets the limit, and they go on.
 */
static void end_islands_by_limit(volt_vm *vm) {
	for (bool ended = false; !ended;) {
		volt_error *error = call(vm, "start_island_spinner");
		for (long milliseconds = 1; !error; milliseconds *= 2) {
			wait_for(milliseconds);
			error = call(vm, "get_ready");
		}
		ended = !call_has_met_it(error);
		BAD(error, VOLT_ERROR_LIMIT, "limit of 20000 steps reached");
	}
}

/* Who slept in a port when its island ended is not there any more: what is sent goes to the next. */
static void ended_islands(void) {
	options.max_steps = 20000;
	volt_vm *vm = started();
	good(call(vm, "start_server"));
	for (int64_t i = 1; i <= 3; i++) {
		EXPECT(number(vm, "ask", (volt_value[]){volt_int(i)}, 1) == 2 * i);
		end_islands_by_limit(vm);
		good(call(vm, "serve_again"));
	}
	volt_vm_free(vm);
}

static int count_threads(void) {
	DIR *folder = opendir("/proc/self/task");
	int count = 0;
	EXPECT(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* Islands that end while code is made for them, again and again, with compilers that are freed at last. */
static void compiled_islands(void) {
	volt_vm_free(started());
	const int before = count_threads();
	options.max_steps = 20000;
	options.tier_synchronous = false;
	volt_vm *vm = started();
	for (int i = 0; i < 3; i++)
		end_islands_by_limit(vm);
	volt_vm_free(vm);
	for (int i = 0; count_threads() > before && i < 100; i++) /* the system forgets them somewhat later */
		wait_for(10);
	EXPECT(count_threads() <= before);
}

/* ---- Another thread ---- */

static void *call_meanwhile(void *user) {
	const struct timespec while_it_runs = {.tv_nsec = 30000000};
	nanosleep(&while_it_runs, NULL);
	volt_error *error = call(interrupted, "main");
	*(volt_error_kind *)user = volt_error_get_kind(error);
	volt_error_free(error);
	volt_vm_interrupt(interrupted);
	return NULL;
}

/* Those of whose stacks too little is left, and those whose is large enough. */
static void *call_from_thread(void *user) {
	for (int i = 0; i < 100; i++)
		EXPECT(sum(user, i, 1) == i + 1);
	BAD(call(user, "outer"), VOLT_ERROR_PANIC, "broken");
	return NULL;
}

static void threads(void) {
	volt_error_kind kind = VOLT_ERROR_NONE;
	pthread_t thread;
	interrupted = started();
	EXPECT(pthread_create(&thread, NULL, call_meanwhile, &kind) == 0);
	BAD(call(interrupted, "sleep"), VOLT_ERROR_INTERRUPTED, "interrupted");
	pthread_join(thread, NULL);
	EXPECT(kind == VOLT_ERROR_ARGUMENT);
	for (size_t bytes = 128 << 10; bytes <= 16 << 20; bytes *= 4) {
		pthread_attr_t attributes;
		pthread_attr_init(&attributes);
		pthread_attr_setstacksize(&attributes, bytes);
		EXPECT(pthread_create(&thread, &attributes, call_from_thread, interrupted) == 0);
		pthread_attr_destroy(&attributes);
		pthread_join(thread, NULL);
	}
	volt_vm_free(interrupted);
}

/* ---- Options that are wrong ---- */

static void refused(volt_error *error, const char *beginning) {
	EXPECT(volt_error_get_kind(error) == VOLT_ERROR_ARGUMENT);
	EXPECT(strncmp(volt_error_message(error), beginning, strlen(beginning)) == 0);
	volt_error_free(error);
}

/* What is wrong is said as often as the VM is started. Set right, where the option points, it starts. */
static void start_with(char name[16], const char *right, const char *reason) {
	volt_vm *vm = new_vm();
	int status = 1;
	good(volt_vm_register_native(vm, "host_call", call_again, NULL, VOLT_PERMIT_NOTHING));
	refused(volt_vm_start(vm), reason);
	refused(volt_vm_run(vm, &status), reason);
	refused(volt_vm_start(vm), reason);
	BAD(call(vm, "get_ready"), VOLT_ERROR_ARGUMENT, "function get_ready: the VM has not been started");
	good(volt_vm_register_native(vm, "host_call", call_again, vm, VOLT_PERMIT_NOTHING));
	strcpy(name, right);
	good(volt_vm_start(vm));
	EXPECT(sum(vm, 40, 2) == 42);
	BAD(volt_vm_start(vm), VOLT_ERROR_ARGUMENT, "the program has been run already");
	volt_vm_free(vm);
}

static void wrong_options(void) {
	char preset[16] = "none-such", hints[16] = "none-such";
	options.tier_preset = preset;
	start_with(preset, "record", "there is no preset 'none-such'");
	options.tier_preset = NULL;
	options.tier_hints = hints;
	start_with(hints, "none", "there are no hints 'none-such'");
	options.tier_hints = NULL;
	if (options.tier_mode != VOLT_TIER_COMPILED)
		return;
	char library[] = "/none/such.so";
	options.tier_library = library;
	volt_vm *vm = new_vm();
	good(volt_vm_register_native(vm, "host_call", call_again, NULL, VOLT_PERMIT_NOTHING));
	for (int i = 0; i < 2; i++) {
		volt_error *error = volt_vm_start(vm);
		EXPECT(volt_error_get_kind(error) == VOLT_ERROR_TIER);
		EXPECT(strstr(volt_error_message(error), library));
		volt_error_free(error);
	}
	volt_vm_free(vm);
}

/* ---- */

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
    {"values", values},
    {"handles", handles},
    {"signatures", signatures},
    {"order", order},
    {"panics", panics},
    {"fibers", fibers},
    {"exits", exits},
    {"natives", natives},
    {"steps", steps},
    {"heap", heap},
    {"heaps", heaps},
    {"defaults", defaults},
    {"interrupts", interrupts},
    {"islands", islands},
    {"threads", threads},
    {"ended_islands", ended_islands},
    {"compiled_islands", compiled_islands},
    {"wrong_options", wrong_options},
};

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	options.testing.collect_at_every_allocation = count > 4;
	options.testing.schedule_seed = count > 4;
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(arguments[3], scenarios[i].name) == 0) {
			scenarios[i].run();
			volt_module_free(module);
			return 0;
		}
	return HOST_FAILED;
}
