/*
 * The verifier does not know what a slot holds: a module that no compiler has made can use a number as a
 * reference. Nothing can be saved then, but the process does not end without a word.
 */
#include "cli/fault.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bytecode/model/printable.h"

static printable name;

static void say(const char *text) {
	const ssize_t unused = write(STDERR_FILENO, text, strlen(text));
	(void)unused;
}

/* The action is the default one again, so the instruction that is executed once more ends the process. */
static void tell(int signal, siginfo_t *info, void *unused) {
	(void)unused;
	if (info->si_code <= 0) { /* nobody's instruction: another process has sent it */
		raise(signal);
		return;
	}
	say("volt: ");
	say(name.text);
	say(": memory that is not there was used: most likely a word of the module that is no reference\n");
}

static void watch(int signal) {
	struct sigaction action;
	if (sigaction(signal, NULL, &action) || (action.sa_flags & SA_SIGINFO) || action.sa_handler != SIG_DFL)
		return;
	action = (struct sigaction){.sa_sigaction = tell, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};
	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

void fault_watch(const char *file) {
	static char stack[64 << 10]; /* of the main thread: its own may be what is used up */
	const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
	name = volt_printable((volt_text){file, (uint32_t)strlen(file)});
	sigaltstack(&alternative, NULL);
	watch(SIGSEGV);
	watch(SIGBUS);
}
