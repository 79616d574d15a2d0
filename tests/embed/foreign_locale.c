/*
 * A host that has set a locale of its own. `foreign_locale PROGRAM TIER LOCALE process|thread`: for the whole
 * process, or for the thread that it runs the program on. Shows what the program writes, whether the module's
 * text form is the same as without the locale and can be read under it, the statistics, and that the host
 * still has its locale, in its functions that Volt calls too.
 */
#include <locale.h>

#include "host.h"

#include <volt/vot.h>

static char *text_of(const volt_module *module) {
	char *text = NULL;
	size_t length = 0;
	volt_error *error = volt_module_disassemble(module, &text, &length);
	if (error || memchr(text, '\0', length))
		exit(host_report(stderr, error, HOST_FAILED));
	return text;
}

static void set_locale(const char *name, const char *scope) {
	locale_t made = newlocale(LC_ALL_MASK, name, (locale_t)0);
	if (made == (locale_t)0) {
		fprintf(stderr, "there is no locale %s\n", name);
		exit(HOST_CANNOT);
	}
	if (strcmp(scope, "thread") == 0) {
		uselocale(made);
	} else {
		freelocale(made);
		setlocale(LC_ALL, name);
	}
}

/* The module's text under the locale, against the one without, and read again. */
static const char *compare_text(const volt_module *module, const char *plain) {
	char *text = text_of(module);
	volt_module *again = NULL;
	const char *result = strcmp(text, plain) == 0 ? "the same" : "another";
	volt_error *error = volt_module_assemble(text, strlen(text), "again", &again);
	if (error)
		result = "not readable";
	free(text);
	if (!error) {
		text = text_of(again);
		if (strcmp(text, plain) != 0)
			result = "read as another";
		free(text);
	}
	volt_error_free(error);
	volt_module_free(again);
	return result;
}

/* Where the program's output goes: it shows at its first call which point the host's numbers have here. */
static void take_output(void *user, int stream, const void *bytes, size_t length) {
	bool *seen = user;
	(void)stream;
	if (!*seen)
		printf("in the host's function %.1f\n", 1.5);
	*seen = true;
	fwrite(bytes, 1, length, stdout);
}

static int run(const volt_module *module, const char *tier) {
	volt_vm_options options = host_options(tier);
	bool seen = false;
	options.output = take_output;
	options.output_user = &seen;
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_run(vm, &status);
	status = host_report(stdout, error, status);
	char *statistics = volt_vm_statistics(vm);
	printf("statistics %s\n", statistics);
	free(statistics);
	volt_vm_free(vm);
	return status;
}

int main(int count, char **arguments) {
	if (count < 5)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	char *plain = text_of(module);
	volt_module_free(module);
	set_locale(arguments[3], arguments[4]);
	module = host_read(arguments[1]);
	printf("text form %s\n", compare_text(module, plain));
	int status = run(module, arguments[2]);
	printf("after the run %.1f\n", 1.5);
	free(plain);
	volt_module_free(module);
	return status;
}
