/* The natives dyn_*: argument and result slots of dynamic access. */
#include "extern/dynamic/dyn.h"
#include "extern/registry.h"

/* Ends a native whose last result is the error; `values` slots stand before it. */
static volt_native_result finish(dyn_access *access, dyn_outcome outcome, const volt_slot *values,
                                 uint32_t count) {
	volt_native_call *call = access->call;
	if (outcome == DYN_CALLING)
		return VOLT_NATIVE_CALL_CLOSURE;
	for (uint32_t i = 0; i < count; i++)
		// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is done has its values
		native_set(call, i, outcome == DYN_DONE ? values[i] : 0);
	if (outcome == DYN_DONE)
		native_set_nil(call, count);
	else
		native_set_any(call, count, access->error);
	return VOLT_NATIVE_OK;
}

/* ---- Fields ---- */

static dyn_outcome get_field(dyn_access *access, volt_slot base[2], volt_slot name, volt_slot value[2]) {
	bool applies;
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot access field on nil");
	if (name == 0)
		return dyn_fail(access, DYN_BAD_FIELD, "field name is nil");
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_GET_ATTRIBUTE, &name, 1, &applies, value);
	return outcome != DYN_DONE || applies ? outcome
	                                      : dyn_reflect_field(access, base, string_get(name), value);
}

static dyn_outcome set_field(dyn_access *access, volt_slot base[2], volt_slot name, volt_slot value[2]) {
	bool applies;
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot set field on nil");
	if (name == 0)
		return dyn_fail(access, DYN_BAD_FIELD, "field name is nil");
	volt_slot arguments[3] = {name, value[0], value[1]};
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_SET_ATTRIBUTE, arguments, 3, &applies, NULL);
	return outcome != DYN_DONE || applies ? outcome : dyn_reflect_set_field(access, base, name, value);
}

static volt_native_result field_native(volt_native_call *call, uint32_t rttid, volt_kind kind) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	volt_slot value[2] = {0, 0};
	volt_slot result[2] = {0, 0};
	dyn_outcome outcome = get_field(&access, base.slots, native_slot(call, 2), value);
	if (outcome == DYN_DONE)
		outcome = dyn_convert(&access, value, rttid, kind, result);
	return finish(&access, outcome, result, 2);
}

static volt_native_result dyn_field(volt_native_call *call) {
	return field_native(call, (uint32_t)native_slot(call, 3), (volt_kind)(native_slot(call, 4) & 0xff));
}

static volt_native_result dyn_get_attribute(volt_native_call *call) {
	return field_native(call, 0, VOLT_KIND_INTERFACE);
}

static volt_native_result dyn_set_field(volt_native_call *call) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	native_interface value = native_any(call, 3);
	dyn_outcome outcome = set_field(&access, base.slots, native_slot(call, 2), value.slots);
	return finish(&access, outcome, NULL, 0);
}

/* ---- Indices ---- */

static dyn_outcome get_index(dyn_access *access, volt_slot base[2], volt_slot key[2], volt_slot value[2]) {
	bool applies;
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot index nil");
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_GET_INDEX, key, 2, &applies, value);
	return outcome != DYN_DONE || applies ? outcome : dyn_reflect_index(access, base, key, value);
}

static dyn_outcome set_index(dyn_access *access, volt_slot base[2], volt_slot key[2], volt_slot value[2]) {
	bool applies;
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot set index on nil");
	volt_slot arguments[4] = {key[0], key[1], value[0], value[1]};
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_SET_INDEX, arguments, 4, &applies, NULL);
	return outcome != DYN_DONE || applies ? outcome : dyn_reflect_set_index(access, base, key, value);
}

static volt_native_result index_native(volt_native_call *call, uint32_t rttid, volt_kind kind) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	native_interface key = native_any(call, 2);
	volt_slot value[2] = {0, 0};
	volt_slot result[2] = {0, 0};
	dyn_outcome outcome = get_index(&access, base.slots, key.slots, value);
	if (outcome == DYN_DONE)
		outcome = dyn_convert(&access, value, rttid, kind, result);
	return finish(&access, outcome, result, 2);
}

