/* Package net: UDP (NATIVES.md, "Network"). */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "extern/net/net_sockets.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

static volt_native_result wait_for(volt_native_call *call, descriptor *opened, readiness event,
                                   int64_t deadline, int *error) {
	operation *self = wait_operation(call);
	if (self == NULL || lookup_is_over(call))
		self = operation_new();
	return wait_ready(call, self, opened, opened->file, event, deadline, error);
}

/* ---- Receiving ---- */

static ssize_t receive(const descriptor *opened, string_view target, socket_address *from) {
	ssize_t count;
	do {
		from->length = sizeof from->storage;
		count = recvfrom(opened->file, (void *)(uintptr_t)target.bytes, target.length, 0,
		                 (struct sockaddr *)&from->storage, &from->length);
	} while (count < 0 && errno == EINTR);
	return count;
}

static volt_native_result return_received(volt_native_call *call, ssize_t count, const socket_address *from,
                                          int error) {
	char text[ADDRESS_TEXT_BYTES] = "";
	if (error == 0)
		address_format(from, text);
	native_set_int(call, 0, error == 0 ? count : 0);
	native_set_string(call, 1, text, strlen(text));
	net_set_error(call, 2, error);
	return VOLT_NATIVE_OK;
}

/* (handle int, target []byte) -> (n int, address string, error); what does not fit is lost */
static volt_native_result udp_read_from(volt_native_call *call) {
	socket_address from = {0};
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), DESCRIPTOR_UDP);
	if (opened == NULL)
		return return_received(call, 0, &from, ERROR_CLOSED);
	int64_t deadline = opened->read_deadline;
	int error = deadline_is_over(deadline) ? ETIMEDOUT : 0;
	ssize_t count = error == 0 ? receive(opened, native_string(call, 1), &from) : 0;
	error = count < 0 ? errno : error;
	volt_native_result result = VOLT_NATIVE_OK;
	if (error == EAGAIN)
		result = wait_for(call, opened, READY_TO_READ, deadline, &error);
	descriptor_release(opened);
	return result == VOLT_NATIVE_WAIT ? result : return_received(call, count, &from, error);
}

/* ---- Sending ---- */

/* A socket for both families takes IPv4 addresses in IPv6 clothes only. */
static void map_to_family(const descriptor *opened, socket_address *to) {
	socket_address own = {.length = sizeof own.storage};
	const struct sockaddr_in *four = (const struct sockaddr_in *)&to->storage;
	if (four->sin_family != AF_INET ||
	    getsockname(opened->file, (struct sockaddr *)&own.storage, &own.length) != 0 ||
	    own.storage.ss_family != AF_INET6)
		return;
	socket_address mapped = {.length = sizeof(struct sockaddr_in6)};
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&mapped.storage;
	six->sin6_family = AF_INET6;
	six->sin6_port = four->sin_port;
	six->sin6_addr.s6_addr[10] = six->sin6_addr.s6_addr[11] = 0xff;
	memcpy(&six->sin6_addr.s6_addr[12], &four->sin_addr, sizeof four->sin_addr);
	*to = mapped;
}

/* `to` NULL: the peer that was dialled. */
static ssize_t send_packet(const descriptor *opened, string_view packet, const socket_address *to) {
	ssize_t count;
	do {
		count =
		    sendto(opened->file, packet.bytes, packet.length, MSG_NOSIGNAL,
		           to != NULL ? (const struct sockaddr *)&to->storage : NULL, to != NULL ? to->length : 0);
	} while (count < 0 && errno == EINTR);
	return count;
}

static volt_native_result send_to(volt_native_call *call, const socket_address *address) {
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), DESCRIPTOR_UDP);
	if (opened == NULL)
		return net_return_int(call, 0, ERROR_CLOSED);
	socket_address to = {0};
	if (address != NULL) {
		to = *address;
		map_to_family(opened, &to);
	}
	int64_t deadline = opened->write_deadline;
	int error = deadline_is_over(deadline) ? ETIMEDOUT : 0;
	ssize_t count =
	    error == 0 ? send_packet(opened, native_string(call, 1), address != NULL ? &to : NULL) : 0;
	error = count < 0 ? errno : error;
	volt_native_result result = VOLT_NATIVE_OK;
	if (error == EAGAIN)
		result = wait_for(call, opened, READY_TO_WRITE, deadline, &error);
	descriptor_release(opened);
	return result == VOLT_NATIVE_WAIT ? result : net_return_int(call, count > 0 ? count : 0, error);
}

/* (handle int, source []byte, address string; empty: the peer that was dialled) -> (n int, error) */
static volt_native_result udp_write_to(volt_native_call *call) {
	string_view address = native_string(call, 2);
	if (address.length == 0)
		return send_to(call, NULL);
	net_lookup prepared;
	volt_native_result result = VOLT_NATIVE_OK;
	const char *problem = lookup_prepare(&prepared, (string_view){"udp", 3}, address);
	if (problem != NULL) {
		native_set_int(call, 0, 0);
		native_set_error(call, 1, "address %.*s: %s", (int)address.length, address.bytes, problem);
		return VOLT_NATIVE_OK;
	}
	const net_lookup *lookup = lookup_answer(call, &prepared, &result);
	if (lookup == NULL)
		return result;
	if (lookup->status != 0) {
		native_set_int(call, 0, 0);
		lookup_set_error(call, 1, lookup);
		return VOLT_NATIVE_OK;
	}
	return send_to(call, &lookup->addresses[0]);
}

/* ---- The rest ---- */

/* (handle int) -> error */
static volt_native_result udp_close(volt_native_call *call) {
	return socket_close(call, DESCRIPTOR_UDP);
}
/* (handle int) -> (string, error) */
static volt_native_result udp_local(volt_native_call *call) {
	return socket_local(call, DESCRIPTOR_UDP);
}
/* (handle int, time int; Unix nanoseconds, 0: none) -> error, all three */
static volt_native_result udp_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_UDP, true, true);
}
static volt_native_result udp_read_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_UDP, true, false);
}
static volt_native_result udp_write_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_UDP, false, true);
}

static const native_row rows[] = {
    {"net_blocking_udpConnReadFrom", udp_read_from, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, target []byte) -> (n int, address string, error)"},
    {"net_blocking_udpConnWriteTo", udp_write_to, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, source []byte, address string) -> (n int, error)"},
    {"net_udpConnClose", udp_close, VOLT_PERMIT_NETWORK, "(handle int) -> error"},
    {"net_udpConnLocalAddr", udp_local, VOLT_PERMIT_NETWORK, "(handle int) -> (address string, error)"},
    {"net_udpConnSetDeadline", udp_deadline, VOLT_PERMIT_NETWORK, "(handle int, time int) -> error"},
    {"net_udpConnSetReadDeadline", udp_read_deadline, VOLT_PERMIT_NETWORK, "(handle int, time int) -> error"},
    {"net_udpConnSetWriteDeadline", udp_write_deadline, VOLT_PERMIT_NETWORK,
     "(handle int, time int) -> error"},
};

const native_package net_packets_package = NATIVE_PACKAGE(rows);
