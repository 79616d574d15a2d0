/* Package path/filepath: links resolved (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "extern/os/native_paths.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* (path string) -> (string, error); absolute, also for a relative path */
static volt_native_result eval_symlinks(volt_native_call *call) {
	native_path path;
	native_path resolved = {""};
	int error = native_path_get(call, 0, &path);
	if (error == 0 && realpath(path.text, resolved.text) == NULL)
		error = errno;
	return os_return_text(call, resolved.text, strlen(resolved.text), error);
}

static const native_row rows[] = {
    {"path_filepath_evalSymlinks", eval_symlinks, VOLT_PERMIT_FILES, "(path string) -> (string, error)"},
};

const native_package path_filepath_package = NATIVE_PACKAGE(rows);
