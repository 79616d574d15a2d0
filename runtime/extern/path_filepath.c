/* Package path/filepath: links resolved (specification, "Native externs", section 11). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extern/native_paths.h"
#include "extern/registry.h"
#include "extern/system_errors.h"

/* The part of `path` below the working directory; NULL if it lies elsewhere. */
static const char *below_working_directory(const char *path) {
	native_path directory;
	if (getcwd(directory.text, sizeof directory.text) == NULL) {
		return NULL;
	}
	size_t length = strlen(directory.text);
	if (strncmp(path, directory.text, length) != 0 || (path[length] != '/' && path[length] != '\0')) {
		return NULL;
	}
	return path[length] == '\0' ? "." : path + length + 1;
}

/* (path string) -> (string, error); a relative path stays relative if it leads to a place below the working
 * directory */
static volt_native_result eval_symlinks(volt_native_call *call) {
	native_path path;
	native_path resolved;
	int error = native_path_get(call, 0, &path);
	bool relative = error == 0 && path.text[0] != '/';
	const char *from = path.text[0] == '\0' && error == 0 ? "." : path.text;
	if (error == 0 && realpath(from, resolved.text) == NULL) {
		error = errno;
	}
	const char *result = error == 0 && relative ? below_working_directory(resolved.text) : NULL;
	result = result != NULL ? result : resolved.text;
	return os_return_text(call, result, error == 0 ? strlen(result) : 0, error);
}

static const native_row rows[] = {
    {"path_filepath_evalSymlinks", eval_symlinks, VOLT_PERMIT_FILES},
};

const native_package path_filepath_package = NATIVE_PACKAGE(rows);
