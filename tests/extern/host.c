/* The stand-in for the VM: volt/native.h over one object space, one event loop and one call at a time. */
#include "host.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "process/stack_room.h"
#include "state/services.h"

struct volt_vm {
	object_space *space;
	native_table *table;
	uv_loop_t loop;
	buffer output;
	buffer shown_output;
	char *panic;
	unsigned waits;
	uint64_t steps;
	uint64_t step_limit; /* 0: none */
};

struct volt_wait {
	void *data;
	void (*free_data)(void *data);
	bool complete;
};

static volt_vm vm;
const volt_module *host_module;
host_closure_replay host_replay;
static volt_wait current_wait;

object_space *vm_object_space(volt_vm *of) {
	return of->space;
}
struct uv_loop_s *vm_event_loop(volt_vm *of) {
	return &of->loop;
}
/* Natives that reach outside read these: no arguments, output to the process's own streams. */
void vm_flush(volt_vm *of) {
	(void)of;
}
const volt_vm_options *vm_options(const volt_vm *of) {
	static const volt_vm_options options;
	(void)of;
	return &options;
}

bool vm_count_steps(volt_vm *of, uint64_t steps) {
	of->steps += steps;
	return of->step_limit == 0 || of->steps < of->step_limit;
}

object_space *host_space(void) {
	return vm.space;
}
const char *host_panic(void) {
	return vm.panic;
}
uint64_t host_steps(void) {
	return vm.steps;
}
void host_limit_steps(uint64_t limit) {
	vm.steps = 0;
	vm.step_limit = limit;
}
unsigned host_waits(void) {
	return vm.waits;
}

const char *host_output(void) {
	buffer_free(&vm.shown_output);
	vm.shown_output = vm.output;
	vm.output = (buffer){0};
	return vm.shown_output.bytes != NULL ? vm.shown_output.bytes : "";
}

/* ---- volt/native.h ---- */

volt_native_result volt_native_panic(volt_native_call *call, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	free(call->vm->panic);
	call->vm->panic = NULL;
	ck_assert_int_ge(vasprintf(&call->vm->panic, format, arguments), 0);
	va_end(arguments);
	return VOLT_NATIVE_PANIC;
}

volt_native_result volt_native_trap(volt_native_call *call, volt_trap trap) {
	char text[128];
	volt_trap_format(trap, text, sizeof text);
	return volt_native_panic(call, "%s", text);
}

volt_native_result volt_native_exit(volt_native_call *call, int status) {
	(void)call;
	(void)status;
	return VOLT_NATIVE_EXIT;
}

volt_wait *volt_native_begin_wait(volt_native_call *call, void *data, void (*free_data)(void *)) {
	call->vm->waits++;
	current_wait = (volt_wait){data, free_data, false};
	return &current_wait;
}

void volt_wait_complete(volt_wait *wait) {
	wait->complete = true;
}
void *volt_wait_data(const volt_wait *wait) {
	return wait->data;
}

volt_native_result volt_native_call_closure(volt_native_call *call, volt_slot closure,
                                            const volt_slot *arguments, uint32_t count) {
	host_replay.closure = closure;
	host_replay.carried = call->carried;
	host_replay.argument_count = count;
	for (uint32_t i = 0; i < count && i < sizeof host_replay.arguments / sizeof(volt_slot); i++)
		host_replay.arguments[i] = arguments[i];
	return VOLT_NATIVE_CALL_CLOSURE;
}

volt_slot volt_native_new_string(volt_native_call *call, const void *bytes, size_t length) {
	return string_new(call->vm->space, bytes, length);
}

void volt_native_write(volt_native_call *call, const void *bytes, size_t length) {
	buffer_append(&call->vm->output, bytes, length);
}

/* ---- Calls ---- */

static volt_native_result execute(native_binding binding, volt_native_call *call) {
	volt_native_result ended = binding.function(call);
	while (ended == VOLT_NATIVE_WAIT) {
		while (!current_wait.complete)
			uv_run(&vm.loop, UV_RUN_ONCE);
		call->wait = &current_wait;
		ended = binding.function(call);
		if (current_wait.free_data != NULL)
			current_wait.free_data(current_wait.data);
	}
	return ended;
}

host_outcome host_call_binding(native_binding binding, uint32_t result_count, const volt_slot *arguments,
                               size_t argument_count) {
	host_outcome outcome;
	for (size_t i = 0; i < HOST_RESULTS; i++)
		outcome.results[i] = HOST_UNTOUCHED;
	volt_native_call call = {
	    .vm = &vm,
	    .user = binding.user,
	    .arguments = arguments,
	    .results = outcome.results,
	    .argument_count = (uint32_t)argument_count,
	    .result_count = result_count,
	    .closure_results = host_replay.results,
	    .closure_result_count = host_replay.result_count,
	    .closure_panicked = host_replay.panicked,
	    .carried = host_replay.result_count != 0 ? host_replay.carried : 0,
	};
	outcome.ended = execute(binding, &call);
	return outcome;
}

