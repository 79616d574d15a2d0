/* Addresses of the network; names are looked up on a thread, numbers at once. */
#include "extern/net/net_lookup.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "bytecode/model/c_locale.h"
#include "extern/os/native_paths.h"

/* ---- Questions ---- */

static const struct {
	const char *name;
	int family;
	int type;
} networks[] = {
    {"tcp", AF_UNSPEC, SOCK_STREAM}, {"tcp4", AF_INET, SOCK_STREAM}, {"tcp6", AF_INET6, SOCK_STREAM},
    {"udp", AF_UNSPEC, SOCK_DGRAM},  {"udp4", AF_INET, SOCK_DGRAM},  {"udp6", AF_INET6, SOCK_DGRAM},
};

static bool set_network(net_lookup *lookup, string_view network) {
	for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
		if (strlen(networks[i].name) == network.length &&
		    memcmp(networks[i].name, network.bytes, network.length) == 0) {
			lookup->family = networks[i].family;
			lookup->type = networks[i].type;
			return true;
		}
	}
	return false;
}

/* Splits at the last colon; brackets stand around hosts with colons. */
static const char *split(string_view address, string_view *host, string_view *port) {
	const char *colon = memrchr(address.bytes, ':', address.length);
	const char *end = address.bytes + address.length;
	bool bracketed = address.length > 0 && address.bytes[0] == '[';
	const char *closing = bracketed ? memrchr(address.bytes, ']', address.length) : NULL;
	if (bracketed && closing == NULL)
		return "missing ']' in address";
	if (colon == NULL || (bracketed && colon != closing + 1))
		return "missing port in address";
	*host = bracketed ? (string_view){address.bytes + 1, (size_t)(closing - address.bytes - 1)}
	                  : (string_view){address.bytes, (size_t)(colon - address.bytes)};
	*port = (string_view){colon + 1, (size_t)(end - colon - 1)};
	if (!bracketed && memchr(host->bytes, ':', host->length) != NULL)
		return "too many colons in address";
	return NULL;
}

static const char *set_host(net_lookup *lookup, string_view host) {
	return native_text_copy(host, lookup->host, sizeof lookup->host) == 0 ? NULL : "invalid host";
}

const char *lookup_prepare(net_lookup *lookup, string_view network, string_view address) {
	string_view host;
	string_view port;
	*lookup = (net_lookup){0};
	if (!set_network(lookup, network))
		return "unknown network";
	const char *problem = split(address, &host, &port);
	problem = problem == NULL ? set_host(lookup, host) : problem;
	if (problem != NULL)
		return problem;
	if (port.length == 0)
		port = (string_view){"0", 1};
	return native_text_copy(port, lookup->service, sizeof lookup->service) == 0 ? NULL : "invalid port";
}

const char *lookup_prepare_host(net_lookup *lookup, string_view host) {
	*lookup = (net_lookup){.family = AF_UNSPEC, .type = SOCK_STREAM, .service = "0"};
	return host.length == 0 ? "no such host" : set_host(lookup, host);
}

/* ---- Answers ---- */

/* The resolver takes 65536 for 0. */
static bool is_port_beyond_range(const char *service) {
	char *end;
	unsigned long port = strtoul(service, &end, 10);
	return *service >= '0' && *service <= '9' && *end == '\0' && port > UINT16_MAX;
}

static void ask(net_lookup *lookup, int flags) {
	struct addrinfo hints = {
	    .ai_family = lookup->family,
	    .ai_socktype = lookup->type,
	    .ai_flags = flags | (lookup->passive ? AI_PASSIVE : 0),
	};
	struct addrinfo *list = NULL;
	lookup->count = 0;
	lookup->status = EAI_SERVICE;
	if (!is_port_beyond_range(lookup->service)) {
		const char *host = lookup->host[0] != '\0' ? lookup->host : NULL;
		lookup->status = getaddrinfo(host, lookup->service, &hints, &list);
	}
	for (const struct addrinfo *item = list; item != NULL && lookup->count < LOOKUP_ADDRESSES;
	     item = item->ai_next) {
		socket_address *address = &lookup->addresses[lookup->count++];
		memcpy(&address->storage, item->ai_addr, item->ai_addrlen);
		address->length = item->ai_addrlen;
	}
	if (list != NULL)
		freeaddrinfo(list);
}

