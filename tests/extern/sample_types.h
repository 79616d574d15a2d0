/*
 * A module of types for the natives that look into values: structs, embedding, tags, packed elements,
 * methods.
 */
#ifndef TESTS_EXTERN_SAMPLE_TYPES_H
#define TESTS_EXTERN_SAMPLE_TYPES_H

#include "volt/bytecode.h"

/* Ids of the runtime types; below 18 they are the kinds. */
enum {
	TYPE_ANY = 18,
	TYPE_INNER,
	TYPE_OUTER,
	TYPE_OUTER_POINTER,
	TYPE_STRINGS,
	TYPE_SCORES, /* map[string]int */
	TYPE_BYTES,
	TYPE_TRIPLE, /* [3]int8 */
	TYPE_INNER_POINTER,
	TYPE_ERROR,
	TYPE_ERROR_POINTER,
	TYPE_SUM,    /* func() int */
	TYPE_RENAME, /* func(string) */
	TYPE_ANYS,
	TYPE_ANY_MAP, /* map[string]any */
	TYPE_INT8S,
	TYPE_INTS,
	TYPE_INNERS,
	TYPE_INT_MAP,       /* map[int]string */
	TYPE_JOIN,          /* func(int, ...string) (int, string) */
	TYPE_CELSIUS,       /* a named int */
	TYPE_GET_ATTRIBUTE, /* func(string) (any, error) */
	TYPE_GUARD,
	TYPE_GUARD_POINTER,
	TYPE_ENDLESS, /* a named type that is itself */
	TYPE_CHANNEL,
	TYPE_TAKES_ERROR, /* func(error) */
	TYPE_INNER_POINTER_POINTER,
	TYPE_EMPTY, /* a struct without fields */
	TYPE_EMPTIES,
	TYPE_TWO_EMPTIES, /* an array */
	TYPE_EMPTY_MAP,   /* map[Empty]Empty */
	TYPE_TWO_INNERS,  /* an array */
	TYPE_INT8_MAP,    /* map[int8]int */
	TYPE_UINT64_MAP,  /* map[uint64]int */
	TYPE_ERROR_MAP,   /* map[string]error */
	TYPE_NAMES,
	TYPE_POINTERS, /* from here: pointers to the types of POINTED */
};

#define POINTED(X) \
	X(INT) \
	X(INT8) \
	X(UINT64) \
	X(FLOAT64) \
	X(FLOAT32) \
	X(STRING) \
	X(BOOL) \
	X(ANY) \
	X(INTS) \
	X(NAMES) \
	X(INT8S) \
	X(INNERS) \
	X(SCORES) \
	X(INT_MAP) \
	X(ANY_MAP) \
	X(BYTES) \
	X(TRIPLE) \
	X(ANYS)
enum {
#define POINTER_ID(name) POINTER_INDEX_##name,
	POINTED(POINTER_ID)
#undef POINTER_ID
};
#define POINTER_TO(name) (TYPE_POINTERS + POINTER_INDEX_##name)

/* Slots of main.Outer. */
enum {
	OUTER_N,
	OUTER_LABEL,
	OUTER_NAME,
	OUTER_TAGS,
	OUTER_SCORES,
	OUTER_ANY,
	OUTER_ANY_PAYLOAD,
	OUTER_NEXT,
	OUTER_HIDDEN,
	OUTER_SMALL,
	OUTER_F,
	OUTER_DATA,
	OUTER_SKIP,
	OUTER_QUOTED,
	OUTER_TRIPLE,
	OUTER_SLOTS = OUTER_TRIPLE + 3,
};

/* Slots of main.Names. */
enum {
	NAMES_URL,
	NAMES_LETTER,
	NAMES_ACCENT,
	NAMES_GREEK,
	NAMES_TAGGED,
	NAMES_MAYBE,
	NAMES_HIDDEN,
	NAMES_SKIP,
	NAMES_EMBEDDED,
	NAMES_CELSIUS,
	NAMES_SLOTS,
};

