/*
 * What the module knows of a function's parameters and results: how many slots they take, of which types the
 * frame's slots are, and for functions that run on islands the types themselves.
 */
#include "vm/signature.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"

/* ---- Finding ---- */

static volt_error *find_number(const volt_module *module, const char *name, uint32_t *function) {
	char *end;
	const unsigned long long number = strtoull(name + 1, &end, 10);
	if (name[1] < '0' || name[1] > '9' || *end || number >= module->functions.count)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "function %s: there are #0 to #%u", name,
		                      module->functions.count - 1);
	*function = (uint32_t)number;
	return NULL;
}

static volt_error *ambiguous(const char *name, uint32_t count, uint32_t first, uint32_t last) {
	return volt_error_new(VOLT_ERROR_ARGUMENT, "function %s: %u functions have this name, from #%u to #%u",
	                      name, count, first, last);
}

volt_error *signature_find(const volt_module *module, const char *name, uint32_t *function) {
	if (!name)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "a function without a name is called");
	if (name[0] == '#')
		return find_number(module, name, function);
	const size_t length = strlen(name);
	uint32_t count = 0, first = 0, last = 0;
	for (uint32_t i = 0; i < module->functions.count; i++) {
		const volt_text candidate = module->functions.items[i].name;
		if (candidate.length != length || memcmp(candidate.bytes, name, length) != 0)
			continue;
		first = count++ ? first : i;
		last = i;
	}
	if (count == 0)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "function %s: %s has none of this name", name,
		                      module->source);
	*function = first;
	return count == 1 ? NULL : ambiguous(name, count, first, last);
}

/* ---- Kinds ---- */

/* May a value of this kind begin in a slot of this type? */
static bool fits_slot(volt_value_kind kind, uint8_t type) {
	switch (kind) {
	case VOLT_VALUE_BOOL:
	case VOLT_VALUE_INT:
	case VOLT_VALUE_UINT: return type == VOLT_SLOT_VALUE;
	case VOLT_VALUE_FLOAT64: return type == VOLT_SLOT_FLOAT;
	case VOLT_VALUE_FLOAT32: return type == VOLT_SLOT_FLOAT || type == VOLT_SLOT_VALUE;
	case VOLT_VALUE_STRING:
	case VOLT_VALUE_BYTES:
	case VOLT_VALUE_REFERENCE: return type == VOLT_SLOT_REFERENCE;
	case VOLT_VALUE_INTERFACE: return type == VOLT_SLOT_INTERFACE_TYPE;
	case VOLT_VALUE_KIND_COUNT: break;
	}
	return false;
}

static bool fits_kind(volt_value_kind kind, volt_kind type) {
	switch (kind) {
	case VOLT_VALUE_BOOL: return type == VOLT_KIND_BOOL;
	case VOLT_VALUE_INT: return type >= VOLT_KIND_INT && type <= VOLT_KIND_INT64;
	case VOLT_VALUE_UINT: return type >= VOLT_KIND_UINT && type <= VOLT_KIND_UINT64;
	case VOLT_VALUE_FLOAT64: return type == VOLT_KIND_FLOAT64;
	case VOLT_VALUE_FLOAT32: return type == VOLT_KIND_FLOAT32;
	case VOLT_VALUE_STRING: return type == VOLT_KIND_STRING;
	case VOLT_VALUE_BYTES: return type == VOLT_KIND_SLICE;
	case VOLT_VALUE_REFERENCE:
		return type == VOLT_KIND_ARRAY || type == VOLT_KIND_STRING ||
		       (type >= VOLT_KIND_SLICE && type < VOLT_KIND_COUNT);
	case VOLT_VALUE_INTERFACE: return type == VOLT_KIND_INTERFACE;
	case VOLT_VALUE_KIND_COUNT: break;
	}
	return false;
}

/* ---- Errors ---- */

volt_error *signature_error(const volt_module *module, uint32_t index, const char *what, size_t number,
                            const char *format, ...) {
	const volt_text name = module->functions.items[index].name;
	va_list arguments;
	va_start(arguments, format);
	volt_error *error = volt_error_new_v(VOLT_ERROR_ARGUMENT, format, arguments);
	va_end(arguments);
	return volt_error_prefix(error, "function %s (#%u), %s %zu", volt_printable(name).text, index, what,
	                         number);
}

