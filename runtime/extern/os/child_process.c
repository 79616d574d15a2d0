/* Child processes: posix_spawn, and pidfd on the event loop. */
#include "extern/os/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Texts for the host ---- */

static void free_texts(char **texts) {
	for (char **text = texts; text != NULL && *text != NULL; text++)
		free(*text);
	free(texts);
}

/*
 * An array that ends in NULL, of `first` (NULL: none) and the words; NULL with an errno for a text with a
 * zero byte.
 */
static char **copy_texts(const string_view *first, native_words words) {
	size_t before = first != NULL;
	char **texts = calloc(before + words.count + 1, sizeof *texts);
	for (size_t i = 0; texts != NULL && i < before + words.count; i++) {
		string_view text = first != NULL && i == 0 ? *first : string_get(words.words[i - before]);
		bool valid = memchr(text.bytes, '\0', text.length) == NULL;
		texts[i] = valid ? strndup(text.bytes, text.length) : NULL;
		if (texts[i] == NULL) {
			free_texts(texts);
			errno = valid ? ENOMEM : EINVAL;
			return NULL;
		}
	}
	return texts;
}

typedef struct {
	char path[PATH_MAX];
	char directory[PATH_MAX];
	char **arguments;
	char **environment; /* NULL: ours */
} child_texts;

/* Is the first argument the program's name, the path or its last part? */
static bool starts_with_name(const child_options *options) {
	if (options->arguments.count == 0)
		return false;
	string_view path = options->path;
	string_view name = string_get(options->arguments.words[0]);
	if (name.length == 0 || name.length > path.length)
		return false;
	size_t before = path.length - name.length;
	return memcmp(path.bytes + before, name.bytes, name.length) == 0 &&
	       (before == 0 || path.bytes[before - 1] == '/');
}

static int make_texts(const child_options *options, child_texts *texts) {
	int error = native_text_copy(options->path, texts->path, sizeof texts->path);
	error =
	    error == 0 ? native_text_copy(options->directory, texts->directory, sizeof texts->directory) : error;
	if (error != 0)
		return error;
	texts->arguments = copy_texts(starts_with_name(options) ? NULL : &options->path, options->arguments);
	if (texts->arguments == NULL)
		return errno;
	if (options->environment.count > 0) {
		texts->environment = copy_texts(NULL, options->environment);
		return texts->environment == NULL ? errno : 0;
	}
	return 0;
}

/* ---- Starting ---- */

/*
 * The streams come from duplicates above 2, so that none is overwritten before it is used; they close
 * themselves in the child. What is missing is /dev/null, and so is a stream that this process has closed.
 */
static int duplicate_streams(const int files[3], int streams[3]) {
	for (int i = 0; i < 3; i++) {
		streams[i] = files[i] >= 0 ? fcntl(files[i], F_DUPFD_CLOEXEC, 3) : -1;
		if (streams[i] < 0 && (files[i] < 0 || errno == EBADF))
			streams[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (streams[i] >= 0 && streams[i] < 3) {
			int low = streams[i];
			streams[i] = fcntl(low, F_DUPFD_CLOEXEC, 3);
			close(low);
		}
		if (streams[i] < 0)
			return errno;
	}
	return 0;
}

/* The child starts as from a shell: no signal blocked, SIGPIPE as usual. */
static void set_signals(posix_spawnattr_t *attributes) {
	sigset_t set;
	sigemptyset(&set);
	posix_spawnattr_setsigmask(attributes, &set);
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(attributes, &set);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(const child_texts *texts, const int streams[3], pid_t *pid) {
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	set_signals(&attributes);
	int error = 0;
	for (int i = 0; error == 0 && i < 3; i++)
		error = posix_spawn_file_actions_adddup2(&actions, streams[i], i);
	if (error == 0 && texts->directory[0] != '\0')
		error = posix_spawn_file_actions_addchdir_np(&actions, texts->directory);
	if (error == 0) {
		error = posix_spawnp(pid, texts->path, &actions, &attributes, texts->arguments,
		                     texts->environment != NULL ? texts->environment : environ);
	}
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

int child_start(const child_options *options, pid_t *pid) {
	child_texts *texts = calloc(1, sizeof *texts);
	if (texts == NULL)
		return ENOMEM;
	int streams[3] = {-1, -1, -1};
	int error = make_texts(options, texts);
	error = error == 0 ? duplicate_streams(options->files, streams) : error;
	error = error == 0 ? spawn(texts, streams, pid) : error;
	for (int i = 0; i < 3; i++)
		if (streams[i] >= 0)
			close(streams[i]);
	free_texts(texts->arguments);
	free_texts(texts->environment);
	free(texts);
	return error;
}

/* ---- Waiting ---- */

/* 0 and *ended, or an errno. */
static int try_wait(pid_t pid, int options, int *status, bool *ended) {
	pid_t waited;
	do {
		waited = waitpid(pid, status, options);
	} while (waited < 0 && errno == EINTR);
	*ended = waited == pid;
	return waited < 0 ? errno : 0;
}

volt_native_result child_wait(volt_native_call *call, operation *self, int64_t pid, int *status, int *error) {
	bool ended = false;
	*error = pid <= 0 || pid > INT_MAX ? ECHILD : try_wait((pid_t)pid, WNOHANG, status, &ended);
	if (*error != 0 || ended)
		return VOLT_NATIVE_OK;
	int file = pidfd_open((pid_t)pid, 0);
	if (file < 0) {
		/* A host without these descriptors: wait as the original does, with everybody else. */
		*error = try_wait((pid_t)pid, 0, status, &ended);
		return VOLT_NATIVE_OK;
	}
	self = self != NULL ? self : operation_new();
	volt_native_result result = wait_ready(call, self, NULL, file, READY_TO_READ, 0, error);
	close(file);
	return result;
}
