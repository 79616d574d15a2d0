/* The stand-in for the VM: volt/native.h over one object space and one event loop. */
#include "outside_host.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "../object/fixture.h"
#include "extern/os/descriptors.h"
#include "state/services.h"

struct volt_vm {
	native_table *table;
	uv_loop_t loop;
	volt_vm_options options;
	unsigned permissions;
	volt_wait *begun;
	buffer output[3];
	char *panic;
	int exit_status;
	unsigned flushes;
	buffer texts; /* pointers to free at the end of a test */
	char *directory;
	size_t process_files;
};

struct volt_wait {
	void *data;
	void (*free_data)(void *data);
	bool complete;
};

static volt_vm vm;

object_space *vm_object_space(volt_vm *of) {
	(void)of;
	return space;
}
struct uv_loop_s *vm_event_loop(volt_vm *of) {
	return &of->loop;
}
const volt_vm_options *vm_options(const volt_vm *of) {
	return &of->options;
}

void vm_flush(volt_vm *of) {
	of->flushes++;
}

bool vm_count_steps(volt_vm *of, uint64_t steps) {
	(void)of;
	(void)steps;
	return true;
}

void outside_use_process_streams(void) {
	vm.options.output = NULL;
}
unsigned outside_flushes(void) {
	return vm.flushes;
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
	char message[128];
	volt_trap_format(trap, message, sizeof message);
	return volt_native_panic(call, "%s", message);
}

volt_native_result volt_native_exit(volt_native_call *call, int status) {
	call->vm->exit_status = status;
	return VOLT_NATIVE_EXIT;
}

volt_wait *volt_native_begin_wait(volt_native_call *call, void *data, void (*free_data)(void *)) {
	volt_wait *wait = calloc(1, sizeof *wait);
	*wait = (volt_wait){data, free_data, false};
	call->vm->begun = wait;
	return wait;
}

void volt_wait_complete(volt_wait *wait) {
	ck_assert(!wait->complete);
	wait->complete = true;
}

void *volt_wait_data(const volt_wait *wait) {
	return wait->data;
}

volt_native_result volt_native_call_closure(volt_native_call *call, volt_slot closure,
                                            const volt_slot *arguments, uint32_t count) {
	(void)call;
	(void)closure;
	(void)arguments;
	(void)count;
	return VOLT_NATIVE_CALL_CLOSURE;
}

volt_slot volt_native_new_string(volt_native_call *call, const void *data, size_t length) {
	(void)call;
	return string_new(space, data, length);
}

static void write_output(void *user, int stream, const void *data, size_t length) {
	volt_vm *of = user;
	buffer_append(&of->output[stream], data, length);
}

void volt_native_write(volt_native_call *call, const void *data, size_t length) {
	write_output(call->vm, 1, data, length);
}

const char *outside_output(int stream) {
	return vm.output[stream].bytes != NULL ? vm.output[stream].bytes : "";
}
const char *outside_panic(void) {
	return vm.panic != NULL ? vm.panic : "";
}
int outside_exit_status(void) {
	return vm.exit_status;
}
void outside_allow(unsigned permissions) {
	vm.permissions = permissions;
}

/* ---- Calls ---- */

static native_binding bind_native(const char *name) {
	volt_native_import import = {.name = {name, (uint32_t)strlen(name)}, .result_slots = OUTSIDE_SLOTS};
	volt_module module = {.natives = {&import, 1}};
	native_binding *bindings = NULL;
	volt_error *error = native_table_bind(vm.table, &module, vm.permissions, &bindings);
	ck_assert_msg(error == NULL, "%s", error != NULL ? volt_error_message(error) : "");
	native_binding binding = bindings[0];
	free(bindings);
	return binding;
}

static void end_wait(volt_wait *wait) {
	if (wait != NULL) {
		wait->free_data(wait->data);
		free(wait);
	}
}

static void execute(outside_call *made) {
	volt_wait *finished = made->call.wait;
	vm.begun = NULL;
	made->ended = made->binding.function(&made->call);
	made->call.wait = NULL;
	end_wait(finished);
	ck_assert_int_eq(made->ended == VOLT_NATIVE_WAIT, vm.begun != NULL);
	made->call.wait = vm.begun;
}

void outside_begin(outside_call *made, const char *name, const volt_slot *arguments, size_t count) {
	memset(made, 0, sizeof *made);
	made->binding = bind_native(name);
	if (count > 0)
		memcpy(made->arguments, arguments, count * sizeof *arguments);
	made->call = (volt_native_call){
	    .vm = &vm,
	    .user = made->binding.user,
	    .arguments = made->arguments,
	    .results = made->results,
	    .argument_count = (uint32_t)count,
	    .result_count = OUTSIDE_SLOTS,
	};
	execute(made);
}

bool outside_still_waits(outside_call *made) {
	for (int i = 0; i < 10 && made->ended == VOLT_NATIVE_WAIT; i++) {
		uv_run(&vm.loop, UV_RUN_NOWAIT);
		if (made->call.wait->complete)
			execute(made);
		else
			usleep(1000);
	}
	return made->ended == VOLT_NATIVE_WAIT;
}

