/*
 * A host whose natives say what they take and give. `declared_natives PROGRAM TIER`. Each native of the table
 * below is for one side of the interface; host_hold asks for much while it holds what must be given back.
 */
#include "host.h"

static const char *const kinds[] = {"bool",   "int",   "uint",      "float64",  "float32",
                                    "string", "bytes", "reference", "interface"};

/* Every kind that can be printed, and back: the result is a line of text and the number of its bytes. */
static volt_native_result show(volt_native_call *call) {
	char line[160];
	const volt_value_text text = volt_native_get_string(call, 5), bytes = volt_native_get_bytes(call, 6);
	const int length = snprintf(
	    line, sizeof line, "%s %lld %llu %g %g %.*s %.*s", volt_native_get_bool(call, 0) ? "yes" : "no",
	    (long long)volt_native_get_int(call, 1), (unsigned long long)volt_native_get_uint(call, 2),
	    volt_native_get_float(call, 3), volt_native_get_float(call, 4), (int)text.length, text.bytes,
	    (int)bytes.length, bytes.bytes);
	volt_native_set_int(call, 1, length);
	volt_native_set_string(call, 0, line, (size_t)length);
	return VOLT_NATIVE_OK;
}

/* Writes its results before it has read its arguments, in whose slots they are to be. */
static volt_native_result swap(volt_native_call *call) {
	volt_native_set_int(call, 0, volt_native_get_int(call, 1));
	volt_native_set_int(call, 1, volt_native_get_int(call, 0));
	return VOLT_NATIVE_OK;
}

static volt_native_result sum(volt_native_call *call) {
	const volt_native_elements elements = volt_native_get_elements(call, 0, VOLT_KIND_INT);
	int64_t total = 0;
	for (size_t i = 0; i < elements.count; i++)
		total += ((const int64_t *)elements.items)[i];
	volt_native_set_int(call, 0, total);
	return VOLT_NATIVE_OK;
}

/* What is in an interface, by looking for each kind. */
static volt_native_result tell(volt_native_call *call) {
	const volt_native_interface any = volt_native_get_interface(call, 0);
	const volt_value_text described = volt_native_describe(call, any);
	for (volt_value_kind kind = VOLT_VALUE_BOOL; kind <= VOLT_VALUE_BYTES; kind++) {
		volt_value value = volt_value_of(kind);
		if (!volt_native_unwrap(call, any, &value))
			continue;
		char line[96];
		const int length =
		    snprintf(line, sizeof line, "%s %.*s", kinds[kind], (int)described.length, described.bytes);
		volt_native_set_string(call, 0, line, (size_t)length);
	}
	return VOLT_NATIVE_OK; /* anything else leaves the result empty */
}

/* An error for an odd number, nil for an even one. */
static volt_native_result check(volt_native_call *call) {
	const int64_t number = volt_native_get_int(call, 0);
	if (number % 2 != 0)
		volt_native_set_error(call, 0, "%lld is odd", (long long)number);
	return VOLT_NATIVE_OK;
}

static void say(void *line) {
	puts(line);
}

/* Holds a third thing while it makes a string of as many megabytes as its argument says. */
static volt_native_result hold(volt_native_call *call) {
	const int64_t megabytes = volt_native_get_int(call, 0);
	if (!volt_native_at_end(call, say, "first") || !volt_native_at_end(call, say, "second"))
		return volt_native_panic(call, "no memory");
	if (megabytes < 0)
		return volt_native_panic(call, "less than nothing");
	char *bytes = calloc((size_t)megabytes + 1, 1 << 20);
	if (bytes && volt_native_at_end(call, free, bytes))
		volt_native_new_string(call, bytes, (size_t)megabytes << 20);
	return VOLT_NATIVE_OK;
}

/* ---- Natives with faults ---- */

static volt_native_result wrong_kind(volt_native_call *call) {
	return volt_native_get_string(call, 0).length == 0 ? VOLT_NATIVE_OK : VOLT_NATIVE_YIELD;
}

static volt_native_result no_such_result(volt_native_call *call) {
	volt_native_set_int(call, 0, volt_native_get_int(call, 0));
	volt_native_set_int(call, 1, 1);
	volt_native_set_float(call, 0, 2);
	return VOLT_NATIVE_OK;
}

static const struct {
	const char *name;
	volt_native_function function;
	const char *parameters, *results; /* a letter for each */
} natives[] = {
    {"host_show", show, "biufgst", "si"},
    {"host_swap", swap, "ii", "ii"},
    {"host_sum", sum, "r", "i"},
    {"host_tell", tell, "a", "s"},
    {"host_check", check, "i", "a"},
    {"host_hold", hold, "i", ""},
    {"host_wrong_kind", wrong_kind, "i", "i"},
    {"host_no_such_result", no_such_result, "i", "i"},
};

static size_t kinds_of(const char *letters, volt_value_kind *to) {
	static const char all[] = "biufgstra"; /* in the order of volt_value_kind */
	for (size_t i = 0; letters[i]; i++)
		to[i] = (volt_value_kind)(strchr(all, letters[i]) - all);
	return strlen(letters);
}

static volt_error *declare_all(volt_vm *vm) {
	volt_error *error = NULL;
	for (size_t i = 0; i < sizeof natives / sizeof *natives && !error; i++) {
		volt_value_kind parameters[VOLT_NATIVE_VALUES], results[VOLT_NATIVE_VALUES];
		const volt_native_signature signature = {
		    parameters,
		    kinds_of(natives[i].parameters, parameters),
		    results,
		    kinds_of(natives[i].results, results),
		};
		error = volt_vm_declare_native(vm, natives[i].name, natives[i].function, NULL, VOLT_PERMIT_NOTHING,
		                               &signature);
	}
	return error ? error : volt_vm_register_native(vm, "host_undeclared", swap, NULL, VOLT_PERMIT_NOTHING);
}

/* What cannot be declared. */
static void declare_badly(volt_vm *vm) {
	volt_value_kind many[VOLT_NATIVE_VALUES + 1] = {VOLT_VALUE_INT};
	const volt_value_kind none = VOLT_VALUE_KIND_COUNT;
	const volt_native_signature too_many = {many, VOLT_NATIVE_VALUES + 1, NULL, 0};
	const volt_native_signature no_kind = {NULL, 0, &none, 1};
	host_report(stdout, volt_vm_declare_native(vm, "host_a", sum, NULL, VOLT_PERMIT_NOTHING, &too_many), 0);
	host_report(stdout, volt_vm_declare_native(vm, "host_b", sum, NULL, VOLT_PERMIT_NOTHING, &no_kind), 0);
	host_report(stdout, volt_vm_declare_native(vm, "host_c", sum, NULL, VOLT_PERMIT_NOTHING, NULL), 0);
	host_report(stdout, volt_vm_declare_native(vm, "", sum, NULL, VOLT_PERMIT_NOTHING, &no_kind), 0);
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	volt_vm_options options = host_options(arguments[2]);
	options.max_heap_bytes = 64 << 20;
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error && count > 3)
		declare_badly(vm);
	if (!error)
		error = declare_all(vm);
	if (!error)
		error = volt_vm_run(vm, &status);
	fflush(stdout);
	status = host_report(stdout, error, status);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
