/* Package os: this process and others by number (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "extern/os/system_errors.h"
#include "extern/registry.h"
#include "extern/support.h"
#include "object/heap.h"
#include "state/services.h"

/* () -> int, all six */
static volt_native_result get_pid(volt_native_call *call) {
	return native_return_int(call, getpid());
}
static volt_native_result get_parent_pid(volt_native_call *call) {
	return native_return_int(call, getppid());
}
static volt_native_result get_user(volt_native_call *call) {
	return native_return_int(call, getuid());
}
static volt_native_result get_effective_user(volt_native_call *call) {
	return native_return_int(call, geteuid());
}
static volt_native_result get_group(volt_native_call *call) {
	return native_return_int(call, getgid());
}
static volt_native_result get_effective_group(volt_native_call *call) {
	return native_return_int(call, getegid());
}

/* (code int) -> never */
static volt_native_result exit_program(volt_native_call *call) {
	return volt_native_exit(call, (int)native_int(call, 0));
}

/* () -> []string */
static volt_native_result get_arguments(volt_native_call *call) {
	const volt_vm_options *options = vm_options(call->vm);
	object_space *space = native_space(call);
	volt_slot *strings = heap_new_words(space, options->argument_count + 1);
	for (size_t i = 0; i < options->argument_count; i++)
		strings[i] = string_from_c(space, options->arguments[i]);
	return native_return(call, slice_from_strings(space, strings, options->argument_count));
}

/* Numbers that mean groups of processes, or all of them, are no processes. */
static int send_signal(int64_t pid, int64_t number) {
	if (pid <= 0 || pid > INT_MAX || number < 0 || number >= NSIG)
		return EINVAL;
	return kill((pid_t)pid, (int)number) != 0 ? errno : 0;
}

/* (pid int) -> error */
static volt_native_result find_process(volt_native_call *call) {
	int error = send_signal(native_int(call, 0), 0);
	/* A process of somebody else is there all the same. */
	return os_return_error(call, error == EPERM ? 0 : error);
}

/* (pid int, signal int) -> error */
static volt_native_result kill_process(volt_native_call *call) {
	return os_return_error(call, send_signal(native_int(call, 0), native_int(call, 1)));
}

static const native_row rows[] = {
    {"os_nativeExit", exit_program, VOLT_PERMIT_NOTHING, "(code int)"},
    {"os_nativeFindProcess", find_process, VOLT_PERMIT_PROCESSES, "(pid int) -> error"},
    {"os_nativeGetArgs", get_arguments, VOLT_PERMIT_NOTHING, "() -> []string"},
    {"os_nativeGetegid", get_effective_group, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeGeteuid", get_effective_user, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeGetgid", get_group, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeGetpid", get_pid, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeGetppid", get_parent_pid, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeGetuid", get_user, VOLT_PERMIT_NOTHING, "() -> int"},
    {"os_nativeKillProcess", kill_process, VOLT_PERMIT_PROCESSES, "(pid int, signal int) -> error"},
};

const native_package os_process_package = NATIVE_PACKAGE(rows);
