/*
 * Values and their types at run time, for natives that look into values which they know nothing about:
 * dynamic access, JSON, TOML. Type ids come from the module and may be anything: all are checked here, and
 * a type that contains itself ends at a depth limit.
 */
#ifndef EXTERN_REFLECT_REFLECT_H
#define EXTERN_REFLECT_REFLECT_H

#include "object/buffer.h"
#include "object/space.h"

/* ---- Types ---- */

/* Of an interface type whose methods are those of no interface of the module. */
enum { REFLECT_NO_INTERFACE = 0xffffff };

/* What a runtime type is below its names. */
typedef struct {
	volt_kind kind;
	uint32_t rttid;
	uint32_t slots;
	uint32_t meta;                      /* ValueMeta */
	uint32_t element;                   /* ValueRttid; ARRAY, SLICE, POINTER, CHANNEL, PORT; MAP: the value */
	uint32_t key;                       /* ValueRttid; MAP */
	uint64_t length;                    /* ARRAY */
	const volt_struct_meta *structure;  /* STRUCT */
	const volt_runtime_type *signature; /* CLOSURE */
	uint32_t interface_meta;            /* INTERFACE; or REFLECT_NO_INTERFACE */
} reflect_type;

/* False if there is no such type, or none of a sensible size. */
bool reflect_type_get(object_space *space, uint32_t rttid, reflect_type *type);

/*
 * The type of a ValueRttid word, which knows a kind besides the id. Compilers give the type `error` the id of
 * the first named type, so for interfaces the kind decides: a word of kind Interface whose id is none stands
 * for `error`.
 */
bool reflect_type_of(object_space *space, uint32_t word, reflect_type *type);

/* Is it an interface without methods? */
bool reflect_type_is_any(object_space *space, const reflect_type *type);

/* Can a value of the type be nil? */
bool reflect_type_is_nillable(const reflect_type *type);

/*
 * Has the type only one value, because nothing is in it? Compilers give such values a slot in some places and
 * no room at all in others, elements of slices for one.
 */
bool reflect_type_is_empty(object_space *space, const reflect_type *type);

/* The rttid of []any and map[string]any; false if the module has no such type. */
bool reflect_find_any_slice(object_space *space, uint32_t *rttid);
bool reflect_find_any_map(object_space *space, uint32_t *rttid);

/* Appends "int", "[]string", "map[string]main.T", for messages. */
void reflect_type_name(object_space *space, uint32_t rttid, buffer *out);

static inline bool reflect_is_integer(volt_kind kind) {
	return kind >= VOLT_KIND_INT && kind <= VOLT_KIND_UINT64;
}
static inline bool reflect_is_signed(volt_kind kind) {
	return kind >= VOLT_KIND_INT && kind <= VOLT_KIND_INT64;
}
/* Bits of an integer kind. */
unsigned reflect_integer_bits(volt_kind kind);

/* ---- Values ---- */

/* A value and where its words stand. */
typedef struct {
	reflect_type type;
	volt_slot *slots; /* `type.slots` words; if packed, the elements of an array object */
	bool packed;      /* an array whose elements have their heap size, else full slots */
} reflect_value;

/*
 * The value inside an interface; it may point into `value`. False for nil and for what its type does not
 * fit.
 */
bool reflect_interface(object_space *space, volt_slot value[2], reflect_value *inside);

/*
 * What a pointer points to; false if it is nil or cannot be followed, or if what is there is smaller than the
 * type says.
 */
bool reflect_pointee(object_space *space, const reflect_value *pointer, reflect_value *target);

/* A field of a struct; false if the record of the field does not fit the struct. */
bool reflect_field(object_space *space, const reflect_value *structure, const volt_field_meta *field,
                   reflect_value *value);

/* Packs a value into an interface of type any; structs and arrays are copied. */
void reflect_box(object_space *space, const reflect_value *value, volt_slot result[2]);

/* Copies the value into `slots`, `value->type.slots` of them, arrays with full slots. */
void reflect_load(const reflect_value *value, volt_slot *slots);

typedef enum {
	REFLECT_STORED,
	REFLECT_TYPE_DIFFERS,
	REFLECT_NIL_REFUSED,     /* nil into a type without nil */
	REFLECT_NOT_IMPLEMENTED, /* the target is an interface that the value does not satisfy */
} reflect_store_result;

/* Assigns what an interface holds to a place. Words are written as full slots: no packed arrays. */
reflect_store_result reflect_store(object_space *space, const reflect_type *type, volt_slot *slots,
                                   volt_slot value[2]);

/*
 * Puts a value into the two slots of an interface type that it does not satisfy. There is no table of methods
 * for it: a call of one traps as that of a nil interface does.
 */
void reflect_store_unchecked(object_space *space, volt_slot *slots, const volt_slot value[2]);

/* A new zero value of a type, and the pointer to it. */
bool reflect_new(object_space *space, const reflect_type *type, volt_slot *pointer);

/* ---- Elements of slices and arrays ---- */

typedef struct {
	reflect_type element;
	uint8_t *data;
	uint64_t length;
	uint32_t bytes; /* of one element; 0: all share the words at `data` */
	uint8_t flags;  /* element flags; only used below 8 bytes */
} reflect_sequence;

/* False if the elements in memory do not have the size that the type asks for. */
bool reflect_elements(object_space *space, const reflect_value *value, reflect_sequence *sequence);

/* Element `index`, in place if it has whole words, else loaded into *word. */
reflect_value reflect_element(const reflect_sequence *sequence, uint64_t index, volt_slot *word);

/* Stores *word back if the element is smaller than a word. */
void reflect_element_update(const reflect_sequence *sequence, uint64_t index, const volt_slot *word);

/* A slice of a slice type with `length` zero elements; false if it would be too large. */
bool reflect_new_slice(object_space *space, const reflect_type *type, uint64_t length, volt_slot *slice);

#endif
