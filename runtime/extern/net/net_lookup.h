/* Addresses of the network: "host:port" texts, their look-up, and texts of what the host has. */
#ifndef EXTERN_NET_NET_LOOKUP_H
#define EXTERN_NET_NET_LOOKUP_H

#include <netdb.h>
#include <sys/socket.h>

#include "extern/os/waiting.h"
#include "extern/support.h"

typedef struct {
	struct sockaddr_storage storage;
	socklen_t length;
} socket_address;

enum { LOOKUP_ADDRESSES = 32 };

/* A question to the resolver and its answer; plain memory. */
typedef struct {
	operation base;
	char host[NI_MAXHOST]; /* empty: this machine, or every address of it if `passive` */
	char service[NI_MAXSERV];
	int family;
	int type; /* SOCK_STREAM or SOCK_DGRAM */
	bool passive;
	int64_t deadline; /* for the caller; it survives the wait */
	int status;       /* 0 or an EAI_ number */
	unsigned count;
	socket_address addresses[LOOKUP_ADDRESSES];
} net_lookup;

/*
 * Makes a question of a network's name ("tcp", "tcp4", "udp6", ...) and "host:port". NULL, or what is wrong
 * with them, to be followed by the text of `address` or `network`.
 */
const char *lookup_prepare(net_lookup *lookup, string_view network, string_view address);

/* Prepares a question for a host alone. */
const char *lookup_prepare_host(net_lookup *lookup, string_view host);

/*
 * The answer: at once if the host is a number, else after a wait, whose result is then in *result and NULL is
 * returned. `prepared` is the question as it stands on the native's stack.
 */
net_lookup *lookup_answer(volt_native_call *call, net_lookup *prepared, volt_native_result *result);

/* Is the wait that is over one for an answer? */
bool lookup_is_over(const volt_native_call *call);

/* The text for an EAI_ number, in English whatever the host's locale is. */
const char *lookup_status_text(int status);

/* Sets an error for a status that is not 0. */
void lookup_set_error(volt_native_call *call, uint32_t index, const net_lookup *lookup);

/* "ip:port", "[ip]:port", or the path of a unix socket. */
enum { ADDRESS_TEXT_BYTES = NI_MAXHOST + NI_MAXSERV + 4 };
void address_format(const socket_address *address, char text[ADDRESS_TEXT_BYTES]);
/* The address without the port. */
void address_format_host(const socket_address *address, char text[ADDRESS_TEXT_BYTES]);

#endif
