/* dlopen and the check that both sides mean the same interface. */
#include "tier/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char library_name[] = "libvolt-llvm.so.0";

/* The library that stands in the folder of this one: a build folder needs no installation. */
static bool find_beside(char *path, size_t size) {
	Dl_info info;
	if (!dladdr((const void *)library_name, &info) || !info.dli_fname)
		return false;
	const char *slash = strrchr(info.dli_fname, '/');
	if (!slash)
		return false;
	int length = snprintf(path, size, "%.*s/%s", (int)(slash - info.dli_fname), info.dli_fname, library_name);
	return (size_t)length < size && access(path, F_OK) == 0;
}

/* Where one stands beside this library, no other is meant: if it cannot be loaded, its error is the one to
 * tell. */
static void *open_library(const char *path) {
	char beside[4096];
	if (!path)
		path = find_beside(beside, sizeof beside) ? beside : library_name;
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

volt_error *tier_library_open(const char *path, const volt_tier_interface **interface) {
	void *library = open_library(path);
	if (!library)
		return volt_error_new(VOLT_ERROR_TIER, "the compiling tier cannot be loaded: %s", dlerror());
	volt_tier_get_interface_function get;
	*(void **)&get = dlsym(library, VOLT_TIER_SYMBOL);
	if (!get)
		return volt_error_new(VOLT_ERROR_TIER, "%s is no compiling tier: it has no symbol %s",
		                      path ? path : library_name, VOLT_TIER_SYMBOL);
	*interface = get();
	if ((*interface)->abi_version == VOLT_TIER_ABI_VERSION)
		return NULL;
	return volt_error_new(VOLT_ERROR_TIER, "%s has version %u of the tier interface, this runtime %u",
	                      path ? path : library_name, (*interface)->abi_version,
	                      (unsigned)VOLT_TIER_ABI_VERSION);
}
