/* What the hosts of this folder share: reading a module, options by the name of a tier, saying how a run
 * ended. */
#ifndef TESTS_EMBED_HOST_H
#define TESTS_EMBED_HOST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <volt/bytecode.h>
#include <volt/native.h>
#include <volt/verify.h>
#include <volt/vm.h>

/* Exit status of a host; a program's own status and 1 for its errors come before. */
enum { HOST_FAILED = 9, HOST_CANNOT = 77 };

static inline volt_module *host_read(const char *path) {
	volt_module *module = NULL;
	volt_error *error = volt_module_read_file(path, &module);
	if (!error)
		error = volt_module_verify(module);
	if (!error)
		return module;
	fprintf(stderr, "%s\n", volt_error_message(error));
	exit(HOST_FAILED);
}

/* "interp", or "auto" or "llvm", which compile at the first call and wait for the compiler. */
static inline volt_vm_options host_options(const char *tier) {
	volt_tier_mode mode = VOLT_TIER_INTERPRETER;
	if (strcmp(tier, "interp") != 0)
		mode = strcmp(tier, "llvm") == 0 ? VOLT_TIER_COMPILED : VOLT_TIER_AUTO;
	return (volt_vm_options){
	    .tier_mode = mode, .tier_synchronous = true, .call_threshold = 1, .loop_threshold = 1};
}

/* Prints the message of a run that failed, as "kind K: MESSAGE", and frees it; the status to end with. */
static inline int host_report(FILE *out, volt_error *error, int status) {
	if (!error)
		return status;
	fprintf(out, "kind %d: %s\n", volt_error_get_kind(error), volt_error_message(error));
	volt_error_free(error);
	return 1;
}

#endif
