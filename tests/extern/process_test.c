/* Packages os and os/exec: the environment, this process, others. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "outside_host.h"
#include "process/standard_streams.h"

static const char *get(const char *name) {
	return text_of(CALL("os_nativeGetenv", string(name))[0]);
}

static void set(const char *name, const char *value) {
	ASSERT_NO_ERROR(CALL("os_nativeSetenv", string(name), string(value)));
}

/* ---- Environment ---- */

START_TEST(variables) {
	ck_assert_str_eq(get("VOLT_NONE"), "");
	set("VOLT_A", "one");
	ck_assert_str_eq(get("VOLT_A"), "one");
	set("VOLT_A", "");
	const volt_slot *found = CALL("os_nativeLookupEnv", string("VOLT_A"));
	ck_assert_str_eq(text_of(found[0]), "");
	ck_assert_uint_eq(found[1], 1);
	ASSERT_NO_ERROR(CALL("os_nativeUnsetenv", string("VOLT_A")));
	ck_assert_uint_eq(CALL("os_nativeLookupEnv", string("VOLT_A"))[1], 0);
	ASSERT_ERROR(CALL("os_nativeSetenv", string(""), string("x")), "invalid argument");
	ASSERT_ERROR(CALL("os_nativeSetenv", string("A=B"), string("x")), "invalid argument");
	ASSERT_ERROR(CALL("os_nativeSetenv", string("A"), slice_from_bytes(vm_object_space(NULL), "a\0b", 3)),
	             "invalid argument");
	ck_assert_str_eq(get("VOLT_A=x"), "");
}
END_TEST

START_TEST(whole_environment) {
	CALL0("os_nativeClearenv");
	ck_assert_uint_eq(slice_length(CALL0("os_nativeEnviron")[0]), 0);
	set("A", "1");
	set("B", "2=3");
	volt_slot slice = CALL0("os_nativeEnviron")[0];
	ck_assert_uint_eq(slice_length(slice), 2);
	const volt_slot *entries = (const volt_slot *)(void *)slice_data(slice);
	ck_assert_str_eq(text_of(entries[0]), "A=1");
	ck_assert_str_eq(text_of(entries[1]), "B=2=3");
}
END_TEST

static const char *expand(const char *text) {
	return text_of(CALL("os_nativeExpandEnv", string(text))[0]);
}

/*
 * Textual, variable after variable: a value may bring in what a later variable replaces, but not an
 * earlier one.
 */
START_TEST(expansion) {
	CALL0("os_nativeClearenv");
	ck_assert_str_eq(expand("$A {{A}}"), "$A {{A}}");
	set("A", "x$B");
	set("B", "y$A");
	ck_assert_str_eq(expand(""), "");
	ck_assert_str_eq(expand("{{A}}-$A-$AB-${A}"), "xy$A-xy$A-xy$AB-${A}");
	ck_assert_str_eq(expand("$B{{B}}"), "y$Ay$A");
}
END_TEST

START_TEST(directories_of_the_user) {
	CALL0("os_nativeClearenv");
	ASSERT_ERROR(CALL0("os_nativeUserHomeDir") + 1, "$HOME is not defined");
	ASSERT_ERROR(CALL0("os_nativeUserCacheDir") + 1, "neither $XDG_CACHE_HOME nor $HOME are defined");
	ck_assert_str_eq(text_of(CALL0("os_nativeTempDir")[0]), "/tmp");
	set("HOME", "/home/u");
	set("TMPDIR", "/t");
	ck_assert_str_eq(text_of(CALL0("os_nativeUserHomeDir")[0]), "/home/u");
	ck_assert_str_eq(text_of(CALL0("os_nativeUserCacheDir")[0]), "/home/u/.cache");
	ck_assert_str_eq(text_of(CALL0("os_nativeUserConfigDir")[0]), "/home/u/.config");
	ck_assert_str_eq(text_of(CALL0("os_nativeTempDir")[0]), "/t");
	set("XDG_CONFIG_HOME", "/c");
	ck_assert_str_eq(text_of(CALL0("os_nativeUserConfigDir")[0]), "/c");
}
END_TEST

/* ---- This process ---- */

