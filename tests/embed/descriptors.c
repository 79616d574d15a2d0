/*
 * A host that has used up its descriptors: `descriptors PROGRAM FREE`. It keeps as many for a VM, makes a few
 * VMs one after another, and says whether each could be made, then how many descriptors are lost.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host.h"

enum { DESCRIPTORS = 64, ATTEMPTS = 5 };

static int count_open(void) {
	int count = 0;
	for (int i = 0; i < DESCRIPTORS; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

static rlim_t set_limit(rlim_t most) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		exit(HOST_CANNOT);
	const rlim_t before = limit.rlim_cur;
	limit.rlim_cur = most;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		exit(HOST_CANNOT);
	return before;
}

static void leave(int wanted) {
	int last = -1, next;
	while ((next = dup(STDIN_FILENO)) >= 0)
		last = next;
	while (wanted-- > 0)
		close(last--);
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	const rlim_t usual = set_limit(DESCRIPTORS);
	leave(atoi(arguments[2]));
	const int before = count_open();
	for (int i = 0; i < ATTEMPTS; i++) {
		volt_vm *vm = NULL;
		volt_error *error = volt_vm_new(module, NULL, &vm);
		puts(error ? volt_error_message(error) : "made");
		volt_error_free(error);
		volt_vm_free(vm);
	}
	printf("lost %d\n", count_open() - before);
	volt_module_free(module);
	set_limit(usual); /* a sanitizer needs some at the end */
	return 0;
}
