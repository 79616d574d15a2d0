/* Package net on the loopback interface: TCP, UDP, unix sockets, deadlines, the resolver. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "extern/os/descriptors.h"
#include "outside_host.h"

static volt_slot handle_of(const volt_slot *result) {
	ASSERT_NO_ERROR(result + 1);
	ck_assert_int_ge((int64_t)result[0], 100);
	return result[0];
}

static volt_slot listen_tcp(const char *address) {
	return handle_of(CALL("net_listen", string("tcp"), string(address)));
}

static volt_slot dial(const char *network, volt_slot address) {
	return handle_of(CALL("net_dial", string(network), address, (volt_slot)5000000000));
}

static int64_t now_in(int64_t milliseconds) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + milliseconds * 1000000;
}

static void close_with(const char *name, volt_slot handle) {
	ASSERT_NO_ERROR(outside_call_native(name, &handle, 1));
}

typedef struct {
	volt_slot listener;
	volt_slot client;
	volt_slot server;
} pair;

static pair connect_pair(void) {
	pair made;
	outside_call accepting;
	made.listener = listen_tcp("127.0.0.1:0");
	BEGIN(&accepting, "net_blocking_tcpListenerAccept", made.listener);
	ck_assert(outside_still_waits(&accepting));
	made.client = dial("tcp", CALL("net_tcpListenerAddr", made.listener)[0]);
	outside_finish(&accepting);
	made.server = handle_of(accepting.results);
	return made;
}

static void close_pair(pair made) {
	close_with("net_tcpConnClose", made.client);
	close_with("net_tcpConnClose", made.server);
	close_with("net_tcpListenerClose", made.listener);
}

/* ---- TCP ---- */

START_TEST(tcp_echo) {
	pair both = connect_pair();
	outside_call reading;
	volt_slot target = zero_bytes(32);
	BEGIN(&reading, "net_blocking_tcpConnRead", both.server, target);
	ck_assert(outside_still_waits(&reading));
	const volt_slot *written = CALL("net_blocking_tcpConnWrite", both.client, bytes("ping"));
	ck_assert_int_eq(written[0], 4);
	ASSERT_NO_ERROR(written + 1);
	outside_finish(&reading);
	ck_assert_int_eq(reading.results[0], 4);
	ck_assert_int_eq(CALL("net_blocking_tcpConnWrite", both.server, target)[0], 32);
	ck_assert_int_eq(CALL("net_blocking_tcpConnRead", both.client, zero_bytes(64))[0], 32);
	ck_assert_int_eq(CALL("net_blocking_tcpConnRead", both.client, 0)[0], 0);
	close_pair(both);
}
END_TEST

START_TEST(tcp_addresses) {
	pair both = connect_pair();
	const char *listener = text_of(CALL("net_tcpListenerAddr", both.listener)[0]);
	ck_assert_int_eq(strncmp(listener, "127.0.0.1:", 10), 0);
	ck_assert_str_eq(text_of(CALL("net_tcpConnRemoteAddr", both.client)[0]), listener);
	ck_assert_str_eq(text_of(CALL("net_tcpConnLocalAddr", both.client)[0]),
	                 text_of(CALL("net_tcpConnRemoteAddr", both.server)[0]));
	close_pair(both);
}
END_TEST

START_TEST(the_end_of_a_connection) {
	pair both = connect_pair();
	const volt_slot end[2] = {CALL0("io_getIoErrors")[0], CALL0("io_getIoErrors")[1]};
	close_with("net_tcpConnClose", both.server);
	const volt_slot *read = CALL("net_blocking_tcpConnRead", both.client, zero_bytes(4));
	ck_assert_int_eq(read[0], 0);
	ck_assert(same_error(read + 1, end));
	/* The first write is answered by a reset; a later one meets it, and no signal ends the process. */
	const volt_slot *written;
	int attempts = 0;
	do {
		usleep(1000);
		written = CALL("net_blocking_tcpConnWrite", both.client, bytes("x"));
	} while (written[1] == 0 && ++attempts < 100);
	ck_assert_ptr_nonnull(
	    strstr("Broken pipe (os error 32) Connection reset by peer (os error 104)", error_text(written + 1)));
	close_with("net_tcpConnClose", both.client);
	close_with("net_tcpListenerClose", both.listener);
}
END_TEST

