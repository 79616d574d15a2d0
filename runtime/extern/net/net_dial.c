/* Package net: dialling and listening (NATIVES.md, "Network"). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extern/net/net_sockets.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

static bool is_unix(string_view network) {
	return network.length == 4 && memcmp(network.bytes, "unix", 4) == 0;
}

static volt_native_result refuse_address(volt_native_call *call, const char *verb, const char *problem) {
	string_view network = native_string(call, 0);
	string_view address = native_string(call, 1);
	native_set_int(call, 0, -1);
	native_set_error(call, 1, "%s %.*s: address %.*s: %s", verb, (int)network.length, network.bytes,
	                 (int)address.length, address.bytes, problem);
	return VOLT_NATIVE_OK;
}

static volt_native_result refuse_lookup(volt_native_call *call, const net_lookup *lookup) {
	native_set_int(call, 0, -1);
	lookup_set_error(call, 1, lookup);
	return VOLT_NATIVE_OK;
}

/* ---- Dialling ---- */

/* Addresses are tried one after the other until one answers. */
typedef struct {
	operation base;
	int file; /* of the current attempt; -1: none */
	int type;
	int error; /* of the last attempt */
	int64_t deadline;
	unsigned next;
	unsigned count;
	socket_address addresses[LOOKUP_ADDRESSES];
} connecting;

static void release_connecting(operation *self) {
	connecting *ended = (connecting *)self;
	if (ended->file >= 0)
		close(ended->file);
	free(ended);
}

static descriptor_kind connection_kind(int type) {
	return type == SOCK_DGRAM ? DESCRIPTOR_UDP : DESCRIPTOR_TCP_CONNECTION;
}

static void drop_attempt(connecting *dial, int error) {
	if (dial->file >= 0)
		close(dial->file);
	dial->file = -1;
	dial->error = error;
}

/* Starts the next attempt; false when there is none left. */
static bool start_attempt(connecting *dial) {
	while (dial->next < dial->count) {
		const socket_address *address = &dial->addresses[dial->next++];
		dial->file = socket_open(address->storage.ss_family, dial->type);
		if (dial->file >= 0 &&
		    (connect(dial->file, (const struct sockaddr *)&address->storage, address->length) == 0 ||
		     errno == EINPROGRESS))
			return true;
		drop_attempt(dial, errno);
	}
	return false;
}

/* Waits for the next attempt, or ends with the error of the last. */
static volt_native_result next_attempt(volt_native_call *call, connecting *dial) {
	int error = 0;
	if (start_attempt(dial)) {
		volt_native_result result =
		    wait_ready(call, &dial->base, NULL, dial->file, READY_TO_WRITE, dial->deadline, &error);
		return result == VOLT_NATIVE_WAIT ? result : net_return_int(call, -1, error);
	}
	error = dial->error;
	if (wait_operation(call) != &dial->base)
		release_connecting(&dial->base);
	return net_return_int(call, -1, error);
}

static int attempt_error(const connecting *dial) {
	int error = 0;
	socklen_t length = sizeof error;
	return getsockopt(dial->file, SOL_SOCKET, SO_ERROR, &error, &length) != 0 ? errno : error;
}

static volt_native_result continue_dial(volt_native_call *call, connecting *dial) {
	if (dial->base.timed_out)
		return net_return_int(call, -1, ETIMEDOUT);
	int error = attempt_error(dial);
	if (error != 0) {
		drop_attempt(dial, error);
		return next_attempt(call, dial);
	}
	int file = dial->file;
	dial->file = -1;
	return socket_return(call, file, connection_kind(dial->type), 0);
}

static volt_native_result start_dial(volt_native_call *call, const net_lookup *lookup) {
	connecting *dial = calloc(1, sizeof *dial);
	if (dial == NULL)
		return net_return_int(call, -1, ENOMEM);
	dial->base.release = release_connecting;
	dial->file = -1;
	dial->type = lookup->type;
	dial->deadline = lookup->deadline;
	dial->count = lookup->count;
	memcpy(dial->addresses, lookup->addresses, sizeof dial->addresses);
	return next_attempt(call, dial);
}

/* A local server answers at once or not at all. */
static volt_native_result dial_path(volt_native_call *call, string_view path) {
	socket_address address;
	int error = unix_address(path, &address);
	int file = error == 0 ? socket_open(AF_UNIX, SOCK_STREAM) : -1;
	if (file >= 0 && connect(file, (const struct sockaddr *)&address.storage, address.length) != 0) {
		error = errno;
		close(file);
		file = -1;
	} else if (error == 0 && file < 0) {
		error = errno;
	}
	return socket_return(call, file, DESCRIPTOR_UNIX_CONNECTION, error);
}

