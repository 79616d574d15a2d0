/*
 * The compile queue and the ticker under the thread sanitizer: requests on one thread, publication by the
 * other, and what compiled code is made of is there when its entry point is.
 */
#include <check.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_tier.h"
#include "state/give_way.h"
#include "state/vm_state.h"
#include "tier/library.h"
#include "tier/queue.h"
#include "tier/state.h"
#include "tier/ticker.h"
#include "tier/trace.h"

enum { ROUNDS = 30, STOPPED_QUEUES = 30 };

/* ---- What the queue takes from the rest of the runtime ---- */

void (*const tier_helpers[VOLT_HELPER_COUNT])(void) = {NULL};

/* Nobody listens here. */
void trace_compiled(const volt_vm *vm, uint32_t function, volt_form form, const volt_compiled *compiled) {
	(void)vm, (void)function, (void)form, (void)compiled;
}

void *memory_grow(void *items, uint32_t *capacity, uint64_t need, size_t item_size) {
	*capacity = (uint32_t)(2 * need);
	return reallocarray(items, *capacity, item_size);
}

/* ---- A VM of which only the table of functions is used ---- */

typedef struct {
	volt_module module;
	volt_vm vm;
} machine;

static machine *machine_new(const char *library) {
	machine *made = calloc(1, sizeof *made);
	made->module.functions.count = FAKE_TABLE;
	made->vm.module = &made->module;
	made->vm.functions = calloc(FAKE_TABLE, sizeof *made->vm.functions);
	made->vm.options.tier_library = library;
	return made;
}

static void machine_free(machine *old) {
	free(old->vm.functions);
	free(old);
}

static volt_compile_request request_of(uint32_t number) {
	return (volt_compile_request){
	    .function = number % FAKE_FUNCTIONS,
	    .form = number / FAKE_FUNCTIONS % VOLT_FORM_COUNT,
	    .level = number / FAKE_FUNCTIONS / VOLT_FORM_COUNT % 2 ? VOLT_LEVEL_OPTIMISED : VOLT_LEVEL_QUICK,
	};
}

enum { REQUESTS = FAKE_FUNCTIONS * VOLT_FORM_COUNT * 2 }; /* each form at each level */

static bool is_refused(uint32_t function) {
	return function % FAKE_REFUSED == FAKE_REFUSED - 1;
}

/* Calls what is published; how many forms there are. */
static unsigned call_published(machine *running) {
	unsigned published = 0;
	for (volt_slot i = 0; i < FAKE_FUNCTIONS; i++) {
		executable_function *function = &running->vm.functions[i];
		volt_slot result = 0;
		volt_compiled_function entry = atomic_load_explicit(&function->entry, memory_order_acquire);
		if (entry) {
			published++;
			ck_assert_int_eq(entry(NULL, &i, &result), VOLT_STATUS_OK);
			ck_assert_uint_eq(result, FAKE_ANSWER(i, VOLT_FORM_CALL));
			ck_assert_uint_eq(function->call_results, i + 1);
		}
		entry = atomic_load_explicit(&function->continuation, memory_order_acquire);
		if (entry) {
			published++;
			ck_assert_int_eq(entry(NULL, &i, &result), VOLT_STATUS_OK);
			ck_assert_uint_eq(result, FAKE_ANSWER(i, VOLT_FORM_RESUME));
			ck_assert_uint_eq(function->resume_results, i + 1);
			ck_assert(function->resume_points[i % 2] && !function->resume_points[i % 2 + 1]);
		}
	}
	return published;
}

START_TEST(what_is_published_is_complete) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	uint32_t posted = 0;
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < REQUESTS / 2; i++) {
			volt_compile_request request = request_of(posted++ * 37);
			compile_queue_request(queue, &request, false);
		}
		call_published(running);
		ck_assert_uint_le(compile_queue_report(queue).compiled_count, posted);
		compiled_form form = compile_queue_form(queue, (uint32_t)round, VOLT_FORM_CALL);
		ck_assert(!form.compiled.entry || form.level != 0);
	}
	volt_compile_request last = request_of(0);
	compile_queue_request(queue, &last, true);
	queue_report report = compile_queue_report(queue);
	ck_assert_str_eq(report.tier_name, "fake");
	ck_assert_ptr_null(report.failure);
	ck_assert_uint_eq(report.compiled_count + report.failed_count + report.stale_count, posted + 1);
	ck_assert_uint_eq(call_published(running),
	                  VOLT_FORM_COUNT * (FAKE_FUNCTIONS - FAKE_FUNCTIONS / FAKE_REFUSED));
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(waiting_requests_are_answered_in_turn) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	for (uint32_t i = 0; i < REQUESTS; i++) {
		volt_compile_request request = request_of(i);
		compile_queue_request(queue, &request, true);
		compiled_form form = compile_queue_form(queue, request.function, request.form);
		ck_assert_int_eq(form.level, request.level);
		ck_assert_int_eq(!form.compiled.entry, is_refused(request.function));
		if (is_refused(request.function))
			ck_assert_str_eq(form.compiled.reason, "its number says so");
	}
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

