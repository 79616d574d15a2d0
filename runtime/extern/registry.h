/*
 * Natives by name: tables of the library's packages, overrides that an embedder registers, and the
 * binding of a module's imports to functions (NATIVES.md, "Names and slots").
 */
#ifndef EXTERN_REGISTRY_H
#define EXTERN_REGISTRY_H

#include "state/native_binding.h"
#include "volt/bytecode.h"

/* ---- Tables of the library ---- */

/* In a row beside its permission: the native may begin a wait, or call a closure, which may do anything. */
enum { NATIVE_MAY_WAIT = VOLT_PERMIT_ALL + 1 };

typedef struct {
	const char *name; /* as in the module's import table: "math_Sqrt" */
	volt_native_function function;
	unsigned marks;        /* a volt_permission, NATIVE_MAY_WAIT */
	const char *signature; /* for people: "(text string, n int) -> ([]string, error)" */
} native_row;

/* A native that is a function of its arguments, which compiled code calls: extern/direct_native.h. */
typedef struct {
	const char *name; /* of a row */
	volt_direct_native direct;
} direct_native_row;

typedef struct {
	const native_row *rows;
	size_t count;
	const direct_native_row *direct_rows;
	size_t direct_count;
} native_package;

/* A package from its array of rows, and one that also has an array of those that are functions. */
#define NATIVE_PACKAGE(table) \
	{ .rows = (table), .count = sizeof(table) / sizeof *(table) }
#define NATIVE_PACKAGE_WITH_DIRECT(table, direct_table) \
	{ \
		.rows = (table), .count = sizeof(table) / sizeof *(table), .direct_rows = (direct_table), \
		.direct_count = sizeof(direct_table) / sizeof *(direct_table), \
	}

#define PACKAGE(name) extern const native_package name##_package;
#include "extern/packages.def"
#undef PACKAGE

/* ---- The natives of one VM ---- */

typedef struct native_table native_table;

/* A table with all natives of the library; NULL when there is no memory. */
native_table *native_table_new(void);

/* Adds a native, or replaces the one of the same name. `name` is copied. Not after native_table_bind(). */
volt_error *native_table_register(native_table *table, const char *name, volt_native_function function,
                                  void *user, volt_permission permission);

/* The same for one that says what it takes and gives, which is copied (volt_vm_declare_native()). */
volt_error *native_table_declare(native_table *table, const char *name, volt_native_function function,
                                 void *user, volt_permission permission,
                                 const volt_native_signature *signature);

/*
 * One binding for each import of the module, in its order; free(*bindings) is the caller's, and the table
 * must outlive them. A native whose permission is not in `allowed` is bound to a function that panics with a
 * text that says so. VOLT_ERROR_LINK lists all imports that nobody registered, or
 * names a call that does not agree with the native's declaration.
 */
volt_error *native_table_bind(const native_table *table, const volt_module *module, unsigned allowed,
                              native_binding **bindings);

/* NULL is allowed. */
void native_table_free(native_table *table);

#endif