static native_binding bind_native(const char *name, uint32_t result_count) {
	volt_native_import import = {.name = {name, (uint32_t)strlen(name)},
	                             .result_slots = (uint16_t)result_count};
	volt_module module = {.natives = {&import, 1}};
	native_binding *bindings = NULL;
	volt_error *error = native_table_bind(vm.table, &module, VOLT_PERMIT_ALL, &bindings);
	ck_assert_msg(error == NULL, "%s", error != NULL ? volt_error_message(error) : "");
	native_binding binding = bindings[0];
	free(bindings);
	return binding;
}

host_outcome host_call(const char *name, uint32_t result_count, const volt_slot *arguments,
                       size_t argument_count) {
	return host_call_binding(bind_native(name, result_count), result_count, arguments, argument_count);
}

static volt_module empty_module;

bool host_exhausts(size_t max_heap_bytes, const char *name, const volt_slot *arguments,
                   size_t argument_count) {
	native_binding binding = bind_native(name, 1);
	object_space *const unlimited = vm.space;
	object_space_options options = {.max_heap_bytes = max_heap_bytes};
	ck_assert_ptr_null(object_space_new(&empty_module, &options, &vm.space));
	jmp_buf exhausted;
	volatile bool jumped = true;
	if (setjmp(exhausted) == 0) {
		object_space_on_exhaustion(vm.space, &exhausted);
		host_call_binding(binding, 1, arguments, argument_count);
		jumped = false;
	}
	object_space_free(vm.space);
	vm.space = unlimited;
	return jumped;
}

/* ---- Values ---- */

volt_slot host_string(const char *text) {
	return string_from_c(vm.space, text);
}
volt_slot host_bytes(const char *bytes, size_t length) {
	return slice_from_bytes(vm.space, bytes, length);
}
string_view host_view(volt_slot string) {
	return string_get(string);
}

volt_slot host_operands(const volt_slot *words, size_t count) {
	volt_slot slice = 0;
	volt_trap trap = slice_new(vm.space, volt_meta_make(0, VOLT_KIND_INTERFACE), (int64_t)count,
	                           (int64_t)count, 2 * sizeof *words, &slice);
	ck_assert_int_eq(trap.kind, VOLT_TRAP_None);
	if (count > 0)
		memcpy(slice_data(slice), words, count * 2 * sizeof *words);
	return slice;
}

void host_expect_string(const char *where, volt_slot string, const char *expected) {
	string_view text = string_get(string);
	ck_assert_msg(text.length == strlen(expected) && memcmp(text.bytes, expected, text.length) == 0,
	              "%s: got \"%.*s\" (%zu bytes), expected \"%s\"", where, (int)text.length, text.bytes,
	              text.length, expected);
}

void host_expect_strings(const char *where, volt_slot slice, const char *const *expected, size_t count) {
	ck_assert_msg(slice_length(slice) == count, "%s: got %llu pieces, expected %zu", where,
	              (unsigned long long)slice_length(slice), count);
	const volt_slot *words = (const volt_slot *)(const void *)slice_data(slice);
	for (size_t i = 0; i < count; i++)
		host_expect_string(where, words[i], expected[i]);
}

/* ---- Stacks ---- */

static bool is_collecting(void) {
	return getenv("VOLT_TEST_COLLECT") != NULL;
}

static void *run_body(void *user) {
	void (*const *body)(void) = user;
	heap_enter_thread();
	(*body)();
	heap_leave_thread();
	return NULL;
}

void host_on_promised_stack(void (*body)(void)) {
	pthread_attr_t attributes;
	pthread_t thread;
	if (is_collecting()) { /* another thread would have to be stopped each time */
		body();
		return;
	}
	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(pthread_attr_setstacksize(&attributes, NATIVE_STACK_ROOM), 0);
	ck_assert_int_eq(pthread_create(&thread, &attributes, run_body, &body), 0);
	pthread_attr_destroy(&attributes);
	pthread_join(thread, NULL);
}

/* ---- Running ---- */

static void start(void) {
	vm.table = native_table_new();
	ck_assert_ptr_nonnull(vm.table);
	object_space_options options = {.collect_at_every_allocation = is_collecting()};
	ck_assert_ptr_null(heap_start());
	heap_enter_thread();
	volt_error *error =
	    object_space_new(host_module != NULL ? host_module : &empty_module, &options, &vm.space);
	ck_assert_ptr_null(error);
	ck_assert_int_eq(uv_loop_init(&vm.loop), 0);
}

static void stop(void) {
	uv_run(&vm.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&vm.loop), 0);
	object_space_free(vm.space);
	heap_leave_thread();
	native_table_free(vm.table);
	buffer_free(&vm.output);
	buffer_free(&vm.shown_output);
	free(vm.panic);
	vm = (volt_vm){0};
}

int host_run(const char *suite, const TTest *const *tests, size_t count) {
	Suite *all = suite_create(suite);
	TCase *one_case = tcase_create(suite);
	tcase_add_checked_fixture(one_case, start, stop);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(one_case, tests[i]);
	suite_add_tcase(all, one_case);
	SRunner *runner = srunner_create(all);
	srunner_set_fork_status(runner, CK_NOFORK); /* so that the leak checker sees the end of the process */
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
