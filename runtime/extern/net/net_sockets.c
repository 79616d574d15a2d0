/* What the kinds of sockets share. */
#include "extern/net/net_sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "extern/os/streams.h"
#include "extern/os/system_errors.h"
#include "extern/os/waiting.h"

/* ---- Making ---- */

int socket_open(int family, int type) {
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Small messages leave at once, as in Go. */
static void socket_set_no_delay(int file) {
	int on = 1;
	(void)setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static bool bind_and_listen(int file, const socket_address *address, int type, bool both_families) {
	int family = address->storage.ss_family;
	int on = 1;
	int only_six = !both_families;
	if (family != AF_UNIX && type == SOCK_STREAM)
		(void)setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (family == AF_INET6)
		(void)setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, sizeof only_six);
	return bind(file, (const struct sockaddr *)&address->storage, address->length) == 0 &&
	       (type != SOCK_STREAM || listen(file, SOMAXCONN) == 0);
}

int socket_listen(const socket_address *address, int type, bool both_families) {
	int file = socket_open(address->storage.ss_family, type);
	if (file >= 0 && !bind_and_listen(file, address, type, both_families)) {
		int error = errno;
		close(file);
		errno = error;
		return -1;
	}
	return file;
}

int unix_address(string_view path, socket_address *address) {
	struct sockaddr_un *local = (struct sockaddr_un *)&address->storage;
	*address = (socket_address){.length = sizeof *local};
	local->sun_family = AF_UNIX;
	if (path.length == 0 || path.length >= sizeof local->sun_path ||
	    memchr(path.bytes, '\0', path.length) != NULL)
		return EINVAL;
	memcpy(local->sun_path, path.bytes, path.length);
	return 0;
}

volt_native_result socket_return(volt_native_call *call, int file, descriptor_kind kind, int error) {
	if (file < 0)
		return net_return_int(call, -1, error);
	if (kind == DESCRIPTOR_TCP_CONNECTION)
		socket_set_no_delay(file);
	const descriptor *opened = descriptor_add(call, file, kind);
	return opened != NULL ? net_return_int(call, opened->number, 0) : net_return_int(call, -1, ENOMEM);
}

/* ---- Closing, describing ---- */

volt_native_result socket_close(volt_native_call *call, descriptor_kind kind) {
	return net_return_error(call, descriptor_close(call, native_int(call, 0), kind));
}

static volt_native_result describe(volt_native_call *call, descriptor_kind kind,
                                   int (*ask)(int, struct sockaddr *, socklen_t *)) {
	char text[ADDRESS_TEXT_BYTES] = "";
	int error = ERROR_CLOSED;
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), kind);
	if (opened != NULL) {
		socket_address address = {.length = sizeof address.storage};
		error = ask(opened->file, (struct sockaddr *)&address.storage, &address.length) != 0 ? errno : 0;
		if (error == 0)
			address_format(&address, text);
		descriptor_release(opened);
	}
	native_set_string(call, 0, text, strlen(text));
	net_set_error(call, 1, error);
	return VOLT_NATIVE_OK;
}

static int get_local(int file, struct sockaddr *address, socklen_t *length) {
	return getsockname(file, address, length);
}

static int get_remote(int file, struct sockaddr *address, socklen_t *length) {
	return getpeername(file, address, length);
}

volt_native_result socket_local(volt_native_call *call, descriptor_kind kind) {
	return describe(call, kind, get_local);
}

volt_native_result socket_remote(volt_native_call *call, descriptor_kind kind) {
	return describe(call, kind, get_remote);
}

/* ---- Deadlines ---- */

volt_native_result socket_deadline(volt_native_call *call, descriptor_kind kind, bool reads, bool writes) {
	int64_t deadline = native_int(call, 1);
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), kind);
	if (opened == NULL)
		return net_return_error(call, ERROR_CLOSED);
	if (reads)
		opened->read_deadline = deadline;
	if (writes)
		opened->write_deadline = deadline;
	/* Who waits already looks at its deadline anew. */
	descriptors_lock();
	ready_waits_wake(opened);
	descriptors_unlock();
	descriptor_release(opened);
	return net_return_error(call, 0);
}

/* ---- Streams ---- */

static bool is_transient(int error) {
	return error == EINTR || error == ECONNABORTED;
}

volt_native_result socket_accept(volt_native_call *call, descriptor_kind listener,
                                 descriptor_kind connection) {
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), listener);
	if (opened == NULL)
		return net_return_int(call, -1, ERROR_CLOSED);
	int file;
	do {
		file = accept4(opened->file, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	} while (file < 0 && is_transient(errno));
	int error = file < 0 ? errno : 0;
	volt_native_result result = VOLT_NATIVE_OK;
	if (error == EAGAIN) {
		operation *self = call->wait != NULL ? wait_operation(call) : operation_new();
		result = wait_ready(call, self, opened, opened->file, READY_TO_READ, 0, &error);
	}
	descriptor_release(opened);
	return result == VOLT_NATIVE_WAIT ? result : socket_return(call, file, connection, error);
}

volt_native_result socket_read(volt_native_call *call, descriptor_kind kind) {
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), kind);
	return opened != NULL ? stream_read(call, opened, native_string(call, 1), net_return_int)
	                      : net_return_int(call, 0, ERROR_CLOSED);
}

volt_native_result socket_write(volt_native_call *call, descriptor_kind kind) {
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), kind);
	return opened != NULL ? stream_write(call, opened, native_string(call, 1), net_return_int)
	                      : net_return_int(call, 0, ERROR_CLOSED);
}
