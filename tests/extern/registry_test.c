/* Looking up natives by name: all missing ones at once, permissions, overrides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static volt_module module_with(volt_native_import *imports, size_t count) {
	return (volt_module){.natives = {imports, (uint32_t)count}};
}

static volt_native_import import(const char *name) {
	return (volt_native_import){.name = {name, (uint32_t)strlen(name)}, .result_slots = 1};
}

static volt_native_result answer(volt_native_call *call) {
	return native_return_int(call, *(const int *)call->user);
}

START_TEST(missing_names_are_all_listed) {
	volt_native_import imports[] = {import("math_Sqrt"), import("no_such"), import("strings_Index"),
	                                import("line\nbreak"), import("")};
	volt_module module = module_with(imports, 5);
	native_table *table = native_table_new();
	native_binding *bindings = NULL;
	volt_error *error = native_table_bind(table, &module, VOLT_PERMIT_ALL, &bindings);
	ck_assert_ptr_nonnull(error);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_LINK);
	ck_assert_str_eq(volt_error_message(error), "unresolved extern functions:\n"
	                                            "  - [1] no_such\n"
	                                            "  - [3] line\\x0abreak\n"
	                                            "  - [4] ");
	ck_assert_ptr_null(bindings);
	volt_error_free(error);
	native_table_free(table);
}
END_TEST

START_TEST(bytes_functions_without_native_are_missing) {
	volt_native_import imports[] = {import("bytes_ToTitle"), import("bytes_EqualFold")};
	volt_module module = module_with(imports, 2);
	native_table *table = native_table_new();
	native_binding *bindings = NULL;
	volt_error *error = native_table_bind(table, &module, VOLT_PERMIT_ALL, &bindings);
	ck_assert_str_eq(volt_error_message(error),
	                 "unresolved extern functions:\n  - [0] bytes_ToTitle\n  - [1] bytes_EqualFold");
	volt_error_free(error);
	native_table_free(table);
}
END_TEST

START_TEST(bindings_keep_the_order_of_the_imports) {
	volt_native_import imports[] = {import("vo_println"), import("math_Sqrt"), import("vo_println")};
	volt_module module = module_with(imports, 3);
	native_table *table = native_table_new();
	native_binding *bindings = NULL;
	ck_assert_ptr_null(native_table_bind(table, &module, 0, &bindings));
	ck_assert_str_eq(bindings[0].name, "vo_println");
	ck_assert_str_eq(bindings[1].name, "math_Sqrt");
	ck_assert_ptr_eq(bindings[2].function, bindings[0].function);
	free(bindings);
	native_table_free(table);
}
END_TEST

START_TEST(module_without_imports_binds) {
	volt_module module = module_with(NULL, 0);
	native_table *table = native_table_new();
	native_binding *bindings = NULL;
	ck_assert_ptr_null(native_table_bind(table, &module, 0, &bindings));
	free(bindings);
	native_table_free(table);
}
END_TEST

/* Binds one native that needs `permission` in a VM that allows `allowed`, and calls it. */
static host_outcome call_with_permission(const char *name, unsigned permission, unsigned allowed) {
	static int seven = 7;
	volt_native_import imports[] = {import(name)};
	volt_module module = module_with(imports, 1);
	native_table *table = native_table_new();
	ck_assert_ptr_null(native_table_register(table, name, answer, &seven, (volt_permission)permission));
	native_binding *bindings = NULL;
	ck_assert_ptr_null(native_table_bind(table, &module, allowed, &bindings));
	host_outcome outcome = host_call_binding(bindings[0], 1, NULL, 0);
	free(bindings);
	native_table_free(table);
	return outcome;
}

