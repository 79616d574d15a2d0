/*
 * FileInfo (NATIVES.md, "Files and processes"): name, size, mode, time of change in seconds, is
 * a directory.
 */
#ifndef EXTERN_OS_FILE_STATUS_H
#define EXTERN_OS_FILE_STATUS_H

#include <sys/stat.h>

#include "extern/support.h"

/*
 * Modes as programs see them: the nine permission bits, and above them the type, set-id and sticky bits where
 * Go's os.FileMode has them.
 */
uint32_t file_mode_from_host(mode_t mode);
mode_t file_mode_to_host(uint64_t mode);

enum { FILE_INFO_SLOTS = 5 };

/* Results (FileInfo, error); `error` is an errno. */
volt_native_result file_status_return(volt_native_call *call, string_view name, const struct stat *status,
                                      int error);

#endif