/* One fiber reads while another writes on the same connection, more than the system buffers. */
START_TEST(both_directions_at_once) {
	pair both = connect_pair();
	outside_call reading;
	outside_call writing;
	size_t length = 8 << 20;
	size_t received = 0;
	volt_slot target = zero_bytes(1 << 20);
	BEGIN(&reading, "net_blocking_tcpConnRead", both.client, zero_bytes(8));
	BEGIN(&writing, "net_blocking_tcpConnWrite", both.client, zero_bytes(length));
	ck_assert(outside_still_waits(&reading));
	ck_assert(outside_still_waits(&writing));
	while (received < length) {
		const volt_slot *read = CALL("net_blocking_tcpConnRead", both.server, target);
		ASSERT_NO_ERROR(read + 1);
		received += read[0];
		outside_still_waits(&writing);
	}
	outside_finish(&writing);
	ck_assert_uint_eq(writing.results[0], length);
	ck_assert(outside_still_waits(&reading));
	CALL("net_blocking_tcpConnWrite", both.server, bytes("done"));
	outside_finish(&reading);
	ck_assert_uint_eq(reading.results[0], 4);
	close_pair(both);
}
END_TEST

START_TEST(closed_handles) {
	pair both = connect_pair();
	outside_call reading;
	outside_call accepting;
	BEGIN(&reading, "net_blocking_tcpConnRead", both.client, zero_bytes(4));
	BEGIN(&accepting, "net_blocking_tcpListenerAccept", both.listener);
	ck_assert(outside_still_waits(&reading));
	close_pair(both);
	outside_finish(&reading);
	outside_finish(&accepting);
	ASSERT_ERROR(reading.results + 1, "use of closed network connection");
	ASSERT_ERROR(accepting.results + 1, "use of closed network connection");
	ck_assert_int_eq((int64_t)accepting.results[0], -1);
	ASSERT_ERROR(CALL("net_tcpConnClose", both.client), "use of closed network connection");
	ASSERT_ERROR(CALL("net_blocking_tcpConnWrite", both.client, bytes("x")) + 1,
	             "use of closed network connection");
	ASSERT_ERROR(CALL("net_tcpConnSetDeadline", both.client, 0), "use of closed network connection");
	ck_assert_str_eq(text_of(CALL("net_tcpListenerAddr", both.listener)[0]), "");
}
END_TEST

START_TEST(kinds_do_not_mix) {
	volt_slot listener = listen_tcp("127.0.0.1:0");
	ASSERT_ERROR(CALL("net_blocking_tcpConnRead", listener, zero_bytes(4)) + 1,
	             "use of closed network connection");
	ASSERT_ERROR(CALL("os_blocking_fileRead", listener, zero_bytes(4)) + 1, "file already closed");
	ASSERT_ERROR(CALL("os_fileClose", listener), "file already closed");
	ASSERT_ERROR(CALL("net_tcpConnClose", 0), "use of closed network connection");
	close_with("net_tcpListenerClose", listener);
}
END_TEST

/* ---- Deadlines ---- */

START_TEST(read_deadlines) {
	pair both = connect_pair();
	int64_t start = now_in(0);
	ASSERT_NO_ERROR(CALL("net_tcpConnSetReadDeadline", both.client, (volt_slot)now_in(50)));
	const volt_slot *read = CALL("net_blocking_tcpConnRead", both.client, zero_bytes(4));
	ASSERT_ERROR(read + 1, "i/o timeout");
	ck_assert_int_ge(now_in(0) - start, 50000000);
	/* Over is over, even if there is something to read; writing is not concerned. */
	CALL("net_blocking_tcpConnWrite", both.server, bytes("data"));
	ASSERT_ERROR(CALL("net_blocking_tcpConnRead", both.client, zero_bytes(4)) + 1, "i/o timeout");
	ASSERT_NO_ERROR(CALL("net_blocking_tcpConnWrite", both.client, bytes("data")) + 1);
	ASSERT_NO_ERROR(CALL("net_tcpConnSetReadDeadline", both.client, 0));
	ck_assert_int_eq(CALL("net_blocking_tcpConnRead", both.client, zero_bytes(4))[0], 4);
	ASSERT_NO_ERROR(CALL("net_tcpConnSetDeadline", both.client, (volt_slot)INT64_MIN));
	ASSERT_ERROR(CALL("net_blocking_tcpConnRead", both.client, zero_bytes(4)) + 1, "i/o timeout");
	ASSERT_ERROR(CALL("net_blocking_tcpConnWrite", both.client, bytes("x")) + 1, "i/o timeout");
	close_pair(both);
}
END_TEST