static volt_error *wrong_count(const volt_module *module, uint32_t index, const char *what, uint32_t slots,
                               size_t count) {
	const volt_function *function = &module->functions.items[index];
	return volt_error_new(VOLT_ERROR_ARGUMENT,
	                      "function %s (#%u): its %ss take %u slots, and these are %zu %ss",
	                      volt_printable(function->name).text, index, what, slots, count, what);
}

/* ---- Checking ---- */

/* One side of a signature, parameters or results. */
typedef struct {
	const volt_module *module;
	uint32_t function;
	const char *what;
	uint32_t slots;                  /* that it takes in all */
	const uint8_t *types;            /* of its slots; NULL: not known */
	const volt_transfer_type *exact; /* of its values; NULL: not known */
} side;

static volt_error *check_value(const side *self, const volt_value *value, size_t number, uint32_t slot) {
	const char *name = host_kind_name(value->kind);
	if ((unsigned)value->kind >= VOLT_VALUE_KIND_COUNT)
		return signature_error(self->module, self->function, self->what, number, "%d is no kind of a value",
		                       (int)value->kind);
	if (self->types && !fits_slot(value->kind, self->types[slot]))
		return signature_error(self->module, self->function, self->what, number, "it is %s, and no %s",
		                       host_slot_type_name(self->types[slot]), name);
	const unsigned kind = self->exact ? volt_meta_kind(self->exact[number].meta) : 0;
	if (self->exact && !fits_kind(value->kind, (volt_kind)kind))
		return signature_error(self->module, self->function, self->what, number,
		                       "it is of the kind %s, and no %s", volt_kind_name(kind), name);
	return NULL;
}

static volt_error *check_side(const side *self, const volt_value *values, size_t count) {
	uint64_t slot = 0;
	for (size_t i = 0; i < count; i++) {
		if (slot + host_kind_slots(values[i].kind) > self->slots)
			return wrong_count(self->module, self->function, self->what, self->slots, count);
		volt_error *error = check_value(self, &values[i], i, (uint32_t)slot);
		if (error)
			return error;
		slot += host_kind_slots(values[i].kind);
	}
	return slot == self->slots ? NULL
	                           : wrong_count(self->module, self->function, self->what, self->slots, count);
}

static volt_error *check_parameters(const volt_module *module, uint32_t index, const volt_value *values,
                                    size_t count) {
	const volt_function *function = &module->functions.items[index];
	if (count != function->parameter_count)
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "function %s (#%u): it has %u parameters, and these are %zu arguments",
		                      volt_printable(function->name).text, index, function->parameter_count, count);
	const side parameters = {
	    .module = module,
	    .function = index,
	    .what = "parameter",
	    .slots = function->parameter_slots,
	    .types = function->slot_types.count >= function->parameter_slots ? function->slot_types.items : NULL,
	    .exact = function->parameter_types.count == count ? function->parameter_types.items : NULL,
	};
	return check_side(&parameters, values, count);
}

/*
 * All returns give their results from slots of the same types; what stands in objects is not known, nor is it
 * where the frame's types are not.
 */
static const uint8_t *result_types(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		const volt_instruction returned = function->code.items[pc];
		if (returned.op == VOLT_OP_Return && !(returned.flags & 2) && returned.b == function->result_slots &&
		    (uint32_t)returned.a + returned.b <= function->slot_types.count)
			return function->slot_types.items + returned.a;
	}
	return NULL;
}

volt_error *signature_check(const volt_module *module, uint32_t index, const volt_value *arguments,
                            size_t argument_count, const volt_value *results, size_t result_count) {
	const volt_function *function = &module->functions.items[index];
	if (function->is_closure)
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "function %s (#%u): it is a closure's, which has variables of other functions",
		                      volt_printable(function->name).text, index);
	volt_error *error = check_parameters(module, index, arguments, argument_count);
	if (error || result_count == 0)
		return error;
	if (function->result_slots > UINT8_MAX)
		return wrong_count(module, index, "result", function->result_slots, result_count);
	const side expected = {
	    .module = module,
	    .function = index,
	    .what = "result",
	    .slots = function->result_slots,
	    .types = result_types(function),
	};
	return check_side(&expected, results, result_count);
}