#define TEXT(literal) \
	{ (literal), sizeof(literal) - 1 }
#define LIST(array) \
	{ (array), sizeof(array) / sizeof *(array) }
#define WORD(id, kind) ((uint32_t)(id) << 8 | VOLT_KIND_##kind)

static uint8_t box_slots[] = {VOLT_SLOT_REFERENCE};
static uint8_t inner_slots[] = {VOLT_SLOT_VALUE, VOLT_SLOT_REFERENCE};
static uint8_t error_slots[] = {VOLT_SLOT_REFERENCE, VOLT_SLOT_INTERFACE_TYPE, VOLT_SLOT_INTERFACE_PAYLOAD};
static uint8_t names_slots[NAMES_SLOTS] = {[NAMES_EMBEDDED] = VOLT_SLOT_REFERENCE};
static uint8_t guard_slots[] = {VOLT_SLOT_VALUE};
static uint8_t empty_slots[] = {VOLT_SLOT_VALUE}; /* as compilers write it */
static uint8_t outer_slots[OUTER_SLOTS] = {
    [OUTER_LABEL] = VOLT_SLOT_REFERENCE,    [OUTER_NAME] = VOLT_SLOT_REFERENCE,
    [OUTER_TAGS] = VOLT_SLOT_REFERENCE,     [OUTER_SCORES] = VOLT_SLOT_REFERENCE,
    [OUTER_ANY] = VOLT_SLOT_INTERFACE_TYPE, [OUTER_ANY_PAYLOAD] = VOLT_SLOT_INTERFACE_PAYLOAD,
    [OUTER_NEXT] = VOLT_SLOT_REFERENCE,     [OUTER_F] = VOLT_SLOT_FLOAT,
    [OUTER_DATA] = VOLT_SLOT_REFERENCE,
};

#define PLAIN(field, at, slots, word) \
	{ .name = TEXT(field), .offset = (at), .slot_count = (slots), .type = (word) }
#define TAGGED(field, at, slots, word, text) \
	{ \
		.name = TEXT(field), .offset = (at), .slot_count = (slots), .type = (word), .has_tag = true, \
		.tag = TEXT(text) \
	}

