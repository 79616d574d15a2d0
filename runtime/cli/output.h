/* Where a command's result goes: standard output or the file of `-o`. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "volt/error.h"

/*
 * Writes all bytes to `path`, or to standard output if it is NULL or "-". Refuses to write binary to a
 * terminal. A regular file is replaced only when everything was written.
 */
volt_error *output_write(const char *path, const void *bytes, size_t size, bool binary);

/*
 * A volt_output_function over the process's own streams; ends the process the usual way when its reader is
 * gone.
 */
void output_stream(void *user, int stream, const void *bytes, size_t length);

/*
 * Line buffering, and write errors instead of the signal for a closed pipe. Before the first
 * output_stream().
 */
void output_prepare_streams(void);

/* Writes what is buffered. */
void output_finish_streams(void);

#endif
