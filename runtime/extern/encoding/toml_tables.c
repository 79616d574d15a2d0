/* Tables while a TOML document is read: each carries its state under a key that no document can contain. */
#include "extern/encoding/toml_parse.h"

/* Not UTF-8, and the text is. */
static const char state_key[] = "\xff";

json_t *toml_new_table(toml_table_state state) {
	json_t *table = json_object();
	json_object_set_new_nocheck(table, state_key, json_integer(state));
	return table;
}

static json_int_t state_of(const json_t *table) {
	return json_integer_value(json_object_get(table, state_key));
}

static void set_state(json_t *table, toml_table_state state) {
	json_object_set_new_nocheck(table, state_key, json_integer(state));
}

static const char *name_of(const json_t *key, size_t index, size_t *length) {
	const json_t *part = json_array_get(key, index);
	*length = json_string_length(part);
	return json_string_value(part);
}

static json_t *get(const json_t *table, const json_t *key, size_t index) {
	size_t length;
	const char *name = name_of(key, index, &length);
	return json_object_getn(table, name, length);
}

/* Borrowed; NULL when there is no memory. */
static json_t *add(json_t *table, const json_t *key, size_t index, json_t *value) {
	size_t length;
	const char *name = name_of(key, index, &length);
	return json_object_setn_new_nocheck(table, name, length, value) == 0 ? value : NULL;
}

static bool fail_key(toml_parser *parser, const char *what) {
	toml_fail(parser, what);
	return false;
}

/* The last element of an array of tables; NULL for other arrays. */
static json_t *last_element(const json_t *array) {
	json_t *last = json_array_get(array, json_array_size(array) - 1);
	return json_is_object(last) && state_of(last) == TOML_ELEMENT ? last : NULL;
}

/* ---- Headers ---- */

/* The table that contains the last part of a header's key; sets the depth inside of it. */
static json_t *header_parent(toml_parser *parser, const json_t *key) {
	json_t *table = parser->root;
	parser->depth = 1;
	for (size_t i = 0; i + 1 < json_array_size(key) && table != NULL; i++) {
		json_t *next = get(table, key, i);
		if (next == NULL)
			next = add(table, key, i, toml_new_table(TOML_IMPLICIT));
		parser->depth += json_is_array(next) ? 2 : 1;
		if (json_is_array(next))
			next = last_element(next);
		table = json_is_object(next) && state_of(next) != TOML_INLINE ? next : NULL;
	}
	return table;
}

static bool open_element(toml_parser *parser, json_t *parent, const json_t *key, size_t last) {
	json_t *array = get(parent, key, last);
	if (array == NULL)
		array = add(parent, key, last, json_array());
	else if (!json_is_array(array) || last_element(array) == NULL)
		return fail_key(parser, "key is already defined");
	parser->table = toml_new_table(TOML_ELEMENT);
	return json_array_append_new(array, parser->table) == 0;
}

bool toml_open_table(toml_parser *parser, const json_t *key, bool is_array) {
	json_t *parent = header_parent(parser, key);
	size_t last = json_array_size(key) - 1;
	if (parent == NULL)
		return fail_key(parser, "key is already defined and no table");
	parser->depth += is_array ? 2 : 1;
	if (parser->depth > ENCODING_DEPTH)
		return fail_key(parser, "values nested too deeply");
	if (is_array)
		return open_element(parser, parent, key, last);
	json_t *table = get(parent, key, last);
	if (table == NULL)
		table = add(parent, key, last, toml_new_table(TOML_HEADER));
	else if (!json_is_object(table) || state_of(table) != TOML_IMPLICIT)
		return fail_key(parser, "table is already defined");
	else
		set_state(table, TOML_HEADER);
	parser->table = table;
	return table != NULL;
}

/* ---- Pairs ---- */

static json_t *dotted_parent(json_t *table, const json_t *key) {
	for (size_t i = 0; i + 1 < json_array_size(key) && table != NULL; i++) {
		json_t *next = get(table, key, i);
		if (next == NULL)
			next = add(table, key, i, toml_new_table(TOML_DOTTED));
		table = json_is_object(next) && state_of(next) == TOML_DOTTED ? next : NULL;
	}
	return table;
}

bool toml_set(toml_parser *parser, json_t *table, const json_t *key, json_t *value) {
	json_t *parent = dotted_parent(table, key);
	size_t last = json_array_size(key) - 1;
	if (parent == NULL || get(parent, key, last) != NULL) {
		json_decref(value);
		return fail_key(parser, "key is already defined");
	}
	return add(parent, key, last, value) != NULL;
}

/* ---- The end ---- */

void toml_remove_states(json_t *node) {
	if (json_is_array(node)) {
		for (size_t i = 0; i < json_array_size(node); i++)
			toml_remove_states(json_array_get(node, i));
		return;
	}
	json_object_del(node, state_key);
	void *iterator = json_object_iter(node);
	for (; iterator != NULL; iterator = json_object_iter_next(node, iterator))
		toml_remove_states(json_object_iter_value(iterator));
}