static volt_field_meta inner_fields[] = {
    PLAIN("N", 0, 1, WORD(VOLT_KIND_INT, INT)),
    TAGGED("Label", 1, 1, WORD(VOLT_KIND_STRING, STRING),
           "json:\"label,omitempty\" toml:\"label,omitempty\""),
};
static volt_field_meta outer_fields[] = {
    {.name = TEXT("Inner"),
     .offset = OUTER_N,
     .slot_count = 2,
     .type = WORD(TYPE_INNER, STRUCT),
     .embedded = true},
    PLAIN("Name", OUTER_NAME, 1, WORD(VOLT_KIND_STRING, STRING)),
    PLAIN("Tags", OUTER_TAGS, 1, WORD(TYPE_STRINGS, SLICE)),
    PLAIN("Scores", OUTER_SCORES, 1, WORD(TYPE_SCORES, MAP)),
    PLAIN("Any", OUTER_ANY, 2, WORD(TYPE_ANY, INTERFACE)),
    PLAIN("Next", OUTER_NEXT, 1, WORD(TYPE_OUTER_POINTER, POINTER)),
    PLAIN("hidden", OUTER_HIDDEN, 1, WORD(VOLT_KIND_INT, INT)),
    TAGGED("Small", OUTER_SMALL, 1, WORD(VOLT_KIND_INT8, INT8), "xml:\"no\" json:\"small\" toml:\"small\""),
    TAGGED("F", OUTER_F, 1, WORD(VOLT_KIND_FLOAT64, FLOAT64), "json:\",omitempty\" toml:\",omitempty\""),
    PLAIN("Data", OUTER_DATA, 1, WORD(TYPE_BYTES, SLICE)),
    TAGGED("Skip", OUTER_SKIP, 1, WORD(VOLT_KIND_INT, INT), "json:\"-\" toml:\"-\""),
    TAGGED("Quoted", OUTER_QUOTED, 1, WORD(VOLT_KIND_INT, INT), "json:\"q,string\""),
    PLAIN("Triple", OUTER_TRIPLE, 3, WORD(TYPE_TRIPLE, ARRAY)),
};
static volt_field_meta names_fields[] = {
    PLAIN("URL", NAMES_URL, 1, WORD(VOLT_KIND_INT, INT)),
    PLAIN("X", NAMES_LETTER, 1, WORD(VOLT_KIND_INT, INT)),
    PLAIN("Ärger", NAMES_ACCENT, 1, WORD(VOLT_KIND_INT, INT)),
    PLAIN("ΣΑΣ", NAMES_GREEK, 1, WORD(VOLT_KIND_INT, INT)),
    TAGGED("Tagged", NAMES_TAGGED, 1, WORD(VOLT_KIND_INT, INT), "json:\"Tag\" toml:\"Tag\""),
    TAGGED("Maybe", NAMES_MAYBE, 1, WORD(VOLT_KIND_INT, INT), "json:\",omitempty\" toml:\",omitempty\""),
    PLAIN("äußerlich", NAMES_HIDDEN, 1, WORD(VOLT_KIND_INT, INT)),
    TAGGED("Skip", NAMES_SKIP, 1, WORD(VOLT_KIND_INT, INT), "json:\"-\" toml:\"-\""),
    {.name = TEXT("Inner"),
     .offset = NAMES_EMBEDDED,
     .slot_count = 1,
     .type = WORD(TYPE_INNER_POINTER, POINTER),
     .embedded = true},
    {.name = TEXT("Celsius"),
     .offset = NAMES_CELSIUS,
     .slot_count = 1,
     .type = WORD(TYPE_CELSIUS, INT),
     .embedded = true},
};
static volt_field_meta error_fields[] = {
    PLAIN("msg", 0, 1, WORD(VOLT_KIND_STRING, STRING)),
    PLAIN("cause", 1, 2,
          WORD(TYPE_INNER, INTERFACE)), /* as compilers do: `error` has the id of the first named type */
};
static volt_struct_meta struct_metas[] = {
    {.slot_types = LIST(box_slots)},
    {.slot_types = LIST(inner_slots), .fields = LIST(inner_fields)},
    {.slot_types = LIST(outer_slots), .fields = LIST(outer_fields)},
    {.slot_types = LIST(error_slots), .fields = LIST(error_fields)},
    {.slot_types = LIST(guard_slots)},
    {.slot_types = LIST(empty_slots)},
    {.slot_types = LIST(names_slots), .fields = LIST(names_fields)},
};

static volt_text error_names[] = {TEXT("Error")};
static volt_interface_method error_methods[] = {{TEXT("Error"), TYPE_SUM}};
static volt_text attribute_names[] = {TEXT("DynAttr")};
static volt_interface_method attribute_methods[] = {{TEXT("DynAttr"), TYPE_GET_ATTRIBUTE}};
static volt_interface_meta interface_metas[] = {
    {.name = TEXT("")},
    {.name = TEXT("error"), .method_names = LIST(error_names), .methods = LIST(error_methods)},
    {.name = TEXT("AttrObject"), .method_names = LIST(attribute_names), .methods = LIST(attribute_methods)},
};

