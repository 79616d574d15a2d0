/* The natives of one VM: a hash table by name over the library's packages and what an embedder registered. */
#include "extern/registry.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "extern/declared_native.h"
#include "extern/support.h"
#include "extern/unresolved.h"

static const native_package *const packages[] = {
#define PACKAGE(name) &name##_package,
#include "extern/packages.def"
#undef PACKAGE
};

typedef struct {
	const char *name; /* NULL: a free place */
	volt_native_function function;
	void *user;
	volt_permission permission;
	char *owned_name; /* the same as `name` if this table copied it */
	declared_native *declared;
	volt_direct_native direct;
} entry;

/* Open addressing; the capacity is a power of two and at most half of it is used, so every search ends. */
struct native_table {
	entry *entries;
	size_t capacity;
	size_t count;
};

static entry *find(const native_table *table, const char *name, size_t length) {
	size_t index = (size_t)XXH3_64bits(name, length) & (table->capacity - 1);
	entry *candidate = &table->entries[index];
	while (candidate->name != NULL &&
	       (strlen(candidate->name) != length || memcmp(candidate->name, name, length) != 0)) {
		index = (index + 1) & (table->capacity - 1);
		candidate = &table->entries[index];
	}
	return candidate;
}

static bool grow(native_table *table) {
	native_table larger = {.capacity = table->capacity * 2, .count = table->count};
	larger.entries = calloc(larger.capacity, sizeof *larger.entries);
	if (larger.entries == NULL)
		return false;
	for (size_t i = 0; i < table->capacity; i++) {
		const entry *old = &table->entries[i];
		if (old->name != NULL)
			*find(&larger, old->name, strlen(old->name)) = *old;
	}
	free(table->entries);
	*table = larger;
	return true;
}

/* The place for a name, which is free if the name is new; NULL when there is no memory. */
static entry *place(native_table *table, const char *name) {
	entry *found = find(table, name, strlen(name));
	if (found->name != NULL || (table->count + 1) * 2 <= table->capacity)
		return found;
	return grow(table) ? find(table, name, strlen(name)) : NULL;
}

static volt_permission permission_of(const native_row *row) {
	return (volt_permission)(row->marks & VOLT_PERMIT_ALL);
}

static bool add_row(native_table *table, const native_row *row) {
	entry *target = place(table, row->name);
	if (target == NULL)
		return false;
	table->count += target->name == NULL;
	*target = (entry){.name = row->name, .function = row->function, .permission = permission_of(row)};
	return true;
}

static void add_direct_rows(native_table *table, const native_package *package) {
	for (size_t i = 0; i < package->direct_count; i++) {
		const direct_native_row *row = &package->direct_rows[i];
		find(table, row->name, strlen(row->name))->direct = row->direct;
	}
}

static bool add_packages(native_table *table) {
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
		for (size_t row = 0; row < packages[i]->count; row++)
			if (!add_row(table, &packages[i]->rows[row]))
				return false;
		add_direct_rows(table, packages[i]);
	}
	return true;
}

bool volt_native_list(size_t index, volt_native_info *info) {
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
		if (index < packages[i]->count) {
			const native_row *row = &packages[i]->rows[index];
			*info = (volt_native_info){row->name, row->signature, permission_of(row),
			                           (row->marks & NATIVE_MAY_WAIT) != 0};
			return true;
		}
		index -= packages[i]->count;
	}
	return false;
}

native_table *native_table_new(void) {
	native_table *table = calloc(1, sizeof *table);
	if (table == NULL)
		return NULL;
	table->capacity = 1024;
	table->entries = calloc(table->capacity, sizeof *table->entries);
	if (table->entries == NULL || !add_packages(table)) {
		native_table_free(table);
		return NULL;
	}
	return table;
}

static void end_entry(entry *ended) {
	free(ended->owned_name);
	free(ended->declared);
}

/* Of what the entry owns it takes `declared`, also if there is an error. */
static volt_error *put(native_table *table, const char *name, entry added) {
	char *copy = strdup(name);
	entry *target = copy == NULL ? NULL : place(table, name);
	if (target == NULL) {
		free(copy);
		free(added.declared);
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory to register the native %s", name);
	}
	table->count += target->name == NULL;
	end_entry(target);
	*target = added;
	target->name = target->owned_name = copy;
	return NULL;
}

static volt_error *nameless(void) {
	return volt_error_new(VOLT_ERROR_ARGUMENT, "a native needs a name and a function");
}

volt_error *native_table_register(native_table *table, const char *name, volt_native_function function,
                                  void *user, volt_permission permission) {
	if (name == NULL || *name == '\0' || function == NULL)
		return nameless();
	return put(table, name, (entry){.function = function, .user = user, .permission = permission});
}

