/* Package io: its sentinel errors (NATIVES.md, "Files and processes"). */
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* () -> 11 errors */
static volt_native_result get_io_errors(volt_native_call *call) {
	for (unsigned i = 0; i < IO_SENTINEL_COUNT; i++)
		io_set_sentinel(call, 2 * i, i);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"io_getIoErrors", get_io_errors, VOLT_PERMIT_NOTHING, "() -> 11 errors"},
};

const native_package io_package = NATIVE_PACKAGE(rows);
