/* What the kinds of sockets share: making, describing, closing them, accepting, deadlines. */
#ifndef EXTERN_NET_NET_SOCKETS_H
#define EXTERN_NET_NET_SOCKETS_H

#include "extern/net/net_lookup.h"
#include "extern/os/descriptors.h"

/* A non-blocking socket, or -1 and errno. */
int socket_open(int family, int type);

/* A socket bound to the address, which listens if it is a stream; or -1 and errno. */
int socket_listen(const socket_address *address, int type, bool both_families);

/* The address of a unix socket; 0 or an errno. */
int unix_address(string_view path, socket_address *address);

/* Results (handle, error) for a socket that has just been made, or -1 with the errno in `error`. */
volt_native_result socket_return(volt_native_call *call, int file, descriptor_kind kind, int error);

/* (handle) -> error, for each kind */
volt_native_result socket_close(volt_native_call *call, descriptor_kind kind);

/* (handle) -> (string, error): "" if it is closed */
volt_native_result socket_local(volt_native_call *call, descriptor_kind kind);
volt_native_result socket_remote(volt_native_call *call, descriptor_kind kind);

/* (handle, Unix nanoseconds; 0: none) -> error */
volt_native_result socket_deadline(volt_native_call *call, descriptor_kind kind, bool reads, bool writes);

/* (handle) -> (handle, error) */
volt_native_result socket_accept(volt_native_call *call, descriptor_kind listener,
                                 descriptor_kind connection);

/* (handle, []byte) -> (n, error) */
volt_native_result socket_read(volt_native_call *call, descriptor_kind kind);
volt_native_result socket_write(volt_native_call *call, descriptor_kind kind);

#endif
