/* What a native is bound to: extern/registry.h makes it, calls use it. */
#ifndef STATE_NATIVE_BINDING_H
#define STATE_NATIVE_BINDING_H

#include "volt/native.h"
#include "volt/tier.h"

/* One import of a module, ready to be called. */
typedef struct {
	volt_native_function function;
	void *user;
	const char *name;                       /* belongs to the VM's table of natives */
	bool is_standard;                       /* the library's own, and called: neither replaced nor refused */
	const struct declared_native *declared; /* what it says of itself; NULL: nothing */
	volt_direct_native direct;              /* the same as a function, if it is standard and has one */
} native_binding;

#endif
