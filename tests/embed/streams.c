/*
 * A host that leaves the program's streams to the VM. `streams PROGRAM TIER REPORT CLOSED`: closes the
 * descriptors named in CLOSED ("02", "-" for none), before the VM is made or, with a '+' in it, between
 * making and running, and is interrupted by a timer all the time. How the run ended goes to descriptor
 * REPORT.
 */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "host.h"

static void ignore(int number) {
	(void)number;
}

/* Without SA_RESTART: system calls that wait end with EINTR. */
static void interrupt_often(void) {
	const struct sigaction action = {.sa_handler = ignore};
	const struct itimerval often = {{0, 2000}, {0, 2000}};
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void close_listed(const char *list) {
	for (; *list; list++)
		if (*list >= '0' && *list <= '2')
			close(*list - '0');
}

static int run(const char *const *arguments, FILE *report) {
	volt_module *module = host_read(arguments[1]);
	const volt_vm_options options = host_options(arguments[2]);
	const bool later = strchr(arguments[4], '+') != NULL;
	volt_vm *vm = NULL;
	int status = 0;
	if (!later)
		close_listed(arguments[4]);
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (later)
		close_listed(arguments[4]);
	if (!error)
		error = volt_vm_run(vm, &status);
	status = host_report(report, error, status);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}

int main(int count, char **arguments) {
	if (count < 5)
		return HOST_FAILED;
	FILE *report = fdopen(atoi(arguments[3]), "w");
	if (!report)
		return HOST_FAILED;
	interrupt_often();
	const int status = run((const char *const *)arguments, report);
	fclose(report);
	return status;
}