volt_error *native_table_declare(native_table *table, const char *name, volt_native_function function,
                                 void *user, volt_permission permission,
                                 const volt_native_signature *signature) {
	if (name == NULL || *name == '\0' || function == NULL)
		return nameless();
	entry added = {.function = declared_native_run, .permission = permission};
	volt_error *error = declared_native_new(function, user, signature, &added.declared);
	added.user = added.declared;
	return error ? volt_error_prefix(error, "native %s", name) : put(table, name, added);
}

void native_table_free(native_table *table) {
	if (table == NULL)
		return;
	for (size_t i = 0; table->entries != NULL && i < table->capacity; i++)
		end_entry(&table->entries[i]);
	free(table->entries);
	free(table);
}

/* ---- Binding ---- */

/* What stands in for a native with a permission that the VM does not give; `user` is the native's entry. */
#define REFUSAL(function, object, option) \
	static volt_native_result function(volt_native_call *call) { \
		const entry *refused = call->user; \
		return volt_native_panic(call, "%s: access to " object " is not allowed (--allow=" option ")", \
		                         refused->name); \
	}
REFUSAL(refuse_files, "files", "fs")
REFUSAL(refuse_environment, "the environment", "env")
REFUSAL(refuse_network, "the network", "net")
REFUSAL(refuse_processes, "processes", "process")

static volt_native_function refusal(unsigned missing) {
	if (missing & VOLT_PERMIT_FILES)
		return refuse_files;
	if (missing & VOLT_PERMIT_ENVIRONMENT)
		return refuse_environment;
	return missing & VOLT_PERMIT_NETWORK ? refuse_network : refuse_processes;
}

static native_binding bind_entry(entry *found, unsigned allowed) {
	unsigned missing = (unsigned)found->permission & VOLT_PERMIT_ALL & ~allowed;
	if (missing != 0)
		return (native_binding){
		    .function = refusal(missing), .user = found, .name = found->name, .declared = found->declared};
	return (native_binding){
	    .function = found->function,
	    .user = found->user,
	    .name = found->name,
	    .is_standard = !found->owned_name,
	    .declared = found->declared,
	    .direct = found->direct,
	};
}

static similar_name find_similar(const native_table *table, volt_text wanted) {
	similar_name similar = similar_name_to(wanted);
	for (size_t i = 0; i < table->capacity; i++)
		if (table->entries[i].name != NULL)
			similar_name_consider(&similar, table->entries[i].name);
	return similar;
}

/* Of more, the rest of a list that nobody reads would take long. */
enum { MOST_EXPLAINED = 20 };

static void add_missing(const native_table *table, const volt_module *module, const bool *missing,
                        buffer *out) {
	native_use *uses = native_uses(module);
	for (uint32_t i = 0, count = 0; i < module->natives.count; i++) {
		if (!missing[i])
			continue;
		const volt_text name = module->natives.items[i].name;
		const similar_name similar =
		    count++ < MOST_EXPLAINED ? find_similar(table, name) : similar_name_to(name);
		unresolved_add(module, i, uses ? &uses[i] : NULL, &similar, out);
	}
	free(uses);
}

static volt_error *missing_error(const native_table *table, const volt_module *module, const bool *missing) {
	buffer text = {0};
	add_missing(table, module, missing, &text);
	volt_error *error = volt_error_new(VOLT_ERROR_LINK, "%s", text.length ? text.bytes : "out of memory");
	buffer_free(&text);
	return error;
}

static volt_error *bind_all(const native_table *table, const volt_module *module, unsigned allowed,
                            native_binding *bindings) {
	bool *missing = calloc((size_t)module->natives.count + 1, sizeof *missing);
	bool is_complete = true;
	if (missing == NULL)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory to bind natives");
	for (uint32_t i = 0; i < module->natives.count; i++) {
		volt_text name = module->natives.items[i].name;
		entry *found = find(table, name.bytes, name.length);
		missing[i] = found->name == NULL;
		is_complete &= !missing[i];
		if (!missing[i])
			bindings[i] = bind_entry(found, allowed);
	}
	volt_error *error = is_complete ? NULL : missing_error(table, module, missing);
	free(missing);
	return error;
}

volt_error *native_table_bind(const native_table *table, const volt_module *module, unsigned allowed,
                              native_binding **bindings) {
	uint32_t count = module->natives.count;
	*bindings = NULL;
	native_binding *made = calloc((size_t)count + 1, sizeof *made);
	if (made == NULL)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory to bind %u natives", count);
	volt_error *error = bind_all(table, module, allowed, made);
	if (!error)
		error = declared_natives_check(module, made);
	if (error) {
		free(made);
		return error;
	}
	*bindings = made;
	return NULL;
}