/* Functions that methods and closures name; nothing here runs them. */
enum { FUNCTION_SUM, FUNCTION_RENAME, FUNCTION_ERROR, FUNCTION_JOIN, FUNCTION_GET_ATTRIBUTE, FUNCTION_PLAIN };
static volt_function functions[] = {
    [FUNCTION_SUM] = {.name = TEXT("Sum"), .parameter_slots = 1, .receiver_slots = 1, .result_slots = 1},
    [FUNCTION_RENAME] = {.name = TEXT("Rename"), .parameter_slots = 2, .receiver_slots = 1},
    [FUNCTION_ERROR] = {.name = TEXT("Error"), .parameter_slots = 1, .receiver_slots = 1, .result_slots = 1},
    [FUNCTION_JOIN] = {.name = TEXT("join"), .parameter_slots = 3, .is_closure = true, .result_slots = 2},
    [FUNCTION_GET_ATTRIBUTE] = {.name = TEXT("DynAttr"),
                                .parameter_slots = 2,
                                .receiver_slots = 1,
                                .result_slots = 4},
    [FUNCTION_PLAIN] = {.name = TEXT("plain"), .result_slots = 1},
};

static volt_named_method inner_named_methods[] = {
    {TEXT("Sum"), FUNCTION_SUM, false, TYPE_SUM},
    {TEXT("Rename"), FUNCTION_RENAME, true, TYPE_RENAME},
};
static volt_named_method error_named_methods[] = {{TEXT("Error"), FUNCTION_ERROR, true, TYPE_SUM}};
static volt_named_method guard_named_methods[] = {
    {TEXT("DynAttr"), FUNCTION_GET_ATTRIBUTE, true, TYPE_GET_ATTRIBUTE}};
static volt_named_type named_types[] = {
    {.name = TEXT("main.Inner"), .underlying = WORD(1, STRUCT), .methods = LIST(inner_named_methods)},
    {.name = TEXT("main.Outer"), .underlying = WORD(2, STRUCT)},
    {.name = TEXT("errors.Error"), .underlying = WORD(3, STRUCT), .methods = LIST(error_named_methods)},
    {.name = TEXT("main.Celsius"),
     .underlying = WORD(VOLT_KIND_INT, INT),
     .methods = LIST(inner_named_methods)},
    {.name = TEXT("main.Guard"), .underlying = WORD(4, STRUCT), .methods = LIST(guard_named_methods)},
    {.name = TEXT("main.Endless"), .underlying = WORD(TYPE_ENDLESS, INT)},
    {.name = TEXT("main.Empty"), .underlying = WORD(5, STRUCT)},
    {.name = TEXT("main.Names"), .underlying = WORD(6, STRUCT)},
};

static uint32_t int_word[] = {WORD(VOLT_KIND_INT, INT)};
static uint32_t string_word[] = {WORD(VOLT_KIND_STRING, STRING)};
static uint32_t error_word[] = {WORD(TYPE_INNER, INTERFACE)};
static uint32_t join_parameters[] = {WORD(VOLT_KIND_INT, INT), WORD(TYPE_STRINGS, SLICE)};
static uint32_t join_results[] = {WORD(VOLT_KIND_INT, INT), WORD(VOLT_KIND_STRING, STRING)};
static uint32_t attribute_results[] = {WORD(TYPE_ANY, INTERFACE), WORD(TYPE_INNER, INTERFACE)};

#define BASIC(name) [VOLT_KIND_##name] = {.tag = VOLT_TYPE_BASIC, .kind = VOLT_KIND_##name}
#define NAMED_TYPE(number) \
	{ .tag = VOLT_TYPE_NAMED, .id = (number) }
#define POINTER_TYPE(word) \
	{ .tag = VOLT_TYPE_POINTER, .element = (word) }
#define SLICE_TYPE(word) \
	{ .tag = VOLT_TYPE_SLICE, .element = (word) }
#define MAP_TYPE(from, to) \
	{ .tag = VOLT_TYPE_MAP, .key = (from), .element = (to) }
