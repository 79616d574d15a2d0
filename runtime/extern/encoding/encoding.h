/*
 * What the packages encoding/json and encoding/toml share: which fields of a struct a document shows, maps in
 * sorted order, and the way from a parsed document to values. A document, of either language, is a tree of
 * jansson.
 */
#ifndef EXTERN_ENCODING_ENCODING_H
#define EXTERN_ENCODING_ENCODING_H

#include <jansson.h>

#include "extern/reflect/reflect.h"
#include "object/strings.h"

/*
 * Documents with more levels than this are refused, read or written; the outermost list or object is the
 * first level. Cycles of values end here, too. Pointers and interfaces make no level of their own, so that
 * what was read can be written again.
 */
enum { ENCODING_DEPTH = 1000 };

/* ---- encoding_fields.c: the fields of structs, by the rules of Go's encoding/json but for names ---- */

enum { ENCODING_PATH_MAXIMUM = 8 };

typedef struct {
	string_view name; /* of the tag; else the field's, with its first letter in lower case */
	bool tagged;      /* the name comes from a tag */
	bool omit_empty;
	bool quoted;     /* option "string" */
	unsigned length; /* of the path: embedded structs, then the field */
	const volt_field_meta *path[ENCODING_PATH_MAXIMUM];
} encoding_field;

typedef struct {
	encoding_field *items;
	size_t count;
} encoding_field_list;

/* Field lists of the structs seen last; zero-initialise it. `key` is the key in tags: "json". */
typedef struct {
	object_space *space;
	const char *key;
	struct {
		const volt_struct_meta *structure;
		encoding_field_list fields;
	} seen[16];
} encoding_field_cache;

encoding_field_list encoding_fields(encoding_field_cache *cache, const volt_struct_meta *structure);

/*
 * The place of a field. With `allocate`, nil embedded pointers on the way get a struct; else they end it:
 * false.
 */
bool encoding_field_place(object_space *space, const reflect_value *structure, const encoding_field *field,
                          bool allocate, reflect_value *place);

/* What the option "omitempty" leaves out: false, 0, nil, and what has length 0. */
bool encoding_is_empty(const reflect_value *value);

/* ---- encoding_settle.c: what pointers and interfaces lead to ---- */

typedef enum {
	ENCODING_SETTLED,
	ENCODING_NIL,     /* a nil pointer, interface, map or slice on the way or at its end */
	ENCODING_UNKNOWN, /* something that has no type here */
	ENCODING_CIRCLE,  /* pointers that lead to themselves */
} encoding_settlement;

/*
 * Follows pointers and interfaces until `value` is neither. `words` holds what the last interface contained.
 * If it does not settle, `value` is where the way ended.
 */
encoding_settlement encoding_settle(object_space *space, reflect_value *value, volt_slot words[2]);

/* ---- encoding_maps.c ---- */

typedef struct {
	string_view key;
	volt_slot *value;
} encoding_entry;

/* Entries by key, in memory of the heap; false if keys of this type cannot be names. */
bool encoding_sorted_entries(object_space *space, const reflect_value *map, encoding_entry **entries,
                             size_t *count);

/* ---- encoding_tree.c ---- */

/*
 * Numbers that jansson would change, such as integers beyond 64 bits, stand in the tree as a string that
 * begins with a zero byte. A string that begins with one has it twice.
 */
typedef enum { ENCODING_STRING, ENCODING_NUMBER } encoding_text_kind;
encoding_text_kind encoding_text(const json_t *node, string_view *text);

/*
 * Keeps the tree until the thread's next call, so that a jump out of a native does not lose it. NULL:
 * frees.
 */
void encoding_hold(json_t *tree);

/* ---- encoding_decode.c ---- */

typedef struct {
	object_space *space;
	encoding_field_cache fields;
	bool integers_are_floats; /* in values of type any, as JSON has it */
	const char *package;      /* for messages: "json" */
	char error[256];          /* "": none */
} encoding_decoder;

/*
 * Writes the tree, of ENCODING_DEPTH levels at most, to what the interface points to. False: `error` says
 * what did not fit; the rest was written.
 */
bool encoding_decode(encoding_decoder *decoder, const json_t *tree, const volt_slot target[2]);

/* ---- encoding_numbers.c ---- */

/* Stores a number of a tree, or its text, in a place of a numeric kind; false if it does not fit. */
bool encoding_store_number(const json_t *node, const reflect_value *place);
bool encoding_store_number_text(string_view text, const reflect_value *place);

#endif