START_TEST(a_new_deadline_reaches_who_waits_already) {
	pair both = connect_pair();
	outside_call reading;
	BEGIN(&reading, "net_blocking_tcpConnRead", both.client, zero_bytes(4));
	ck_assert(outside_still_waits(&reading));
	ASSERT_NO_ERROR(CALL("net_tcpConnSetWriteDeadline", both.client, 1));
	ck_assert(outside_still_waits(&reading));
	ASSERT_NO_ERROR(CALL("net_tcpConnSetReadDeadline", both.client, 1));
	outside_finish(&reading);
	ASSERT_ERROR(reading.results + 1, "i/o timeout");
	close_pair(both);
}
END_TEST

START_TEST(write_deadlines) {
	pair both = connect_pair();
	volt_slot source = zero_bytes(64 << 20);
	ASSERT_NO_ERROR(CALL("net_tcpConnSetWriteDeadline", both.client, (volt_slot)now_in(100)));
	const volt_slot *written = CALL("net_blocking_tcpConnWrite", both.client, source);
	ASSERT_ERROR(written + 1, "i/o timeout");
	ck_assert_uint_gt(written[0], 0);
	ck_assert_uint_lt(written[0], 64 << 20);
	close_pair(both);
}
END_TEST

/* ---- Dialling ---- */

START_TEST(refused_connections) {
	volt_slot listener = listen_tcp("127.0.0.1:0");
	const char *address = text_of(CALL("net_tcpListenerAddr", listener)[0]);
	close_with("net_tcpListenerClose", listener);
	const volt_slot *result = CALL("net_dial", string("tcp"), string(address), 0);
	ck_assert_int_eq((int64_t)result[0], -1);
	ASSERT_ERROR(result + 1, "Connection refused (os error 111)");
}
END_TEST

