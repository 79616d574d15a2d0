/*
 * Errors of the host as values of the language: sentinels of the packages os, net and io where there is one
 * (NATIVES.md, "Files and processes"), else a new error with the host's text.
 */
#ifndef EXTERN_OS_SYSTEM_ERRORS_H
#define EXTERN_OS_SYSTEM_ERRORS_H

#include "volt/native.h"

/* The numbers of sentinels are their positions in the results of os_getOsErrors and io_getIoErrors. */
typedef enum {
	OS_NOT_EXIST,
	OS_EXIST,
	OS_PERMISSION,
	OS_INVALID,
	OS_TIMEOUT,
	OS_CLOSED,
	OS_NOT_DIRECTORY,
	OS_IS_DIRECTORY,
	OS_SENTINEL_COUNT,
} os_sentinel;

typedef enum { NET_CLOSED, NET_TIMEOUT } net_sentinel;

enum { IO_EOF, IO_SENTINEL_COUNT = 11 };

/*
 * Errors without a number of the host, used where an errno stands. They are negative, so they never meet one.
 * ERROR_CLOSED: a descriptor of the program that is closed or never was. ERROR_END: end of a stream.
 */
enum { ERROR_CLOSED = -1, ERROR_END = -2 };

void os_set_sentinel(volt_native_call *call, uint32_t index, os_sentinel sentinel);
void io_set_sentinel(volt_native_call *call, uint32_t index, unsigned sentinel);

/* An errno or one of the above; 0 gives the nil error. */
void os_set_error(volt_native_call *call, uint32_t index, int error);
void net_set_error(volt_native_call *call, uint32_t index, int error);

/* The end of a native whose only result is an error. */
volt_native_result os_return_error(volt_native_call *call, int error);
volt_native_result net_return_error(volt_native_call *call, int error);

/* The end of a native with results (int, error), and with (string, error). */
volt_native_result os_return_int(volt_native_call *call, int64_t value, int error);
volt_native_result net_return_int(volt_native_call *call, int64_t value, int error);
volt_native_result os_return_text(volt_native_call *call, const char *text, size_t length, int error);

#endif
