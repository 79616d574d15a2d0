/*
 * Package net: connections and listeners of TCP and unix sockets (NATIVES.md, "Network").
 */
#include "extern/net/net_sockets.h"
#include "extern/registry.h"

/* ---- TCP ---- */

/* (handle int, target []byte) -> (n int, error) */
static volt_native_result tcp_read(volt_native_call *call) {
	return socket_read(call, DESCRIPTOR_TCP_CONNECTION);
}
/* (handle int, source []byte) -> (n int, error) */
static volt_native_result tcp_write(volt_native_call *call) {
	return socket_write(call, DESCRIPTOR_TCP_CONNECTION);
}
/* (handle int) -> error */
static volt_native_result tcp_close(volt_native_call *call) {
	return socket_close(call, DESCRIPTOR_TCP_CONNECTION);
}
/* (handle int) -> (string, error), both */
static volt_native_result tcp_local(volt_native_call *call) {
	return socket_local(call, DESCRIPTOR_TCP_CONNECTION);
}
static volt_native_result tcp_remote(volt_native_call *call) {
	return socket_remote(call, DESCRIPTOR_TCP_CONNECTION);
}
/* (handle int, time int; Unix nanoseconds, 0: none) -> error, all three */
static volt_native_result tcp_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_TCP_CONNECTION, true, true);
}
static volt_native_result tcp_read_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_TCP_CONNECTION, true, false);
}
static volt_native_result tcp_write_deadline(volt_native_call *call) {
	return socket_deadline(call, DESCRIPTOR_TCP_CONNECTION, false, true);
}

/* (handle int) -> (handle int, error) */
static volt_native_result tcp_accept(volt_native_call *call) {
	return socket_accept(call, DESCRIPTOR_TCP_LISTENER, DESCRIPTOR_TCP_CONNECTION);
}
/* (handle int) -> error */
static volt_native_result listener_close(volt_native_call *call) {
	return socket_close(call, DESCRIPTOR_TCP_LISTENER);
}
/* (handle int) -> (string, error) */
static volt_native_result listener_address(volt_native_call *call) {
	return socket_local(call, DESCRIPTOR_TCP_LISTENER);
}

/* ---- Unix sockets ---- */

/* (handle int, target []byte) -> (n int, error) */
static volt_native_result unix_read(volt_native_call *call) {
	return socket_read(call, DESCRIPTOR_UNIX_CONNECTION);
}
/* (handle int, source []byte) -> (n int, error) */
static volt_native_result unix_write(volt_native_call *call) {
	return socket_write(call, DESCRIPTOR_UNIX_CONNECTION);
}
/* (handle int) -> error */
static volt_native_result unix_close(volt_native_call *call) {
	return socket_close(call, DESCRIPTOR_UNIX_CONNECTION);
}
/* (handle int) -> (handle int, error) */
static volt_native_result unix_accept(volt_native_call *call) {
	return socket_accept(call, DESCRIPTOR_UNIX_LISTENER, DESCRIPTOR_UNIX_CONNECTION);
}
/* (handle int) -> error; removes the socket's file */
static volt_native_result unix_listener_close(volt_native_call *call) {
	return socket_close(call, DESCRIPTOR_UNIX_LISTENER);
}

static const native_row rows[] = {
    {"net_blocking_tcpConnRead", tcp_read, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, target []byte) -> (n int, error)"},
    {"net_blocking_tcpConnWrite", tcp_write, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, source []byte) -> (n int, error)"},
    {"net_blocking_tcpListenerAccept", tcp_accept, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int) -> (handle int, error)"},
    {"net_blocking_unixConnRead", unix_read, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, target []byte) -> (n int, error)"},
    {"net_blocking_unixConnWrite", unix_write, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int, source []byte) -> (n int, error)"},
    {"net_blocking_unixListenerAccept", unix_accept, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(handle int) -> (handle int, error)"},
    {"net_tcpConnClose", tcp_close, VOLT_PERMIT_NETWORK, "(handle int) -> error"},
    {"net_tcpConnLocalAddr", tcp_local, VOLT_PERMIT_NETWORK, "(handle int) -> (address string, error)"},
    {"net_tcpConnRemoteAddr", tcp_remote, VOLT_PERMIT_NETWORK, "(handle int) -> (address string, error)"},
    {"net_tcpConnSetDeadline", tcp_deadline, VOLT_PERMIT_NETWORK, "(handle int, time int) -> error"},
    {"net_tcpConnSetReadDeadline", tcp_read_deadline, VOLT_PERMIT_NETWORK, "(handle int, time int) -> error"},
    {"net_tcpConnSetWriteDeadline", tcp_write_deadline, VOLT_PERMIT_NETWORK,
     "(handle int, time int) -> error"},
    {"net_tcpListenerAddr", listener_address, VOLT_PERMIT_NETWORK, "(handle int) -> (address string, error)"},
    {"net_tcpListenerClose", listener_close, VOLT_PERMIT_NETWORK, "(handle int) -> error"},
    {"net_unixConnClose", unix_close, VOLT_PERMIT_NETWORK, "(handle int) -> error"},
    {"net_unixListenerClose", unix_listener_close, VOLT_PERMIT_NETWORK, "(handle int) -> error"},
};

const native_package net_streams_package = NATIVE_PACKAGE(rows);