static bool is_published(const machine *running, uint32_t function) {
	return atomic_load_explicit(&running->vm.functions[function].entry, memory_order_acquire) != NULL;
}

/* Of the fake tier, which stays loaded. */
static void set_gate_named(const char *name, bool open) {
	void *library = dlopen(FAKE_TIER, RTLD_NOW | RTLD_LOCAL);
	ck_assert_ptr_nonnull(library);
	atomic_bool *gate = dlsym(library, name);
	ck_assert_ptr_nonnull(gate);
	atomic_store(gate, open);
}

static void set_gate(bool open) {
	set_gate_named(FAKE_GATE, open);
}

static void wait_a_little(void) {
	nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

/* The thread that optimises is at work, and does nothing else until the gate is opened. */
static void start_slow_request(compile_queue *queue) {
	set_gate(false);
	volt_compile_request slow = {.function = FAKE_SLOW, .level = VOLT_LEVEL_OPTIMISED};
	compile_queue_request(queue, &slow, false);
	while (!compile_queue_form(queue, FAKE_SLOW, VOLT_FORM_CALL).under_way)
		wait_a_little();
}

/* All of them are there while the slow one, which was asked for before, is still being optimised. */
START_TEST(quick_requests_do_not_wait_for_what_is_being_optimised) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	start_slow_request(queue);
	for (uint32_t i = 0; i < FAKE_REFUSED - 1; i++) {
		volt_compile_request request = {.function = i, .level = VOLT_LEVEL_QUICK};
		compile_queue_request(queue, &request, false);
	}
	while (!is_published(running, FAKE_REFUSED - 2))
		wait_a_little();
	ck_assert(!is_published(running, FAKE_SLOW));
	set_gate(true);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

/* Of a form that was compiled once. */
static uint64_t number_of_compilation(compile_queue *queue, uint32_t function, volt_form form) {
	const compiled_form found = compile_queue_form(queue, function, form);
	ck_assert_int_eq(found.level, VOLT_LEVEL_OPTIMISED);
	return found.nanoseconds;
}

static void request_all(compile_queue *queue, const volt_compile_request *requests, size_t count) {
	for (size_t i = 0; i < count; i++)
		compile_queue_request(queue, &requests[i], false);
}

/* The first of three requests is answered last: its function is entered by calls, the other one only in the
 * middle. */
START_TEST(what_goes_on_in_the_middle_waits_for_what_is_called) {
	enum { CALLED = 1, ENDLESS = 2 };
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	start_slow_request(queue);
	const volt_compile_request requests[] = {{CALLED, VOLT_FORM_RESUME, VOLT_LEVEL_OPTIMISED, NULL},
	                                         {CALLED, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL},
	                                         {ENDLESS, VOLT_FORM_RESUME, VOLT_LEVEL_OPTIMISED, NULL}};
	request_all(queue, requests, sizeof requests / sizeof *requests);
	set_gate(true);
	while (compile_queue_is_busy(queue))
		wait_a_little();
	const uint64_t last = number_of_compilation(queue, CALLED, VOLT_FORM_RESUME);
	ck_assert_uint_gt(last, number_of_compilation(queue, CALLED, VOLT_FORM_CALL));
	ck_assert_uint_gt(last, number_of_compilation(queue, ENDLESS, VOLT_FORM_RESUME));
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

/* Functions 1 and 2 are called; the program is in a loop of function 3. */
static const volt_compile_request one_is_in_a_loop[] = {{1, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL},
                                                        {2, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL},
                                                        {3, VOLT_FORM_RESUME, VOLT_LEVEL_OPTIMISED, NULL}};

static void finish_with_the_loop_first(compile_queue *queue) {
	while (compile_queue_is_busy(queue))
		wait_a_little();
	const uint64_t first = number_of_compilation(queue, 3, VOLT_FORM_RESUME);
	const uint64_t second = number_of_compilation(queue, 1, VOLT_FORM_CALL);
	ck_assert_uint_lt(first, second);
	ck_assert_uint_lt(second, number_of_compilation(queue, 2, VOLT_FORM_CALL));
	compile_queue_stop(queue);
}

START_TEST(a_loop_that_runs_comes_first) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	start_slow_request(queue);
	request_all(queue, one_is_in_a_loop, 3);
	set_gate(true);
	finish_with_the_loop_first(queue);
	machine_free(running);
}
END_TEST

/* While the tier is loaded, nothing is chosen: the thread that optimises has had time to. */
START_TEST(what_comes_first_is_chosen_when_the_tier_is_there) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	set_gate_named(FAKE_LOAD_GATE, false);
	request_all(queue, one_is_in_a_loop, 2);
	for (int i = 0; i < 200; i++)
		wait_a_little();
	request_all(queue, one_is_in_a_loop + 2, 1);
	set_gate_named(FAKE_LOAD_GATE, true);
	finish_with_the_loop_first(queue);
	machine_free(running);
}
END_TEST

