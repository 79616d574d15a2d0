/* Natives that compiled code calls itself (volt/tier.h, volt_direct_native), by symbols of their imports. */
#ifndef IR_NATIVE_SYMBOLS_H
#define IR_NATIVE_SYMBOLS_H

#include <stdio.h>

#include "volt/tier.h"

/* `host` may be NULL. */
static inline volt_direct_native direct_native_of(const volt_tier_host *host, uint32_t native) {
	return host && host->direct_native ? host->direct_native(host->user, native) : (volt_direct_native){0};
}

/* "volt_native_7"; the buffer is returned. */
enum { NATIVE_SYMBOL_SIZE = 32 };
static inline const char *native_symbol(uint32_t native, char *buffer) {
	snprintf(buffer, NATIVE_SYMBOL_SIZE, "volt_native_%u", native);
	return buffer;
}

#endif
