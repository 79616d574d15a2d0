/* Writing all of it, and keeping the three numbers taken. */
#include "process/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

int standard_stream_write(int file, const void *bytes, size_t length) {
	const char *next = bytes;
	while (length != 0) {
		const ssize_t written = write(file, next, length);
		if (written >= 0) {
			next += written;
			length -= (size_t)written;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){.fd = file, .events = POLLOUT}, 1, -1);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

void standard_streams_occupy(void) {
	int file;
	do {
		file = open("/", O_PATH | O_CLOEXEC);
	} while (file >= 0 && file <= STDERR_FILENO);
	if (file >= 0)
		close(file);
}
