/*
 * The process's standard input, output and error. The command has this file, too: what it writes by itself
 * goes the same way.
 */
#ifndef PROCESS_STANDARD_STREAMS_H
#define PROCESS_STANDARD_STREAMS_H

#include <stddef.h>

/*
 * Writes all bytes, however the file is opened: what the other side cannot take now is waited for. 0, or the
 * errno of what stopped it, after which nothing more should be written.
 */
int standard_stream_write(int file, const void *bytes, size_t length);

/*
 * Takes the numbers 0 to 2, those that are closed, with a descriptor that can neither be read nor written
 * (EBADF, as if it were closed) and that child processes do not get. No file, socket or descriptor of the
 * event loop gets such a number then: the program's output would go there, and the event loop refuses to
 * close it.
 */
void standard_streams_occupy(void);

#endif