static void ask_on_thread(operation *self) {
	ask((net_lookup *)self, 0);
}

static void release_lookup(operation *self) {
	free(self);
}

bool lookup_is_over(const volt_native_call *call) {
	const operation *self = wait_operation(call);
	return self != NULL && self->release == release_lookup;
}

net_lookup *lookup_answer(volt_native_call *call, net_lookup *prepared, volt_native_result *result) {
	if (lookup_is_over(call))
		return (net_lookup *)wait_operation(call);
	ask(prepared, AI_NUMERICHOST);
	if (prepared->status != EAI_NONAME)
		return prepared;
	int error = 0;
	net_lookup *lookup = malloc(sizeof *lookup);
	if (lookup != NULL) {
		*lookup = *prepared;
		lookup->base.release = release_lookup;
	}
	*result = wait_work(call, lookup != NULL ? &lookup->base : NULL, ask_on_thread, &error);
	if (*result == VOLT_NATIVE_WAIT)
		return NULL;
	prepared->status = EAI_MEMORY;
	return prepared;
}

const char *lookup_status_text(int status) {
	const c_locale_scope scope = volt_c_locale_enter();
	const char *text = gai_strerror(status);
	volt_c_locale_leave(scope);
	return text;
}

void lookup_set_error(volt_native_call *call, uint32_t index, const net_lookup *lookup) {
	switch (lookup->status) {
	case 0: native_set_nil(call, index); break;
	case EAI_SERVICE: native_set_error(call, index, "invalid port %s", lookup->service); break;
	case EAI_NONAME:
	case EAI_NODATA:
	case EAI_ADDRFAMILY: native_set_error(call, index, "lookup %s: no such host", lookup->host); break;
	default:
		native_set_error(call, index, "lookup %s: %s", lookup->host, lookup_status_text(lookup->status));
		break;
	}
}

/* ---- Texts ---- */

/* An IPv4 address in IPv6 clothes, as sockets for both have them, reads as the IPv4 address that it is. */
static socket_address unmapped(const socket_address *address) {
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address->storage;
	if (six->sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
		return *address;
	socket_address result = {.length = sizeof(struct sockaddr_in)};
	struct sockaddr_in *four = (struct sockaddr_in *)&result.storage;
	four->sin_family = AF_INET;
	four->sin_port = six->sin6_port;
	memcpy(&four->sin_addr, &six->sin6_addr.s6_addr[12], sizeof four->sin_addr);
	return result;
}

static void format_unix(const socket_address *address, char text[ADDRESS_TEXT_BYTES]) {
	const struct sockaddr_un *local = (const struct sockaddr_un *)&address->storage;
	size_t header = offsetof(struct sockaddr_un, sun_path);
	size_t length = address->length > header ? address->length - header : 0;
	snprintf(text, ADDRESS_TEXT_BYTES, "%.*s", (int)length, local->sun_path);
}

static void format_ip(const socket_address *address, char text[ADDRESS_TEXT_BYTES], bool with_port) {
	char host[NI_MAXHOST] = "";
	char port[NI_MAXSERV] = "";
	socket_address shown = unmapped(address);
	getnameinfo((const struct sockaddr *)&shown.storage, shown.length, host, sizeof host, port, sizeof port,
	            NI_NUMERICHOST | NI_NUMERICSERV);
	if (!with_port) {
		snprintf(text, ADDRESS_TEXT_BYTES, "%s", host);
		return;
	}
	bool brackets = strchr(host, ':') != NULL;
	snprintf(text, ADDRESS_TEXT_BYTES, "%s%s%s:%s", brackets ? "[" : "", host, brackets ? "]" : "", port);
}

void address_format(const socket_address *address, char text[ADDRESS_TEXT_BYTES]) {
	switch (address->storage.ss_family) {
	case AF_INET:
	case AF_INET6: format_ip(address, text, true); break;
	case AF_UNIX: format_unix(address, text); break;
	default: text[0] = '\0'; break;
	}
}

void address_format_host(const socket_address *address, char text[ADDRESS_TEXT_BYTES]) {
	format_ip(address, text, false);
}