/* The quick code is asked for later, and then nobody needs it. */
START_TEST(better_code_stays) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	volt_compile_request request = {.function = 1, .level = VOLT_LEVEL_OPTIMISED};
	compile_queue_request(queue, &request, true);
	request.level = VOLT_LEVEL_QUICK;
	compile_queue_request(queue, &request, true);
	ck_assert_int_eq(compile_queue_form(queue, 1, VOLT_FORM_CALL).level, VOLT_LEVEL_OPTIMISED);
	ck_assert_uint_eq(compile_queue_report(queue).compiled_count, 1);
	ck_assert_uint_eq(compile_queue_report(queue).stale_count, 1);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

/* Both requests for the one form are gone, those for others are answered, and what is under way goes on. */
START_TEST(what_is_taken_back_is_not_compiled) {
	enum { FUNCTION = 1 };
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	start_slow_request(queue);
	ck_assert(!compile_queue_take_back(queue, FAKE_SLOW, VOLT_FORM_CALL));
	volt_compile_request request = {FUNCTION, VOLT_FORM_RESUME, VOLT_LEVEL_OPTIMISED, NULL};
	compile_queue_request(queue, &request, false);
	compile_queue_request(queue, &request, false);
	request.form = VOLT_FORM_CALL;
	compile_queue_request(queue, &request, false);
	ck_assert(compile_queue_take_back(queue, FUNCTION, VOLT_FORM_RESUME));
	ck_assert(!compile_queue_take_back(queue, FUNCTION, VOLT_FORM_RESUME));
	ck_assert(!compile_queue_is_asked_for(queue, FUNCTION, VOLT_FORM_RESUME));
	set_gate(true);
	while (compile_queue_is_busy(queue))
		wait_a_little();
	ck_assert_ptr_null(compile_queue_form(queue, FUNCTION, VOLT_FORM_RESUME).compiled.entry);
	ck_assert_ptr_nonnull(compile_queue_form(queue, FUNCTION, VOLT_FORM_CALL).compiled.entry);
	ck_assert_ptr_nonnull(compile_queue_form(queue, FAKE_SLOW, VOLT_FORM_CALL).compiled.entry);
	ck_assert_uint_eq(compile_queue_report(queue).compiled_count, 2);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(a_tier_can_be_loaded_before_it_is_needed) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	compile_queue_load(queue);
	while (compile_queue_is_busy(queue))
		wait_a_little();
	ck_assert_str_eq(compile_queue_report(queue).tier_name, "fake");
	ck_assert_uint_eq(compile_queue_report(queue).compiled_count, 0);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(the_same_code_again_is_not_counted) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	ck_assert(!compile_queue_is_busy(queue));
	for (volt_level level = VOLT_LEVEL_QUICK; level <= VOLT_LEVEL_OPTIMISED; level++) {
		volt_compile_request request = {.function = FAKE_LARGE, .form = VOLT_FORM_CALL, .level = level};
		compile_queue_request(queue, &request, true);
		compiled_form form = compile_queue_form(queue, FAKE_LARGE, VOLT_FORM_CALL);
		ck_assert_int_eq(form.level, VOLT_LEVEL_QUICK);
		ck_assert_str_eq(form.compiled.reason, "it is large");
		ck_assert(!form.waiting && !form.under_way);
		ck_assert(form.latencies[VOLT_LEVEL_QUICK] && !form.latencies[VOLT_LEVEL_OPTIMISED]);
		ck_assert_uint_eq(compile_queue_report(queue).compiled_count, 1);
	}
	ck_assert(!compile_queue_is_busy(queue));
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(a_queue_can_be_stopped_at_any_time) {
	for (uint32_t number = 0; number < STOPPED_QUEUES; number++) {
		machine *running = machine_new(FAKE_TIER);
		compile_queue *queue = compile_queue_start(&running->vm);
		for (uint32_t i = 0; i < number * 10; i++) {
			volt_compile_request request = request_of(i);
			compile_queue_request(queue, &request, i % 97 == 96);
		}
		compile_queue_stop(queue);
		machine_free(running);
	}
}
END_TEST

START_TEST(after_a_failure_nothing_is_compiled) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	for (uint32_t i = 0; i < FAKE_FAILURE + 100; i++) {
		volt_compile_request request = request_of(i);
		request.level = VOLT_LEVEL_OPTIMISED; /* no better code makes one of them stale */
		compile_queue_request(queue, &request, i == FAKE_FAILURE + 99);
	}
	queue_report report = compile_queue_report(queue);
	ck_assert_str_eq(report.failure, "enough is compiled");
	ck_assert_uint_eq(report.compiled_count + report.failed_count, FAKE_FAILURE - 1);
	call_published(running);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(a_missing_tier_is_a_failure_and_no_crash) {
	machine *running = machine_new("/nonexistent/tier.so");
	compile_queue *queue = compile_queue_start(&running->vm);
	volt_compile_request request = request_of(0);
	compile_queue_request(queue, &request, true);
	queue_report report = compile_queue_report(queue);
	ck_assert_ptr_null(report.tier_name);
	ck_assert_ptr_nonnull(strstr(report.failure, "/nonexistent/tier.so"));
	ck_assert_uint_eq(call_published(running), 0);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

START_TEST(a_whole_module_gives_its_error_to_who_waits) {
	machine *running = machine_new(FAKE_TIER);
	compile_queue *queue = compile_queue_start(&running->vm);
	volt_error *error = compile_queue_request_module(queue, true);
	ck_assert_str_eq(volt_error_message(error), "only single functions");
	volt_error_free(error);
	ck_assert_ptr_null(compile_queue_report(queue).failure);
	compile_queue_stop(queue);
	machine_free(running);
}
END_TEST

/* As compiled code does: the limit is read all the time, and set again when a request was seen. */
START_TEST(the_ticker_asks_again_and_again) {
	volt_context context = {0};
	ticker *asking = ticker_start(&context, TICK_NANOSECONDS, NULL);
	for (int seen = 0; seen < 5; seen++) {
		while (!give_way_is_asked(&context))
			wait_a_little();
		give_way_forget(&context);
	}
	ticker_stop(asking);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier queue");
	TCase *cases = tcase_create("threads");
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, what_is_published_is_complete);
	tcase_add_test(cases, waiting_requests_are_answered_in_turn);
	tcase_add_test(cases, quick_requests_do_not_wait_for_what_is_being_optimised);
	tcase_add_test(cases, what_goes_on_in_the_middle_waits_for_what_is_called);
	tcase_add_test(cases, a_loop_that_runs_comes_first);
	tcase_add_test(cases, what_comes_first_is_chosen_when_the_tier_is_there);
	tcase_add_test(cases, better_code_stays);
	tcase_add_test(cases, what_is_taken_back_is_not_compiled);
	tcase_add_test(cases, a_tier_can_be_loaded_before_it_is_needed);
	tcase_add_test(cases, the_same_code_again_is_not_counted);
	tcase_add_test(cases, a_queue_can_be_stopped_at_any_time);
	tcase_add_test(cases, after_a_failure_nothing_is_compiled);
	tcase_add_test(cases, a_missing_tier_is_a_failure_and_no_crash);
	tcase_add_test(cases, a_whole_module_gives_its_error_to_who_waits);
	tcase_add_test(cases, the_ticker_asks_again_and_again);
	suite_add_tcase(suite, cases);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