START_TEST(numbers) {
	ck_assert_int_eq(CALL0("os_nativeGetpid")[0], getpid());
	ck_assert_int_eq(CALL0("os_nativeGetppid")[0], getppid());
	ck_assert_int_eq(CALL0("os_nativeGetuid")[0], getuid());
	ck_assert_int_eq(CALL0("os_nativeGeteuid")[0], geteuid());
	ck_assert_int_eq(CALL0("os_nativeGetgid")[0], getgid());
	ck_assert_int_eq(CALL0("os_nativeGetegid")[0], getegid());
}
END_TEST

START_TEST(this_program) {
	char name[256] = "";
	gethostname(name, sizeof name - 1);
	ck_assert_str_eq(text_of(CALL0("os_nativeHostname")[0]), name);
	const volt_slot *path = CALL0("os_nativeExecutable");
	ASSERT_NO_ERROR(path + 1);
	ck_assert_ptr_nonnull(strstr(text_of(path[0]), "extern_process_test"));
	ck_assert_uint_eq(slice_length(CALL0("os_nativeGetArgs")[0]), 0);
}
END_TEST

START_TEST(exit_status) {
	outside_call made;
	BEGIN(&made, "os_nativeExit", 7);
	ck_assert_int_eq(made.ended, VOLT_NATIVE_EXIT);
	ck_assert_int_eq(outside_exit_status(), 7);
}
END_TEST

/* ---- Other processes ---- */

static int64_t start_shell(const char *script, volt_slot out) {
	const volt_slot *result = CALL("os_exec_startProcess", string("/bin/sh"), STRINGS("sh", "-c", script), 0,
	                               0, (volt_slot)-1, out, (volt_slot)-1);
	ASSERT_NO_ERROR(result + 1);
	ck_assert_int_gt((int64_t)result[0], 0);
	return (int64_t)result[0];
}

static void assert_state(const volt_slot *result, int64_t pid, int64_t code, int signal) {
	ASSERT_NO_ERROR(result + 1);
	const volt_slot *state = volt_slot_pointer(result[0]);
	ck_assert_int_eq(state[0], pid);
	ck_assert_int_eq((int64_t)state[1], code);
	ck_assert_uint_eq(state[2], signal == 0);
	ck_assert_uint_eq(state[3], signal == 0 && code == 0);
	ck_assert_uint_eq(state[4], (volt_slot)signal);
}

START_TEST(waiting_for_a_process) {
	int64_t pid = start_shell("exit 3", (volt_slot)-1);
	assert_state(CALL("os_exec_waitProcess", (volt_slot)pid), pid, 3, 0);
	ASSERT_ERROR(CALL("os_exec_waitProcess", (volt_slot)pid) + 1, "No child processes (os error 10)");
	ASSERT_ERROR(CALL("os_exec_waitProcess", (volt_slot)-1) + 1, "No child processes (os error 10)");
	pid = start_shell("exit 0", (volt_slot)-1);
	assert_state(CALL("os_exec_waitProcess", (volt_slot)pid), pid, 0, 0);
}
END_TEST

START_TEST(killing_a_process) {
	int64_t pid = start_shell("exec sleep 60", (volt_slot)-1);
	outside_call waiting;
	BEGIN(&waiting, "os_exec_waitProcess", (volt_slot)pid);
	ck_assert(outside_still_waits(&waiting));
	ASSERT_NO_ERROR(CALL("os_nativeFindProcess", (volt_slot)pid));
	ASSERT_NO_ERROR(CALL("os_nativeKillProcess", (volt_slot)pid, SIGKILL));
	outside_finish(&waiting);
	assert_state(waiting.results, pid, -1, SIGKILL);
	ASSERT_ERROR(CALL("os_nativeFindProcess", (volt_slot)pid), "No such process (os error 3)");
	ASSERT_ERROR(CALL("os_nativeKillProcess", 0, SIGTERM), "invalid argument");
	ASSERT_ERROR(CALL("os_nativeKillProcess", (volt_slot)-1, SIGTERM), "invalid argument");
	ASSERT_ERROR(CALL("os_nativeKillProcess", (volt_slot)pid, 1000), "invalid argument");
}
END_TEST

