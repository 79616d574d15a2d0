/* Where a command's result goes: standard output or the file of `-o`. */
#ifndef CLI_COMMAND_OUTPUT_H
#define CLI_COMMAND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "volt/error.h"

/* An error if the output (NULL: standard output) is the file that is read. */
volt_error *output_check_is_not(const char *path, const char *input);

/*
 * Writes all bytes to `path`, or to standard output if it is NULL or "-". Refuses to write binary to a
 * terminal. A regular file is replaced only when everything was written.
 */
volt_error *output_write(const char *path, const void *bytes, size_t size, bool binary);

/*
 * NULL if output_write() to `path` can begin: for what is written only after something long, which a name
 * that cannot be written would waste. Whether there is room on the disk only the end tells.
 */
volt_error *output_check(const char *path);

/* NULL if files can be made in the folder. */
volt_error *output_check_folder(const char *path);

/*
 * At the start of the process: makes stdout and stderr streams that wait where a file is opened in
 * non-blocking mode, and takes the numbers of standard streams that are closed. At its end what is left of
 * stdout is written, and an error reported.
 */
void output_open_streams(void);

/*
 * The program's standard output could not be written. If that is because its reader is gone, the process ends
 * as any filter does, by the signal.
 */
void output_end_without_reader(void);

/* Ends the process as exit() would, but for what other threads may be using. */
_Noreturn void output_end_process(int status);

#endif
