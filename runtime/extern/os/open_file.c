/* Opening files with the flags of package os. */
#include "extern/os/open_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/file_status.h"

static int host_flags(int64_t flags) {
	static const int access[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR};
	int host = access[flags & 3] | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	host |= flags & OPEN_APPEND ? O_APPEND : 0;
	host |= flags & OPEN_SYNC ? O_SYNC : 0;
	host |= flags & OPEN_TRUNCATE ? O_TRUNC : 0;
	return host;
}

static int open_again(const char *path, int flags, mode_t mode) {
	int file;
	do {
		file = open(path, flags, mode);
	} while (file < 0 && errno == EINTR);
	return file;
}

/*
 * Only a creation that was this call's own changes permissions, so the exclusive form comes first. A symbolic
 * link that leads nowhere exists for it, but its target does not: the second attempt creates that.
 */
static int open_or_create(const char *path, int64_t flags, mode_t mode) {
	int file = open_again(path, host_flags(flags) | O_CREAT | O_EXCL, mode & 0777);
	if (file >= 0 && fchmod(file, mode) != 0) {
		int error = errno;
		close(file);
		errno = error;
		return -1;
	}
	if (file < 0 && errno == EEXIST && !(flags & OPEN_EXCLUSIVE))
		file = open_again(path, host_flags(flags) | O_CREAT, mode & 0777);
	return file;
}

int open_file(const char *path, int64_t flags, uint64_t mode, int *error) {
	int file = flags & OPEN_CREATE ? open_or_create(path, flags, file_mode_to_host(mode))
	                               : open_again(path, host_flags(flags), 0);
	*error = file < 0 ? errno : 0;
	return file;
}