START_TEST(output_into_a_pipe) {
	volt_slot ends[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	int64_t pid = start_shell("echo from the child", ends[1]);
	ASSERT_NO_ERROR(CALL("os_fileClose", ends[1]));
	volt_slot target = zero_bytes(100);
	const volt_slot *read = CALL("os_blocking_fileRead", ends[0], target);
	ck_assert_int_eq(read[0], 15);
	ck_assert_mem_eq(slice_data(target), "from the child\n", 15);
	ASSERT_ERROR(CALL("os_blocking_fileRead", ends[0], target) + 1, "EOF");
	CALL("os_exec_waitProcess", (volt_slot)pid);
	ASSERT_NO_ERROR(CALL("os_fileClose", ends[0]));
}
END_TEST

/* ---- Streams that nobody redirected ---- */

/* Puts a pipe in place of a stream of this process; what was written to it comes back at the end. */
typedef struct {
	int stream, saved, reader;
} replaced_stream;

static replaced_stream replace_stream(int stream) {
	int ends[2];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	replaced_stream replaced = {stream, fcntl(stream, F_DUPFD_CLOEXEC, 10), ends[0]};
	ck_assert_int_ge(replaced.saved, 0);
	ck_assert_int_eq(dup2(ends[1], stream), stream);
	close(ends[1]);
	return replaced;
}

static const char *restore_stream(const replaced_stream *replaced) {
	static char text[256];
	ck_assert_int_eq(dup2(replaced->saved, replaced->stream), replaced->stream);
	close(replaced->saved);
	size_t length = 0;
	for (ssize_t count = 1; count > 0; length += (size_t)count) {
		count = read(replaced->reader, text + length, sizeof text - 1 - length);
		ck_assert_int_ge(count, 0);
	}
	close(replaced->reader);
	text[length] = '\0';
	return text;
}

/* What a child with these three descriptors writes to our standard output and error. */
static void expect_streams(int64_t in, int64_t out, int64_t error, const char *on_output,
                           const char *on_error) {
	fflush(NULL);
	replaced_stream output = replace_stream(STDOUT_FILENO);
	replaced_stream errors = replace_stream(STDERR_FILENO);
	const volt_slot *result = CALL("os_exec_startProcess", string("/bin/sh"),
	                               STRINGS("sh", "-c", "read line; echo out $line; echo err $line >&2"), 0, 0,
	                               (volt_slot)in, (volt_slot)out, (volt_slot)error);
	int64_t pid = (int64_t)result[0];
	if (pid > 0)
		CALL("os_exec_waitProcess", (volt_slot)pid);
	char written[256];
	snprintf(written, sizeof written, "%s", restore_stream(&errors));
	ck_assert_str_eq(restore_stream(&output), on_output);
	ck_assert_str_eq(written, on_error);
	ck_assert_int_gt(pid, 0);
}

/* The standard input of this process is a file with one line for each child. */
static void set_input(void) {
	static const char lines[] = "1\n2\n3\n4\n";
	char name[] = "/tmp/volt-lines-XXXXXX";
	int file = mkstemp(name);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(unlink(name), 0);
	ck_assert_int_eq(pwrite(file, lines, sizeof lines - 1, 0), sizeof lines - 1);
	ck_assert_int_eq(dup2(file, STDIN_FILENO), STDIN_FILENO);
	close(file);
}

START_TEST(streams_are_inherited) {
	outside_use_process_streams();
	set_input();
	expect_streams(-1, -1, -1, "out 1\n", "err 1\n");
	ck_assert_uint_eq(outside_flushes(), 1);
	expect_streams(0, 1, 2, "out 2\n", "err 2\n");
	expect_streams(-1, 2, 1, "err 3\n", "out 3\n");
	expect_streams(-1, -1, 1, "out 4\nerr 4\n", "");
	expect_streams(-1, 999999, -1, "", "err\n"); /* no such descriptor */
	close(STDIN_FILENO);
	standard_streams_occupy();
	expect_streams(-1, -1, -1, "out\n", "err\n");
}
END_TEST

/* The program's output belongs to the host then, and the process's streams are not the program's. */
START_TEST(children_of_a_program_whose_output_is_taken) {
	set_input();
	expect_streams(-1, -1, -1, "", "");
	expect_streams(0, 1, 2, "", "");
	volt_slot ends[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	expect_streams(-1, (int64_t)ends[1], -1, "", "");
	ASSERT_NO_ERROR(CALL("os_fileClose", ends[1]));
	volt_slot target = zero_bytes(100);
	ck_assert_int_eq(CALL("os_blocking_fileRead", ends[0], target)[0], 6);
	ck_assert_mem_eq(slice_data(target), "out 3\n", 6);
	ASSERT_NO_ERROR(CALL("os_fileClose", ends[0]));
}
END_TEST

/* ---- Captured output ---- */

#define CAPTURE(combined, environment, directory, script) \
	CALL("os_exec_runCaptureOutput", string("sh"), STRINGS("sh", "-c", script), string(directory), \
	     environment, combined)

START_TEST(capturing_output) {
	const volt_slot *result = CAPTURE(0, 0, "", "echo out; echo err >&2");
	ASSERT_NO_ERROR(result + 1);
	ck_assert_str_eq(text_of(result[0]), "out\n");
	result = CAPTURE(1, 0, "", "echo out; echo err >&2");
	ck_assert_str_eq(text_of(result[0]), "out\nerr\n");
	result = CAPTURE(0, 0, "", "echo before; exit 4");
	ck_assert_str_eq(text_of(result[0]), "before\n");
	ASSERT_ERROR(result + 1, "exit status 4");
	result = CAPTURE(0, 0, "", "kill -9 $$");
	ASSERT_ERROR(result + 1, "signal: Killed");
	result = CAPTURE(0, 0, "/", "pwd; cat");
	ck_assert_str_eq(text_of(result[0]), "/\n");
	result = CAPTURE(0, STRINGS("ONLY=this"), "", "echo $ONLY$HOME");
	ck_assert_str_eq(text_of(result[0]), "this\n");
	result = CAPTURE(0, 0, "", "exec 1>&-; sleep 0.05; exit 2");
	ASSERT_ERROR(result + 1, "exit status 2");
}
END_TEST

/* The name in front of the arguments may be missing, as for Rust's Command. */
START_TEST(arguments_without_the_name) {
	const struct {
		const char *path;
		volt_slot arguments;
		const char *output;
	} cases[] = {
	    {"/bin/echo", STRINGS("echo", "a"), "a\n"},
	    {"/bin/echo", STRINGS("/bin/echo", "a"), "a\n"},
	    {"echo", STRINGS("echo", "a"), "a\n"},
	    {"echo", STRINGS("a", "b"), "a b\n"},
	    {"/bin/echo", STRINGS("cho"), "cho\n"},
	    {"/bin/echo", STRINGS(""), "\n"},
	    {"/bin/echo", 0, "\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const volt_slot *result =
		    CALL("os_exec_runCaptureOutput", string(cases[i].path), cases[i].arguments, 0, 0, 0);
		ASSERT_NO_ERROR(result + 1);
		ck_assert_str_eq(text_of(result[0]), cases[i].output);
	}
}
END_TEST

START_TEST(capturing_much) {
	const volt_slot *result = CAPTURE(0, 0, "", "head -c 1000000 /dev/zero");
	ASSERT_NO_ERROR(result + 1);
	ck_assert_uint_eq(slice_length(result[0]), 1000000);
}
END_TEST

START_TEST(programs_that_do_not_exist) {
#ifdef VOLT_TEST_EMULATED
	puts("skipped: programs_that_do_not_exist: the emulator's vfork shares no memory, so spawning never "
	     "fails");
	return;
#endif
	const volt_slot *result = CALL("os_exec_runCaptureOutput", string("/none"), 0, 0, 0, 0);
	ASSERT_ERROR(result + 1, "file does not exist");
	result = CALL("os_exec_startProcess", string("volt-no-such-program"), 0, 0, 0, 0, 1, 2);
	ck_assert_int_eq((int64_t)result[0], -1);
	ASSERT_ERROR(result + 1, "file does not exist");
	result = CALL("os_exec_startProcess", string("/bin/sh"), 0, string("/none"), 0, 0, 1, 2);
	ASSERT_ERROR(result + 1, "file does not exist");
	result = CALL("os_exec_startProcess", string(""), 0, 0, 0, 0, 1, 2);
	ASSERT_ERROR(result + 1, "file does not exist");
}
END_TEST

START_TEST(refused_without_permission) {
	outside_call made;
	outside_allow(VOLT_PERMIT_ALL & ~(unsigned)VOLT_PERMIT_PROCESSES);
	BEGIN(&made, "os_exec_runCaptureOutput", string("/bin/true"), 0, 0, 0, 0);
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(outside_panic(),
	                 "os_exec_runCaptureOutput: access to processes is not allowed (--allow=process)");
}
END_TEST

OUTSIDE_MAIN("process", variables, whole_environment, expansion, directories_of_the_user, numbers,
             this_program, exit_status, waiting_for_a_process, killing_a_process, output_into_a_pipe,
             streams_are_inherited, children_of_a_program_whose_output_is_taken, capturing_output,
             arguments_without_the_name, capturing_much, programs_that_do_not_exist,
             refused_without_permission)
