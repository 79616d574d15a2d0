/* Package net: questions to the resolver (NATIVES.md, "Network"). */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "extern/net/net_lookup.h"
#include "extern/os/environment.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* ---- Addresses ---- */

/* As Go does, an IPv4 address first if there is one. */
static const socket_address *preferred(const net_lookup *lookup) {
	for (unsigned i = 0; i < lookup->count; i++)
		if (lookup->addresses[i].storage.ss_family == AF_INET)
			return &lookup->addresses[i];
	return &lookup->addresses[0];
}

static volt_native_result resolve_address(volt_native_call *call) {
	net_lookup prepared;
	volt_native_result result = VOLT_NATIVE_OK;
	string_view address = native_string(call, 1);
	const char *problem = lookup_prepare(&prepared, native_string(call, 0), address);
	if (problem != NULL) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "address %.*s: %s", (int)address.length, address.bytes, problem);
		return VOLT_NATIVE_OK;
	}
	const net_lookup *lookup = lookup_answer(call, &prepared, &result);
	if (lookup == NULL)
		return result;
	char text[ADDRESS_TEXT_BYTES] = "";
	if (lookup->count > 0)
		address_format(preferred(lookup), text);
	native_set_string(call, 0, text, strlen(text));
	lookup_set_error(call, 1, lookup);
	return VOLT_NATIVE_OK;
}

/* (network string, address string) -> (string, error), both */
static volt_native_result resolve_tcp(volt_native_call *call) {
	return resolve_address(call);
}
static volt_native_result resolve_udp(volt_native_call *call) {
	return resolve_address(call);
}

/* ---- Names to addresses ---- */

/* (host string) -> ([]string, error); every address once */
static volt_native_result lookup_host(volt_native_call *call) {
	net_lookup prepared;
	volt_native_result result = VOLT_NATIVE_OK;
	string_view host = native_string(call, 0);
	const char *problem = lookup_prepare_host(&prepared, host);
	if (problem != NULL) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "lookup %.*s: %s", (int)host.length, host.bytes, problem);
		return VOLT_NATIVE_OK;
	}
	const net_lookup *lookup = lookup_answer(call, &prepared, &result);
	if (lookup == NULL)
		return result;
	buffer *texts = native_scratch();
	for (unsigned i = 0; i < lookup->count; i++) {
		char text[ADDRESS_TEXT_BYTES];
		address_format_host(&lookup->addresses[i], text);
		buffer_append(texts, text, strlen(text) + 1);
	}
	native_set(call, 0,
	           lookup->status == 0 ? strings_from_texts(native_space(call), texts->bytes, lookup->count) : 0);
	lookup_set_error(call, 1, lookup);
	return VOLT_NATIVE_OK;
}

/* ---- Addresses to names ---- */

typedef struct {
	operation base;
	socket_address address;
	int status;
	char name[NI_MAXHOST];
} name_lookup;

static void release_name(operation *self) {
	free(self);
}

static void ask_name(operation *self) {
	name_lookup *lookup = (name_lookup *)self;
	lookup->status = getnameinfo((const struct sockaddr *)&lookup->address.storage, lookup->address.length,
	                             lookup->name, sizeof lookup->name - 1, NULL, 0, NI_NAMEREQD);
}

/* An absolute name ends in a dot, as Go gives it. */
static volt_native_result finish_name(volt_native_call *call, const name_lookup *lookup) {
	buffer *texts = native_scratch();
	buffer_append_text(texts, lookup->name);
	if (strchr(lookup->name, '.') != NULL && lookup->name[strlen(lookup->name) - 1] != '.')
		buffer_append_byte(texts, '.');
	buffer_append_byte(texts, '\0');
	bool found = lookup->status == 0;
	native_set(call, 0, found ? strings_from_texts(native_space(call), texts->bytes, 1) : 0);
	if (found)
		native_set_nil(call, 1);
	else
		native_set_error(call, 1, "lookup: %s", lookup_status_text(lookup->status));
	return VOLT_NATIVE_OK;
}

/* (address string) -> ([]string, error) */
static volt_native_result lookup_address(volt_native_call *call) {
	if (wait_operation(call) != NULL)
		return finish_name(call, (const name_lookup *)wait_operation(call));
	net_lookup numeric;
	string_view text = native_string(call, 0);
	const char *problem = lookup_prepare_host(&numeric, text);
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	if (problem != NULL || getaddrinfo(numeric.host, NULL, &hints, &list) != 0) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "lookup %.*s: unrecognized address", (int)text.length, text.bytes);
		return VOLT_NATIVE_OK;
	}
	name_lookup *lookup = calloc(1, sizeof *lookup);
	if (lookup != NULL) {
		lookup->base.release = release_name;
		memcpy(&lookup->address.storage, list->ai_addr, list->ai_addrlen);
		lookup->address.length = list->ai_addrlen;
	}
	freeaddrinfo(list);
	int error = 0;
	if (wait_work(call, lookup != NULL ? &lookup->base : NULL, ask_name, &error) == VOLT_NATIVE_WAIT)
		return VOLT_NATIVE_WAIT;
	return net_return_int(call, 0, error);
}

static const native_row rows[] = {
    {"net_lookupAddr", lookup_address, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(address string) -> ([]string, error)"},
    {"net_lookupHost", lookup_host, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(host string) -> ([]string, error)"},
    {"net_lookupIP", lookup_host, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(host string) -> ([]string, error)"},
    {"net_resolveTCPAddr", resolve_tcp, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(network string, address string) -> (string, error)"},
    {"net_resolveUDPAddr", resolve_udp, VOLT_PERMIT_NETWORK | NATIVE_MAY_WAIT,
     "(network string, address string) -> (string, error)"},
};

const native_package net_resolve_package = NATIVE_PACKAGE(rows);
