/* The mapping from errno to sentinels and texts. */
#include "extern/os/system_errors.h"

#include <errno.h>
#include <string.h>

#include "extern/support.h"

static const char *const os_messages[OS_SENTINEL_COUNT] = {
    [OS_NOT_EXIST] = "file does not exist", [OS_EXIST] = "file already exists",
    [OS_PERMISSION] = "permission denied",  [OS_INVALID] = "invalid argument",
    [OS_TIMEOUT] = "operation timed out",   [OS_CLOSED] = "file already closed",
    [OS_NOT_DIRECTORY] = "not a directory", [OS_IS_DIRECTORY] = "is a directory",
};

static const char *const io_messages[IO_SENTINEL_COUNT] = {
    "EOF",
    "unexpected EOF",
    "short write",
    "short buffer",
    "multiple Read calls return no data or error",
    "io: read/write on closed pipe",
    "invalid write result",
    "invalid whence",
    "invalid offset",
    "negative read count",
    "negative count",
};

static const char *const net_messages[] = {
    [NET_CLOSED] = "use of closed network connection",
    [NET_TIMEOUT] = "i/o timeout",
};

void os_set_sentinel(volt_native_call *call, uint32_t index, os_sentinel sentinel) {
	native_set_sentinel(call, index, "os", sentinel, os_messages[sentinel]);
}

void io_set_sentinel(volt_native_call *call, uint32_t index, unsigned sentinel) {
	native_set_sentinel(call, index, "io", sentinel, io_messages[sentinel]);
}

/* As the original's host language writes it. */
static void set_host_error(volt_native_call *call, uint32_t index, int error) {
	const char *text = strerrordesc_np(error);
	native_set_error(call, index, "%s (os error %d)", text != NULL ? text : "Unknown error", error);
}

/* The sentinel of package os that stands for an errno, or -1. */
static int os_sentinel_of(int error) {
	switch (error) {
	case ENOENT: return OS_NOT_EXIST;
	case EEXIST: return OS_EXIST;
	case EACCES:
	case EPERM: return OS_PERMISSION;
	case EINVAL: return OS_INVALID;
	case ETIMEDOUT: return OS_TIMEOUT;
	case ERROR_CLOSED: return OS_CLOSED;
	case ENOTDIR: return OS_NOT_DIRECTORY;
	case EISDIR: return OS_IS_DIRECTORY;
	default: return -1;
	}
}

void os_set_error(volt_native_call *call, uint32_t index, int error) {
	int sentinel = os_sentinel_of(error);
	if (error == 0) {
		native_set_nil(call, index);
	} else if (sentinel >= 0) {
		os_set_sentinel(call, index, (os_sentinel)sentinel);
	} else if (error == ERROR_END) {
		/* A new error and not io.EOF (NATIVES.md, "Files and processes"). */
		native_set_error(call, index, "EOF");
	} else {
		set_host_error(call, index, error);
	}
}

void net_set_error(volt_native_call *call, uint32_t index, int error) {
	switch (error) {
	case 0: native_set_nil(call, index); break;
	case ERROR_CLOSED: native_set_sentinel(call, index, "net", NET_CLOSED, net_messages[NET_CLOSED]); break;
	case ETIMEDOUT: native_set_sentinel(call, index, "net", NET_TIMEOUT, net_messages[NET_TIMEOUT]); break;
	case ERROR_END: io_set_sentinel(call, index, IO_EOF); break;
	default: set_host_error(call, index, error); break;
	}
}

volt_native_result os_return_error(volt_native_call *call, int error) {
	os_set_error(call, 0, error);
	return VOLT_NATIVE_OK;
}

volt_native_result net_return_error(volt_native_call *call, int error) {
	net_set_error(call, 0, error);
	return VOLT_NATIVE_OK;
}

volt_native_result os_return_int(volt_native_call *call, int64_t value, int error) {
	os_set_error(call, 1, error);
	return native_return_int(call, value);
}

volt_native_result net_return_int(volt_native_call *call, int64_t value, int error) {
	net_set_error(call, 1, error);
	return native_return_int(call, value);
}

volt_native_result os_return_text(volt_native_call *call, const char *text, size_t length, int error) {
	native_set_string(call, 0, text, error == 0 ? length : 0);
	os_set_error(call, 1, error);
	return VOLT_NATIVE_OK;
}
