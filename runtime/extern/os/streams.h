/* Reads and writes that wait until the other side is ready: pipes, terminals, sockets. */
#ifndef EXTERN_OS_STREAMS_H
#define EXTERN_OS_STREAMS_H

#include "extern/os/descriptors.h"
#include "extern/support.h"

/* Sets results (int, error) and ends the native: os_return_int or net_return_int. */
typedef volt_native_result (*report_int)(volt_native_call *call, int64_t value, int error);

/* Both release `opened`. A read delivers what there is; a write is complete unless an error stops it. */
volt_native_result stream_read(volt_native_call *call, descriptor *opened, string_view target,
                               report_int report);
volt_native_result stream_write(volt_native_call *call, descriptor *opened, string_view source,
                                report_int report);

#endif