static int64_t deadline_after(int64_t timeout) {
	int64_t deadline;
	return timeout <= 0 || __builtin_add_overflow(unix_time_now(), timeout, &deadline) ? 0 : deadline;
}

/* (network string, address string, timeout int; nanoseconds, 0: none) -> (handle int, error) */
static volt_native_result dial_address(volt_native_call *call) {
	operation *self = wait_operation(call);
	if (self != NULL && !lookup_is_over(call))
		return continue_dial(call, (connecting *)self);
	if (is_unix(native_string(call, 0)))
		return dial_path(call, native_string(call, 1));
	net_lookup prepared;
	volt_native_result result = VOLT_NATIVE_OK;
	const char *problem = lookup_prepare(&prepared, native_string(call, 0), native_string(call, 1));
	if (problem != NULL)
		return refuse_address(call, "dial", problem);
	prepared.deadline = deadline_after(native_int(call, 2));
	const net_lookup *lookup = lookup_answer(call, &prepared, &result);
	if (lookup == NULL)
		return result;
	return lookup->status == 0 ? start_dial(call, lookup) : refuse_lookup(call, lookup);
}

/* (path string) -> (handle int, error) */
static volt_native_result dial_unix(volt_native_call *call) {
	return dial_path(call, native_string(call, 0));
}

/* ---- Listening ---- */

/*
 * Without a host and a family, one IPv6 socket serves both where the system has it; else the first that
 * works.
 */
static int listen_somewhere(const net_lookup *lookup, int *error) {
	bool both = lookup->host[0] == '\0' && lookup->family == AF_UNSPEC;
	*error = EADDRNOTAVAIL;
	for (int pass = both ? 0 : 1; pass < 2; pass++) {
		for (unsigned i = 0; i < lookup->count; i++) {
			const socket_address *address = &lookup->addresses[i];
			if (pass == 0 && address->storage.ss_family != AF_INET6)
				continue;
			int file = socket_listen(address, lookup->type, both);
			if (file >= 0)
				return file;
			*error = errno;
		}
	}
	return -1;
}

static volt_native_result listen_path(volt_native_call *call, string_view path) {
	socket_address address;
	int error = unix_address(path, &address);
	int file = error == 0 ? socket_listen(&address, SOCK_STREAM, false) : -1;
	if (file < 0)
		return net_return_int(call, -1, error != 0 ? error : errno);
	descriptor *opened = descriptor_add(call, file, DESCRIPTOR_UNIX_LISTENER);
	if (opened == NULL)
		return net_return_int(call, -1, ENOMEM);
	opened->path = strndup(path.bytes, path.length);
	return net_return_int(call, opened->number, 0);
}

static volt_native_result listen_at(volt_native_call *call, int type, descriptor_kind kind) {
	net_lookup prepared;
	volt_native_result result = VOLT_NATIVE_OK;
	const char *problem = lookup_prepare(&prepared, native_string(call, 0), native_string(call, 1));
	if (problem == NULL && prepared.type != type)
		problem = "unexpected network";
	if (problem != NULL)
		return refuse_address(call, "listen", problem);
	prepared.passive = true;
	const net_lookup *lookup = lookup_answer(call, &prepared, &result);
	if (lookup == NULL)
		return result;
	if (lookup->status != 0)
		return refuse_lookup(call, lookup);
	int error;
	int file = listen_somewhere(lookup, &error);
	return socket_return(call, file, kind, error);
}

/* (network string, address string) -> (handle int, error) */
static volt_native_result listen_stream(volt_native_call *call) {
	return is_unix(native_string(call, 0)) ? listen_path(call, native_string(call, 1))
	                                       : listen_at(call, SOCK_STREAM, DESCRIPTOR_TCP_LISTENER);
}

/* (network string, address string) -> (handle int, error) */
static volt_native_result listen_packet(volt_native_call *call) {
	return listen_at(call, SOCK_DGRAM, DESCRIPTOR_UDP);
}

/* (path string) -> (handle int, error) */
static volt_native_result listen_unix(volt_native_call *call) {
	return listen_path(call, native_string(call, 0));
}

static const native_row rows[] = {
    {"net_dial", dial_address, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(network string, address string, timeout int) -> (handle int, error)"},
    {"net_listen", listen_stream, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(network string, address string) -> (handle int, error)"},
    {"net_listenPacket", listen_packet, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(network string, address string) -> (handle int, error)"},
    {"net_unixDial", dial_unix, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(path string) -> (handle int, error)"},
    {"net_unixListen", listen_unix, VOLT_PERMIT_NETWORK, "(path string) -> (handle int, error)"},
};

const native_package net_dial_package = NATIVE_PACKAGE(rows);