static volt_native_result dyn_index(volt_native_call *call) {
	return index_native(call, (uint32_t)native_slot(call, 4), (volt_kind)(native_slot(call, 5) & 0xff));
}

static volt_native_result dyn_get_index(volt_native_call *call) {
	return index_native(call, 0, VOLT_KIND_INTERFACE);
}

static volt_native_result dyn_set_index(volt_native_call *call) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	native_interface key = native_any(call, 2);
	native_interface value = native_any(call, 4);
	dyn_outcome outcome = set_index(&access, base.slots, key.slots, value.slots);
	return finish(&access, outcome, NULL, 0);
}

/* ---- Calls ---- */

/* The types that the caller wants: a count, that many metas, that many flags. */
static dyn_expected read_expected(const volt_native_call *call, uint32_t first) {
	uint32_t room = call->argument_count > first + 1 ? (call->argument_count - first - 1) / 2 : 0;
	uint64_t count = native_slot(call, first);
	uint32_t used = count < room ? (uint32_t)count : room;
	return (dyn_expected){used, call->arguments + first + 1, call->arguments + first + 1 + used};
}

static uint32_t expected_slots(dyn_access *access, const dyn_expected *expected) {
	uint32_t slots = 0;
	for (uint32_t i = 0; i < expected->count; i++)
		slots += dyn_result_slots(access, (uint32_t)expected->types[i], expected->any[i] != 0);
	return slots;
}

static volt_native_result dyn_call(volt_native_call *call) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	dyn_expected expected = read_expected(call, 3);
	uint32_t slots = expected_slots(&access, &expected);
	dyn_results results = {0};
	dyn_outcome outcome =
	    dyn_call_returned(&access)
	        ? dyn_finish_call(&access, &expected, &results)
	        : dyn_call_value(&access, base.slots, native_slot(call, 2), &expected, &results);
	return finish(&access, outcome, results.slots, slots);
}

static native_words method_arguments(const volt_native_call *call) {
	return native_slice(call, 3);
}

/* By reflection: the method, or a field that holds a function. */
static dyn_outcome call_reflected(dyn_access *access, volt_slot base[2], string_view name,
                                  const dyn_expected *expected, dyn_results *results) {
	volt_slot closure;
	uint32_t signature;
	volt_slot value[2];
	if (dyn_find_method(access, base, name, &closure, &signature))
		return dyn_call_closure(access, closure, signature, method_arguments(access->call), expected->count);
	dyn_outcome outcome = dyn_reflect_field(access, base, name, value);
	if (outcome != DYN_DONE)
		return outcome;
	if (volt_interface_kind(value[0]) != VOLT_KIND_CLOSURE) {
		return dyn_fail(access, DYN_BAD_CALL, "%.*s is not a method",
		                (int)(name.length < 400 ? name.length : 400), name.bytes);
	}
	return dyn_call_value(access, value, native_slot(access->call, 3), expected, results);
}

static bool has_members(volt_kind kind) {
	return kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_POINTER || kind == VOLT_KIND_MAP;
}

static dyn_outcome call_method(dyn_access *access, volt_slot base[2], const dyn_expected *expected,
                               dyn_results *results) {
	volt_slot name = native_slot(access->call, 2);
	volt_slot value[2];
	volt_slot closure;
	uint32_t signature;
	bool applies;
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot call method on nil");
	if (name == 0)
		return dyn_fail(access, DYN_BAD_FIELD, "field name is nil");
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_GET_ATTRIBUTE, &name, 1, &applies, value);
	if (outcome != DYN_DONE)
		return outcome;
	if (applies)
		return dyn_call_value(access, value, native_slot(access->call, 3), expected, results);
	if (!has_members(volt_interface_kind(base[0])) &&
	    !dyn_find_method(access, base, string_get(name), &closure, &signature))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "value does not have methods");
	return call_reflected(access, base, string_get(name), expected, results);
}

