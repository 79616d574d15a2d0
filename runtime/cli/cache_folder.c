/* The option, the environment, the user's folder (XDG Base Directory Specification). */
#include "cli/cache_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool join(const char *folder, const char *name, char **path) {
	return asprintf(path, "%s/%s", folder, name) >= 0;
}

/* The specification: a path that is not absolute is to be ignored. */
static bool users_folder(char **path) {
	const char *caches = secure_getenv("XDG_CACHE_HOME"), *home = secure_getenv("HOME");
	*path = NULL;
	if (caches && *caches == '/')
		return join(caches, "volt", path);
	return !home || *home != '/' || join(home, ".cache/volt", path);
}

static bool named_folder(const char *name, char **path) {
	if (*name == '/')
		return (*path = strdup(name)) != NULL;
	char *here = getcwd(NULL, 0);
	const bool is_joined = here && join(here, name, path);
	free(here);
	return is_joined;
}

bool cache_folder_choose(const char *option, char **path) {
	const char *name = option ? option : secure_getenv("VOLT_CACHE");
	*path = NULL;
	if (!name || !*name)
		return users_folder(path);
	return strcmp(name, "off") == 0 || named_folder(name, path);
}