void outside_finish(outside_call *made) {
	time_t start = time(NULL);
	while (outside_still_waits(made))
		ck_assert_msg(time(NULL) - start < 20, "%s still waits", made->binding.name);
}

void outside_abandon(outside_call *made) {
	end_wait(made->call.wait);
	made->call.wait = NULL;
	made->ended = VOLT_NATIVE_OK;
}

const volt_slot *outside_call_native(const char *name, const volt_slot *arguments, size_t count) {
	static outside_call made;
	outside_begin(&made, name, arguments, count);
	outside_finish(&made);
	return made.results;
}

void outside_without_results(const char *name) {
	outside_call made = {.binding = bind_native(name), .call = {.vm = &vm}};
	made.call.user = made.binding.user;
	made.call.arguments = made.arguments;
	made.call.results = made.results;
	execute(&made);
	outside_finish(&made);
	descriptors_close_owned(&vm);
	for (size_t i = 0; i < OUTSIDE_SLOTS; i++)
		ck_assert_uint_eq(made.results[i], 0);
}

/* ---- Values ---- */

volt_slot string(const char *data) {
	return string_from_c(space, data);
}
volt_slot bytes(const char *data) {
	return slice_from_bytes(space, data, strlen(data));
}

volt_slot zero_bytes(size_t length) {
	volt_slot slice = 0;
	volt_trap trap =
	    slice_new(space, volt_meta_make(0, VOLT_KIND_UINT8), (int64_t)length, (int64_t)length, 1, &slice);
	ck_assert_int_eq(trap.kind, VOLT_TRAP_None);
	return slice;
}

volt_slot strings(const char *const *texts, size_t count) {
	volt_slot slots[OUTSIDE_SLOTS];
	for (size_t i = 0; i < count; i++)
		slots[i] = string(texts[i]);
	return slice_from_strings(space, slots, count);
}

static char *keep(char *data) {
	ck_assert_ptr_nonnull(data);
	buffer_append(&vm.texts, &data, sizeof data);
	return data;
}

const char *text_of(volt_slot from) {
	string_view view = string_get(from);
	return keep(strndup(view.bytes, view.length));
}

const char *error_text(const volt_slot error[2]) {
	return error[0] == 0 ? "<nil>" : text_of(((const volt_slot *)volt_slot_pointer(error[1]))[0]);
}

bool same_error(const volt_slot left[2], const volt_slot right[2]) {
	return left[0] == right[0] && left[1] == right[1];
}

/* ---- Suites ---- */

const char *path_in(const char *directory, const char *name) {
	char *path = NULL;
	ck_assert_int_ge(asprintf(&path, "%s/%s", directory, name), 0);
	return keep(path);
}

const char *temporary_directory(void) {
	if (vm.directory == NULL) {
		const char *parent = getenv("TMPDIR");
		ck_assert_int_ge(asprintf(&vm.directory, "%s/volt-XXXXXX", parent != NULL ? parent : "/tmp"), 0);
		ck_assert_ptr_nonnull(mkdtemp(vm.directory));
	}
	return vm.directory;
}

static size_t count_process_files(void) {
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;
	while (directory != NULL && readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static void start(void) {
	make_space();
	vm.table = native_table_new();
	vm.permissions = VOLT_PERMIT_ALL;
	vm.options = (volt_vm_options){.output = write_output, .output_user = &vm};
	ck_assert_int_eq(uv_loop_init(&vm.loop), 0);
	vm.process_files = count_process_files();
}

static void free_texts(void) {
	char **texts = (char **)(void *)vm.texts.bytes;
	for (size_t i = 0; i < vm.texts.length / sizeof *texts; i++)
		free(texts[i]);
	buffer_free(&vm.texts);
}

static void remove_directory(void) {
	if (vm.directory != NULL) {
		CALL("os_nativeRemoveAll", string(vm.directory));
		free(vm.directory);
	}
}

static void stop(void) {
	vm.permissions = VOLT_PERMIT_ALL;
	remove_directory();
	ck_assert_uint_eq(descriptors_open(), 0);
	uv_run(&vm.loop, UV_RUN_DEFAULT);
	/* The pool's threads may have opened the loop's own descriptors once; the loop's are still open here. */
	ck_assert_uint_le(count_process_files(), vm.process_files);
	ck_assert_int_eq(uv_loop_close(&vm.loop), 0);
	native_table_free(vm.table);
	free_texts();
	free(vm.panic);
	for (int i = 0; i < 3; i++)
		buffer_free(&vm.output[i]);
	free_space();
	vm = (volt_vm){0};
}

int outside_run(const char *suite, const TTest *const *tests, size_t count) {
	Suite *all = suite_create(suite);
	for (size_t i = 0; i < count; i++) {
		TCase *one = tcase_create(tests[i]->name);
		tcase_add_checked_fixture(one, start, stop);
		tcase_set_timeout(one, 60);
		tcase_add_test(one, tests[i]);
		suite_add_tcase(all, one);
	}
	SRunner *runner = srunner_create(all);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