START_TEST(dialling_takes_no_longer_than_allowed) {
	/* A listener whose queue is full does not answer. */
	int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	ck_assert_int_eq(bind(file, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(file, 0), 0);
	ck_assert_int_eq(getsockname(file, (struct sockaddr *)&address, &length), 0);
	char text[64];
	snprintf(text, sizeof text, "127.0.0.1:%d", ntohs(address.sin_port));
	volt_slot first = dial("tcp", string(text));
	outside_call second;
	BEGIN(&second, "net_dial", string("tcp"), string(text), 50000000);
	outside_finish(&second);
	ASSERT_ERROR(second.results + 1, "i/o timeout");
	close_with("net_tcpConnClose", first);
	close(file);
}
END_TEST

START_TEST(bad_addresses) {
	ASSERT_ERROR(CALL("net_dial", string("tcp"), string("localhost"), 0) + 1,
	             "dial tcp: address localhost: missing port in address");
	ASSERT_ERROR(CALL("net_dial", string("tcp"), string("::1:80"), 0) + 1,
	             "dial tcp: address ::1:80: too many colons in address");
	ASSERT_ERROR(CALL("net_dial", string("tcp"), string("[::1:80"), 0) + 1,
	             "dial tcp: address [::1:80: missing ']' in address");
	ASSERT_ERROR(CALL("net_dial", string("carrier"), string("a:1"), 0) + 1,
	             "dial carrier: address a:1: unknown network");
	ASSERT_ERROR(CALL("net_listen", string("udp"), string("127.0.0.1:0")) + 1,
	             "listen udp: address 127.0.0.1:0: unexpected network");
	ASSERT_ERROR(CALL("net_dial", string("tcp"), string("127.0.0.1:65536"), 0) + 1, "invalid port 65536");
	ASSERT_ERROR(CALL("net_resolveTCPAddr", string("tcp"), string("")) + 1,
	             "address : missing port in address");
	ASSERT_ERROR(CALL("net_unixDial", string("")) + 1, "Invalid argument (os error 22)");
}
END_TEST

START_TEST(listening_on_every_address) {
	volt_slot listener = listen_tcp(":0");
	const char *address = text_of(CALL("net_tcpListenerAddr", listener)[0]);
	volt_slot client = dial("tcp", string(strrchr(address, ':')));
	outside_call accepting;
	BEGIN(&accepting, "net_blocking_tcpListenerAccept", listener);
	outside_finish(&accepting);
	close_with("net_tcpConnClose", handle_of(accepting.results));
	close_with("net_tcpConnClose", client);
	close_with("net_tcpListenerClose", listener);
}
END_TEST

START_TEST(names_are_looked_up) {
	volt_slot listener = listen_tcp("localhost:0");
	volt_slot address = CALL("net_tcpListenerAddr", listener)[0];
	const char *port = strrchr(text_of(address), ':');
	char text[64];
	snprintf(text, sizeof text, "localhost%s", port);
	volt_slot client = dial("tcp", string(text));
	close_with("net_tcpConnClose", client);
	close_with("net_tcpListenerClose", listener);
}
END_TEST

/* ---- UDP ---- */

START_TEST(udp_packets) {
	volt_slot server = handle_of(CALL("net_listenPacket", string("udp"), string("127.0.0.1:0")));
	volt_slot both_families = handle_of(CALL("net_listenPacket", string("udp"), string(":0")));
	volt_slot address = CALL("net_udpConnLocalAddr", server)[0];
	outside_call receiving;
	volt_slot target = zero_bytes(16);
	BEGIN(&receiving, "net_blocking_udpConnReadFrom", server, target);
	ck_assert(outside_still_waits(&receiving));
	const volt_slot *sent = CALL("net_blocking_udpConnWriteTo", both_families, bytes("packet"), address);
	ASSERT_NO_ERROR(sent + 1);
	ck_assert_int_eq(sent[0], 6);
	outside_finish(&receiving);
	ck_assert_int_eq(receiving.results[0], 6);
	ck_assert_mem_eq(slice_data(target), "packet", 6);
	ASSERT_NO_ERROR(receiving.results + 2);
	ck_assert_int_eq(strncmp(text_of(receiving.results[1]), "127.0.0.1:", 10), 0);
	/* And back, to the address as it was told. */
	ASSERT_NO_ERROR(CALL("net_blocking_udpConnWriteTo", server, bytes("back"), receiving.results[1]) + 1);
	const volt_slot *received = CALL("net_blocking_udpConnReadFrom", both_families, target);
	ck_assert_int_eq(received[0], 4);
	ck_assert_str_eq(text_of(received[1]), text_of(address));
	close_with("net_udpConnClose", server);
	close_with("net_udpConnClose", both_families);
}
END_TEST

START_TEST(dialled_udp) {
	volt_slot server = handle_of(CALL("net_listenPacket", string("udp"), string("127.0.0.1:0")));
	volt_slot client = dial("udp", CALL("net_udpConnLocalAddr", server)[0]);
	ASSERT_NO_ERROR(CALL("net_blocking_udpConnWriteTo", client, bytes("hi"), 0) + 1);
	ck_assert_int_eq(CALL("net_blocking_udpConnReadFrom", server, zero_bytes(8))[0], 2);
	ASSERT_NO_ERROR(CALL("net_udpConnSetReadDeadline", server, (volt_slot)now_in(20)));
	ASSERT_ERROR(CALL("net_blocking_udpConnReadFrom", server, zero_bytes(8)) + 2, "i/o timeout");
	ASSERT_ERROR(CALL("net_blocking_udpConnWriteTo", client, bytes("x"), string("nowhere")) + 1,
	             "address nowhere: missing port in address");
	close_with("net_udpConnClose", server);
	close_with("net_udpConnClose", client);
	ASSERT_ERROR(CALL("net_blocking_udpConnReadFrom", server, zero_bytes(8)) + 2,
	             "use of closed network connection");
}
END_TEST

/* ---- Unix sockets ---- */

START_TEST(unix_sockets) {
	const char *path = path_in(temporary_directory(), "socket");
	volt_slot listener = handle_of(CALL("net_unixListen", string(path)));
	ASSERT_ERROR(CALL("net_unixListen", string(path)) + 1, "Address already in use (os error 98)");
	outside_call accepting;
	BEGIN(&accepting, "net_blocking_unixListenerAccept", listener);
	ck_assert(outside_still_waits(&accepting));
	volt_slot client = handle_of(CALL("net_unixDial", string(path)));
	outside_finish(&accepting);
	volt_slot server = handle_of(accepting.results);
	outside_call reading;
	volt_slot target = zero_bytes(8);
	BEGIN(&reading, "net_blocking_unixConnRead", server, target);
	ck_assert(outside_still_waits(&reading));
	ck_assert_int_eq(CALL("net_blocking_unixConnWrite", client, bytes("local"))[0], 5);
	outside_finish(&reading);
	ck_assert_mem_eq(slice_data(target), "local", 6);
	close_with("net_unixConnClose", client);
	ASSERT_ERROR(CALL("net_blocking_unixConnRead", server, target) + 1, "EOF");
	close_with("net_unixConnClose", server);
	close_with("net_unixListenerClose", listener);
	struct stat status;
	ck_assert_int_ne(stat(path, &status), 0);
	ASSERT_ERROR(CALL("net_unixDial", string(path)) + 1, "No such file or directory (os error 2)");
}
END_TEST

START_TEST(a_child_of_a_fork_leaves_the_socket_of_its_parent) {
	const char *path = path_in(temporary_directory(), "socket");
	outside_call listening;
	BEGIN(&listening, "net_unixListen", string(path));
	volt_slot listener = handle_of(listening.results);
	pid_t child = fork();
	if (child == 0) {
		descriptors_close_owned(listening.call.vm);
		_exit(descriptors_open() != 0);
	}
	int ended;
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	ck_assert_int_eq(ended, 0);
	volt_slot client = handle_of(CALL("net_unixDial", string(path)));
	close_with("net_unixConnClose", client);
	close_with("net_unixListenerClose", listener);
	struct stat status;
	ck_assert_int_ne(stat(path, &status), 0);
}
END_TEST

/* ---- Resolver ---- */

static bool contains(volt_slot slice, const char *expected) {
	const volt_slot *words = (const volt_slot *)(void *)slice_data(slice);
	for (size_t i = 0; i < slice_length(slice); i++)
		if (strcmp(text_of(words[i]), expected) == 0)
			return true;
	return false;
}

START_TEST(resolving) {
	const volt_slot *result = CALL("net_resolveTCPAddr", string("tcp"), string("127.0.0.1:80"));
	ASSERT_NO_ERROR(result + 1);
	ck_assert_str_eq(text_of(result[0]), "127.0.0.1:80");
	result = CALL("net_resolveUDPAddr", string("udp6"), string("[::1]:53"));
	ck_assert_str_eq(text_of(result[0]), "[::1]:53");
	result = CALL("net_resolveTCPAddr", string("tcp4"), string("localhost:7"));
	ck_assert_str_eq(text_of(result[0]), "127.0.0.1:7");
	result = CALL("net_lookupHost", string("127.0.0.1"));
	ck_assert_uint_eq(slice_length(result[0]), 1);
	result = CALL("net_lookupIP", string("localhost"));
	ASSERT_NO_ERROR(result + 1);
	ck_assert(contains(result[0], "127.0.0.1") || contains(result[0], "::1"));
	ASSERT_ERROR(CALL("net_lookupHost", string("")) + 1, "lookup : no such host");
	ASSERT_ERROR(CALL("net_lookupAddr", string("localhost")) + 1, "lookup localhost: unrecognized address");
	result = CALL("net_lookupAddr", string("127.0.0.1"));
	ck_assert(slice_length(result[0]) == 1 || result[1] != 0);
}
END_TEST

START_TEST(refused_without_permission) {
	outside_call made;
	outside_allow(VOLT_PERMIT_ALL & ~(unsigned)VOLT_PERMIT_NETWORK);
	BEGIN(&made, "net_dial", string("tcp"), string("127.0.0.1:1"), 0);
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(outside_panic(), "net_dial: access to the network is not allowed (--allow=net)");
}
END_TEST

OUTSIDE_MAIN("net", tcp_echo, tcp_addresses, the_end_of_a_connection, both_directions_at_once, closed_handles,
             kinds_do_not_mix, read_deadlines, a_new_deadline_reaches_who_waits_already, write_deadlines,
             refused_connections, dialling_takes_no_longer_than_allowed, bad_addresses,
             listening_on_every_address, names_are_looked_up, udp_packets, dialled_udp, unix_sockets,
             a_child_of_a_fork_leaves_the_socket_of_its_parent, resolving, refused_without_permission)