START_TEST(refused_natives_panic_with_the_option) {
	static const struct {
		const char *name;
		unsigned permission;
		unsigned allowed;
		const char *panic;
	} cases[] = {
	    {"os_nativeReadFile", VOLT_PERMIT_FILES, 0,
	     "os_nativeReadFile: access to files is not allowed (--allow=fs)"},
	    {"os_nativeGetenv", VOLT_PERMIT_ENVIRONMENT, VOLT_PERMIT_FILES,
	     "os_nativeGetenv: access to the environment is not allowed (--allow=env)"},
	    {"net_dial", VOLT_PERMIT_NETWORK, VOLT_PERMIT_FILES,
	     "net_dial: access to the network is not allowed (--allow=net)"},
	    {"os_exec_startProcess", VOLT_PERMIT_PROCESSES, 0,
	     "os_exec_startProcess: access to processes is not allowed (--allow=process)"},
	    {"both", VOLT_PERMIT_FILES | VOLT_PERMIT_PROCESSES, VOLT_PERMIT_FILES,
	     "both: access to processes is not allowed (--allow=process)"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = call_with_permission(cases[i].name, cases[i].permission, cases[i].allowed);
		ck_assert_int_eq(outcome.ended, VOLT_NATIVE_PANIC);
		ck_assert_str_eq(host_panic(), cases[i].panic);
		ck_assert_uint_eq(outcome.results[0], HOST_UNTOUCHED);
	}
}
END_TEST

START_TEST(allowed_natives_run) {
	host_outcome outcome =
	    call_with_permission("x", VOLT_PERMIT_FILES | VOLT_PERMIT_NETWORK, VOLT_PERMIT_ALL);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[0], 7);
}
END_TEST

START_TEST(registering_replaces_the_native_of_the_library) {
	host_outcome outcome = call_with_permission("math_Sqrt", VOLT_PERMIT_NOTHING, 0);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[0], 7);
}
END_TEST

START_TEST(later_registrations_win_and_many_fit) {
	static int values[3000];
	char name[32];
	native_table *table = native_table_new();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 3000; i++) {
			values[i] = i;
			snprintf(name, sizeof name, "own_native%d", i);
			ck_assert_ptr_null(
			    native_table_register(table, name, answer, &values[round == 0 ? 0 : i], VOLT_PERMIT_NOTHING));
		}
	}
	strcpy(name, "own_native2999"); /* the table keeps a copy of the name */
	volt_native_import imports[] = {import("own_native1234"), import("own_native2999"), import("math_Sqrt")};
	volt_module module = module_with(imports, 3);
	native_binding *bindings = NULL;
	ck_assert_ptr_null(native_table_bind(table, &module, 0, &bindings));
	ck_assert_uint_eq(host_call_binding(bindings[0], 1, NULL, 0).results[0], 1234);
	ck_assert_uint_eq(host_call_binding(bindings[1], 1, NULL, 0).results[0], 2999);
	ck_assert_str_eq(bindings[2].name, "math_Sqrt");
	free(bindings);
	native_table_free(table);
}
END_TEST

START_TEST(registering_nothing_is_an_error) {
	native_table *table = native_table_new();
	volt_error *error = native_table_register(table, "", answer, NULL, VOLT_PERMIT_NOTHING);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_ARGUMENT);
	volt_error_free(error);
	error = native_table_register(table, "x", NULL, NULL, VOLT_PERMIT_NOTHING);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_ARGUMENT);
	volt_error_free(error);
	native_table_free(table);
}
END_TEST

/*
 * A module may import a native with other widths than it has: nothing outside of the given slots is
 * touched.
 */
START_TEST(slots_that_the_module_does_not_give_are_not_touched) {
	host_outcome outcome = host_call("math_Sqrt", 1, NULL, 0);
	ck_assert_uint_eq(outcome.results[0], FLOAT(0.0));
	outcome = CALL("math_Frexp", 1, FLOAT(8.0));
	ck_assert_uint_eq(outcome.results[0], FLOAT(0.5));
	ck_assert_uint_eq(outcome.results[1], HOST_UNTOUCHED);
	outcome = CALL("math_Sqrt", 0, FLOAT(4.0));
	ck_assert_uint_eq(outcome.results[0], HOST_UNTOUCHED);
}
END_TEST

HOST_MAIN("registry", missing_names_are_all_listed, bytes_functions_without_native_are_missing,
          bindings_keep_the_order_of_the_imports, module_without_imports_binds,
          refused_natives_panic_with_the_option, allowed_natives_run,
          registering_replaces_the_native_of_the_library, later_registrations_win_and_many_fit,
          registering_nothing_is_an_error, slots_that_the_module_does_not_give_are_not_touched)
