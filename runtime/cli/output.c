/* Writing results and the program's streams, and what happens when nobody reads them. */
#include "cli/output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"

/* Whoever started the command sees the same end as with any other filter: the signal, and no message. */
static _Noreturn void end_after_write_error(const char *name, int error) {
	if (error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	fprintf(stderr, "volt: %s: %s\n", name, strerror(error));
	_exit(CLI_FAILED); /* exit() would try to write the rest again */
}

static volt_error *write_stream(FILE *stream, const char *name, const void *bytes, size_t size) {
	if (fwrite(bytes, 1, size, stream) != size || fflush(stream))
		return volt_error_new(VOLT_ERROR_FILE, "%s: %s", name, strerror(errno));
	return NULL;
}

/* Devices and pipes are written in place; a regular file must not be lost when the disk is full. */
static bool is_special_file(const char *path) {
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static volt_error *write_in_place(const char *path, const void *bytes, size_t size) {
	FILE *stream = fopen(path, "wb");
	if (!stream)
		return volt_error_new(VOLT_ERROR_FILE, "%s: %s", path, strerror(errno));
	volt_error *error = write_stream(stream, path, bytes, size);
	fclose(stream);
	return error;
}

static volt_error *replace_file(const char *path, const char *temporary, const void *bytes, size_t size) {
	volt_error *error = write_in_place(temporary, bytes, size);
	if (!error && rename(temporary, path))
		error = volt_error_new(VOLT_ERROR_FILE, "%s: %s", path, strerror(errno));
	if (error)
		unlink(temporary);
	return error;
}

static volt_error *write_file(const char *path, const void *bytes, size_t size) {
	if (is_special_file(path))
		return write_in_place(path, bytes, size);
	char *temporary = NULL;
	if (asprintf(&temporary, "%s.%ld.part", path, (long)getpid()) < 0)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory left", path);
	volt_error *error = replace_file(path, temporary, bytes, size);
	free(temporary);
	return error;
}

volt_error *output_write(const char *path, const void *bytes, size_t size, bool binary) {
	if (path && strcmp(path, "-") != 0)
		return write_file(path, bytes, size);
	if (binary && isatty(STDOUT_FILENO))
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "the result is binary and standard output is a terminal: name a file with -o");
	return write_stream(stdout, "standard output", bytes, size);
}

void output_stream(void *user, int stream, const void *bytes, size_t length) {
	(void)user;
	if (stream == 2)
		fflush(stdout); /* both streams may end in the same terminal or file */
	FILE *file = stream == 2 ? stderr : stdout;
	if (fwrite(bytes, 1, length, file) != length)
		end_after_write_error(stream == 2 ? "standard error" : "standard output", errno);
}

void output_prepare_streams(void) {
	signal(SIGPIPE, SIG_IGN); /* a socket that its peer closed is an error value for the program */
	setvbuf(stdout, NULL, _IOLBF, 1 << 16);
}

void output_finish_streams(void) {
	if (fflush(stdout))
		end_after_write_error("standard output", errno);
}