static volt_runtime_type runtime_types[] = {
    BASIC(BOOL),
    BASIC(INT),
    BASIC(INT8),
    BASIC(INT16),
    BASIC(INT32),
    BASIC(INT64),
    BASIC(UINT),
    BASIC(UINT8),
    BASIC(UINT16),
    BASIC(UINT32),
    BASIC(UINT64),
    BASIC(FLOAT32),
    BASIC(FLOAT64),
    BASIC(STRING),
    [TYPE_ANY] = {.tag = VOLT_TYPE_INTERFACE},
    [TYPE_INNER] = NAMED_TYPE(0),
    [TYPE_OUTER] = NAMED_TYPE(1),
    [TYPE_OUTER_POINTER] = POINTER_TYPE(WORD(TYPE_OUTER, STRUCT)),
    [TYPE_STRINGS] = SLICE_TYPE(WORD(VOLT_KIND_STRING, STRING)),
    [TYPE_SCORES] = MAP_TYPE(WORD(VOLT_KIND_STRING, STRING), WORD(VOLT_KIND_INT, INT)),
    [TYPE_BYTES] = SLICE_TYPE(WORD(VOLT_KIND_UINT8, UINT8)),
    [TYPE_TRIPLE] = {.tag = VOLT_TYPE_ARRAY, .length = 3, .element = WORD(VOLT_KIND_INT8, INT8)},
    [TYPE_INNER_POINTER] = POINTER_TYPE(WORD(TYPE_INNER, STRUCT)),
    [TYPE_ERROR] = NAMED_TYPE(2),
    [TYPE_ERROR_POINTER] = POINTER_TYPE(WORD(TYPE_ERROR, STRUCT)),
    [TYPE_SUM] = {.tag = VOLT_TYPE_FUNCTION, .results = LIST(int_word)},
    [TYPE_RENAME] = {.tag = VOLT_TYPE_FUNCTION, .parameters = LIST(string_word)},
    [TYPE_ANYS] = SLICE_TYPE(WORD(TYPE_ANY, INTERFACE)),
    [TYPE_ANY_MAP] = MAP_TYPE(WORD(VOLT_KIND_STRING, STRING), WORD(TYPE_ANY, INTERFACE)),
    [TYPE_INT8S] = SLICE_TYPE(WORD(VOLT_KIND_INT8, INT8)),
    [TYPE_INTS] = SLICE_TYPE(WORD(VOLT_KIND_INT, INT)),
    [TYPE_INNERS] = SLICE_TYPE(WORD(TYPE_INNER, STRUCT)),
    [TYPE_INT_MAP] = MAP_TYPE(WORD(VOLT_KIND_INT, INT), WORD(VOLT_KIND_STRING, STRING)),
    [TYPE_JOIN] = {.tag = VOLT_TYPE_FUNCTION,
                   .variadic = true,
                   .parameters = LIST(join_parameters),
                   .results = LIST(join_results)},
    [TYPE_CELSIUS] = NAMED_TYPE(3),
    [TYPE_GET_ATTRIBUTE] = {.tag = VOLT_TYPE_FUNCTION,
                            .parameters = LIST(string_word),
                            .results = LIST(attribute_results)},
    [TYPE_GUARD] = NAMED_TYPE(4),
    [TYPE_GUARD_POINTER] = POINTER_TYPE(WORD(TYPE_GUARD, STRUCT)),
    [TYPE_ENDLESS] = NAMED_TYPE(5),
    [TYPE_NAMES] = NAMED_TYPE(7),
    [TYPE_CHANNEL] = {.tag = VOLT_TYPE_CHANNEL, .element = WORD(VOLT_KIND_INT, INT)},
    [TYPE_TAKES_ERROR] = {.tag = VOLT_TYPE_FUNCTION, .parameters = LIST(error_word)},
    [TYPE_INNER_POINTER_POINTER] = POINTER_TYPE(WORD(TYPE_INNER_POINTER, POINTER)),
    [TYPE_EMPTY] = NAMED_TYPE(6),
    [TYPE_EMPTIES] = SLICE_TYPE(WORD(TYPE_EMPTY, STRUCT)),
    [TYPE_TWO_EMPTIES] = {.tag = VOLT_TYPE_ARRAY, .length = 2, .element = WORD(TYPE_EMPTY, STRUCT)},
    [TYPE_EMPTY_MAP] = MAP_TYPE(WORD(TYPE_EMPTY, STRUCT), WORD(TYPE_EMPTY, STRUCT)),
    [TYPE_TWO_INNERS] = {.tag = VOLT_TYPE_ARRAY, .length = 2, .element = WORD(TYPE_INNER, STRUCT)},
    [TYPE_INT8_MAP] = MAP_TYPE(WORD(VOLT_KIND_INT8, INT8), WORD(VOLT_KIND_INT, INT)),
    [TYPE_UINT64_MAP] = MAP_TYPE(WORD(VOLT_KIND_UINT64, UINT64), WORD(VOLT_KIND_INT, INT)),
    [TYPE_ERROR_MAP] = MAP_TYPE(WORD(VOLT_KIND_STRING, STRING), WORD(TYPE_INNER, INTERFACE)),
    [POINTER_TO(INT)] = POINTER_TYPE(WORD(VOLT_KIND_INT, INT)),
    [POINTER_TO(INT8)] = POINTER_TYPE(WORD(VOLT_KIND_INT8, INT8)),
    [POINTER_TO(UINT64)] = POINTER_TYPE(WORD(VOLT_KIND_UINT64, UINT64)),
    [POINTER_TO(FLOAT64)] = POINTER_TYPE(WORD(VOLT_KIND_FLOAT64, FLOAT64)),
    [POINTER_TO(FLOAT32)] = POINTER_TYPE(WORD(VOLT_KIND_FLOAT32, FLOAT32)),
    [POINTER_TO(STRING)] = POINTER_TYPE(WORD(VOLT_KIND_STRING, STRING)),
    [POINTER_TO(BOOL)] = POINTER_TYPE(WORD(VOLT_KIND_BOOL, BOOL)),
    [POINTER_TO(ANY)] = POINTER_TYPE(WORD(TYPE_ANY, INTERFACE)),
    [POINTER_TO(NAMES)] = POINTER_TYPE(WORD(TYPE_NAMES, STRUCT)),
    [POINTER_TO(INTS)] = POINTER_TYPE(WORD(TYPE_INTS, SLICE)),
    [POINTER_TO(INT8S)] = POINTER_TYPE(WORD(TYPE_INT8S, SLICE)),
    [POINTER_TO(INNERS)] = POINTER_TYPE(WORD(TYPE_INNERS, SLICE)),
    [POINTER_TO(SCORES)] = POINTER_TYPE(WORD(TYPE_SCORES, MAP)),
    [POINTER_TO(INT_MAP)] = POINTER_TYPE(WORD(TYPE_INT_MAP, MAP)),
    [POINTER_TO(ANY_MAP)] = POINTER_TYPE(WORD(TYPE_ANY_MAP, MAP)),
    [POINTER_TO(BYTES)] = POINTER_TYPE(WORD(TYPE_BYTES, SLICE)),
    [POINTER_TO(TRIPLE)] = POINTER_TYPE(WORD(TYPE_TRIPLE, ARRAY)),
    [POINTER_TO(ANYS)] = POINTER_TYPE(WORD(TYPE_ANYS, SLICE)),
};

static const volt_module sample_module = {
    .struct_metas = LIST(struct_metas),
    .interface_metas = LIST(interface_metas),
    .named_types = LIST(named_types),
    .runtime_types = LIST(runtime_types),
    .well_known = {.error_named_type = {true, 2},
                   .error_interface = {true, 1},
                   .error_pointer = {true, TYPE_ERROR_POINTER},
                   .error_struct = {true, 3},
                   .has_error_offsets = true,
                   .error_message_offset = 0,
                   .error_cause_offset = 1,
                   .attribute_object = {true, 2}},
    .functions = LIST(functions),
};

#endif