static volt_native_result dyn_method(volt_native_call *call) {
	dyn_access access = dyn_begin(call);
	native_interface base = native_any(call, 0);
	dyn_expected expected = read_expected(call, 4);
	uint32_t slots = expected_slots(&access, &expected);
	dyn_results results = {0};
	dyn_outcome outcome = dyn_call_returned(&access) ? dyn_finish_call(&access, &expected, &results)
	                                                 : call_method(&access, base.slots, &expected, &results);
	return finish(&access, outcome, results.slots, slots);
}

/* ---- Parts of the operator that the compiler writes out ---- */

static volt_native_result dyn_pack_any_slice(volt_native_call *call) {
	enum { FIRST = 2 };
	dyn_access access = dyn_begin(call);
	uint32_t room = call->argument_count > FIRST ? (call->argument_count - FIRST) / 2 : 0;
	uint64_t count = native_slot(call, 0);
	volt_slot slice = 0;
	dyn_outcome outcome =
	    dyn_pack_arguments(&access, call->arguments + FIRST, count < room ? (uint32_t)count : room,
	                       native_bool(call, 1), &slice);
	return finish(&access, outcome, &slice, 1);
}

static volt_native_result dyn_type_assert_error(volt_native_call *call) {
	dyn_access access = dyn_begin(call);
	volt_slot got = native_slot(call, 2);
	dyn_outcome outcome = dyn_fail(&access, DYN_TYPE_MISMATCH,
	                               "type assertion failed: expected vk=%u rttid=%u, got vk=%s rttid=%u",
	                               (unsigned)native_slot(call, 1), (unsigned)native_slot(call, 0),
	                               dyn_kind_name(volt_interface_kind(got)), volt_interface_rttid(got));
	return finish(&access, outcome, NULL, 0);
}

static volt_native_result dyn_get_errors(volt_native_call *call) {
	for (unsigned i = 0; i < DYN_SENTINEL_COUNT; i++) {
		volt_slot error[2];
		dyn_sentinel_value(native_space(call), (dyn_sentinel)i, error);
		native_set_any(call, 2 * i, error);
	}
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"dyn_field", dyn_field, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, name string, expected rttid, expected kind) -> (two words, error)"},
    {"dyn_index", dyn_index, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, key any, expected rttid, expected kind) -> (two words, error)"},
    {"dyn_set_field", dyn_set_field, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, name string, new any) -> error"},
    {"dyn_set_index_unified", dyn_set_index, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, key any, new any) -> error"},
    {"dyn_call", dyn_call, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, arguments []any, n int, n expected rttids, n flags \"is any\") -> (values, error)"},
    {"dyn_method", dyn_method, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, name string, arguments []any, n int, n expected rttids, n flags \"is any\") -> (values, "
     "error)"},
    {"dyn_pack_any_slice", dyn_pack_any_slice, VOLT_PERMIT_NOTHING,
     "(count int, spread bool, values any...) -> ([]any, error)"},
    {"dyn_type_assert_error", dyn_type_assert_error, VOLT_PERMIT_NOTHING,
     "(expected rttid, expected kind, found any) -> error"},
    {"dyn_GetAttr", dyn_get_attribute, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, name string) -> (any, error)"},
    {"dyn_SetAttr", dyn_set_field, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, name string, new any) -> error"},
    {"dyn_GetIndex", dyn_get_index, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, key any) -> (any, error)"},
    {"dyn_SetIndex", dyn_set_index, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(value any, key any, new any) -> error"},
    {"dyn_getDynErrors", dyn_get_errors, VOLT_PERMIT_NOTHING, "() -> 8 errors"},
};

const native_package dyn_package = NATIVE_PACKAGE(rows);
