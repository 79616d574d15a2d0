/* Writing results, and what happens when nobody reads them. */
#include "cli/command_output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "process/standard_streams.h"

static volt_error *write_error(const char *name, int error) {
	return error ? volt_error_new(VOLT_ERROR_FILE, "%s: %s", name, strerror(error)) : NULL;
}

/* Devices and pipes are written in place; a regular file must not be lost when the disk is full. */
static bool is_special_file(const char *path) {
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* `name` is what messages call it. */
static volt_error *write_in_place(const char *path, const char *name, const void *bytes, size_t size) {
	FILE *stream = fopen(path, "wb");
	if (!stream)
		return write_error(name, errno);
	const bool failed = fwrite(bytes, 1, size, stream) != size || fflush(stream);
	volt_error *error = failed ? write_error(name, errno) : NULL;
	fclose(stream);
	return error;
}

static volt_error *replace_file(const char *path, const char *temporary, const void *bytes, size_t size) {
	volt_error *error = write_in_place(temporary, path, bytes, size);
	if (!error && rename(temporary, path))
		error = write_error(path, errno);
	if (error)
		unlink(temporary);
	return error;
}

static volt_error *write_file(const char *path, const void *bytes, size_t size) {
	if (is_special_file(path))
		return write_in_place(path, path, bytes, size);
	char *temporary = NULL;
	if (asprintf(&temporary, "%s.%ld.part", path, (long)getpid()) < 0)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory left", path);
	volt_error *error = replace_file(path, temporary, bytes, size);
	free(temporary);
	return error;
}

volt_error *output_check_folder(const char *path) {
	struct stat status;
	if (stat(path, &status))
		return write_error(path, errno);
	if (!S_ISDIR(status.st_mode))
		return write_error(path, ENOTDIR);
	return access(path, W_OK | X_OK) ? write_error(path, errno) : NULL;
}

/* The folder that a regular file's replacement is made in. */
static volt_error *check_folder_of(const char *path) {
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	if (!folder)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory left", path);
	volt_error *error = output_check_folder(folder);
	free(folder);
	return error;
}

volt_error *output_check(const char *path) {
	struct stat status;
	if (stat(path, &status))
		return errno == ENOENT ? check_folder_of(path) : write_error(path, errno);
	if (S_ISREG(status.st_mode))
		return check_folder_of(path);
	if (S_ISDIR(status.st_mode))
		return write_error(path, EISDIR);
	return access(path, W_OK) ? write_error(path, errno) : NULL;
}

volt_error *output_check_is_not(const char *path, const char *input) {
	struct stat output, source;
	if (!path || stat(path, &output) || stat(input, &source) || !S_ISREG(source.st_mode) ||
	    output.st_dev != source.st_dev || output.st_ino != source.st_ino)
		return NULL;
	return volt_error_new(VOLT_ERROR_ARGUMENT, "%s is the module that is read: the result would replace it",
	                      path);
}

volt_error *output_write(const char *path, const void *bytes, size_t size, bool binary) {
	if (path && strcmp(path, "-") != 0)
		return write_file(path, bytes, size);
	if (binary && isatty(STDOUT_FILENO))
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "the result is binary and standard output is a terminal: name a file with -o");
	return write_error("standard output", standard_stream_write(STDOUT_FILENO, bytes, size));
}

/* ---- The process's streams ---- */

/* SIGPIPE is ignored while a program runs. */
void output_end_without_reader(void) {
	struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
	if (poll(&output, 1, 0) != 1 || !(output.revents & POLLERR))
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

/* What the command said by itself, such as the text of --help. */
static void finish_output(void) {
	if (!fflush(stdout))
		return;
	fprintf(stderr, "volt: standard output: %s\n", strerror(errno));
	_exit(CLI_FAILED); /* exit() would try to write the rest again */
}

void output_end_process(int status) {
	finish_output();
	_exit(status);
}

/* A write function of fopencookie(); `cookie` is the address of the file's number. */
static ssize_t write_to_file(void *cookie, const char *bytes, size_t length) {
	const int error = standard_stream_write(*(const int *)cookie, bytes, length);
	errno = error ? error : errno;
	return error ? 0 : (ssize_t)length;
}

/* A stream over the file; the old one, which loses what the file does not take at once, without memory. */
static FILE *open_stream(const int *file, int buffering, FILE *old) {
	FILE *stream = fopencookie((void *)(uintptr_t)file, "w", (cookie_io_functions_t){.write = write_to_file});
	if (!stream)
		return old;
	setvbuf(stream, NULL, buffering, BUFSIZ);
	return stream;
}

void output_open_streams(void) {
	static const int files[] = {STDOUT_FILENO, STDERR_FILENO};
	standard_streams_occupy();
	stdout = open_stream(&files[0], isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, stdout);
	stderr = open_stream(&files[1], _IONBF, stderr);
	atexit(finish_output);
}
