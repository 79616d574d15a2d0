/*
 * A module in memory: its instructions, types, constants, functions, and questions about them
 * (SPECIFICATION.md, "Order of the file"). Its outside forms and its rules have headers of their own:
 *
 *   volt/vob.h     .vob bytes, in both directions
 *   volt/vot.h     .vot text, in both directions
 *   volt/verify.h  the verifier
 *
 * Ownership: a module owns everything that its fields point to, in one arena; volt_module_free() ends all of
 * it at once. A module is immutable once it is read: any number of threads may share it.
 *
 * Reading checks the form only. Nothing but the functions of these headers may look at a module that
 * volt_module_verify() has not accepted: interpreter and compiler trust every operand.
 *
 * Pages that these headers name are installed in share/doc/volt, the READMEs of runtime/bytecode and
 * runtime/tier as BYTECODE.md and TIER.md.
 */
#ifndef VOLT_BYTECODE_H
#define VOLT_BYTECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "volt/error.h"

VOLT_DECLARATIONS_BEGIN

/* ---- Instructions ---- */

typedef enum {
#define OPCODE(number, name, ...) VOLT_OP_##name = (number),
#include "volt/opcodes.def"
#undef OPCODE
} volt_opcode;

enum {
#define OPCODE(number, name, ...) VOLT_OPCODE_ROW_##name,
#include "volt/opcodes.def"
#undef OPCODE
	VOLT_OPCODE_COUNT, /* of rows */
};

/* 8 bytes, as in the file. The 32-bit immediate is b | c << 16. */
typedef struct {
	uint8_t op;
	uint8_t flags;
	uint16_t a;
	uint16_t b;
	uint16_t c;
} volt_instruction;

/* A part of an instruction that carries one number. */
typedef enum {
	VOLT_FIELD_NONE,
	VOLT_FIELD_FLAGS,
	VOLT_FIELD_A,
	VOLT_FIELD_B,
	VOLT_FIELD_C,
	VOLT_FIELD_IMM,                      /* b | c << 16, signed */
	VOLT_FIELD_C_SIGNED,                 /* c, signed */
	VOLT_FIELD_C_HIGH,                   /* c >> 8 */
	VOLT_FIELD_C_LOW,                    /* c & 255 */
	VOLT_FIELD_A_WITH_FLAGS,             /* a | flags << 16: 24 bits */
	VOLT_FIELD_B_WITH_FLAGS,             /* b | flags << 16: 24 bits */
	VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0, /* a | (flags >> 1) << 16: 23 bits */
	VOLT_FIELD_FLAGS_BIT_0,
	VOLT_FIELD_FLAGS_BIT_2,
	VOLT_FIELD_FLAGS_ABOVE_BIT_0, /* flags >> 1 */
	VOLT_FIELD_FLAGS_LOW_2,       /* flags & 3 */
	VOLT_FIELD_FLAGS_HIGH_5,      /* flags >> 3 */
	VOLT_FIELD_FLAGS_LOW_4,       /* flags & 15 */
	VOLT_FIELD_FLAGS_HIGH_4,      /* flags >> 4 */
} volt_field;

/* How many slots an operand covers. */
typedef enum {
	VOLT_COUNT_NONE,
	VOLT_COUNT_ONE,
	VOLT_COUNT_TWO,
	VOLT_COUNT_IN_FLAGS,
	VOLT_COUNT_IN_B,
	VOLT_COUNT_IN_C,
	VOLT_COUNT_REST_OF_FRAME,            /* any slot from here to the end of the frame */
	VOLT_COUNT_CALL_ARGUMENTS,           /* c >> 8 */
	VOLT_COUNT_CALL_RESULTS,             /* c & 255 */
	VOLT_COUNT_NATIVE_RESULTS,           /* the native's ret_slots, that of its widest use in the module */
	VOLT_COUNT_ELEMENT,                  /* by element flags; 0 flags: only known at run time, at least 1 */
	VOLT_COUNT_INDEX_AND_SIZE,           /* 1, or 2 if the element flags are 0 */
	VOLT_COUNT_LENGTH_CAPACITY_AND_SIZE, /* 2, or 3 if the element flags are 0 */
	VOLT_COUNT_SLICE_BOUNDS,             /* 2, or 3 with a maximum (flags bit 1) */
	VOLT_COUNT_APPEND,                   /* meta, size if the element flags are 0, element */
	VOLT_COUNT_MAP_GET_RESULT,           /* the five that follow: a descriptor slot tells the widths */
	VOLT_COUNT_MAP_GET_KEY,
	VOLT_COUNT_MAP_SET_KEY,
	VOLT_COUNT_MAP_SET_VALUE,
	VOLT_COUNT_MAP_DELETE_KEY,
	VOLT_COUNT_MAP_ITERATOR,     /* 7 */
	VOLT_COUNT_MAP_ENTRY,        /* key and value slots, from the flags */
	VOLT_COUNT_RECEIVED,         /* flags >> 1 and the ok flag */
	VOLT_COUNT_SELECT_SEND,      /* flags, 0 means 1 */
	VOLT_COUNT_SELECT_RECEIVE,   /* flags >> 1, 0 means 1, and the ok flag */
	VOLT_COUNT_INTERFACE_SOURCE, /* 2 if flags is the kind Interface, else 1 */
	VOLT_COUNT_ASSERTED,         /* result of IfaceAssert, by kind, slots and ok */
} volt_slot_count;

typedef enum {
	VOLT_OPERAND_NONE,
	VOLT_OPERAND_WRITE,
	VOLT_OPERAND_READ,
	VOLT_OPERAND_UPDATE,
	VOLT_OPERAND_IMPLICIT_READ,
	VOLT_OPERAND_JUMP,
	VOLT_OPERAND_CONSTANT,
	VOLT_OPERAND_GLOBAL_READ,
	VOLT_OPERAND_GLOBAL_WRITE,
	VOLT_OPERAND_FUNCTION,
	VOLT_OPERAND_CALLEE,
	VOLT_OPERAND_NATIVE,
	VOLT_OPERAND_NUMBER,
	VOLT_OPERAND_NAMED,
} volt_operand_role;

typedef struct {
	volt_operand_role role;
	volt_field field;
	volt_slot_count count;
	uint16_t slot;    /* IMPLICIT_READ only */
	const char *name; /* NAMED only */
	bool is_required; /* NAMED only: the text form writes it also when it is 0 (REQUIRED of opcodes.def) */
} volt_operand;

enum {
	VOLT_EFFECT_PURE = 0,
	VOLT_EFFECT_PANICS = 1,
	VOLT_EFFECT_BLOCKS = 2,
	VOLT_EFFECT_ALLOCATES = 4,
	VOLT_EFFECT_CALLS = 8,
	VOLT_EFFECT_JUMPS = 16,
	VOLT_EFFECT_ENDS = 32,
	VOLT_EFFECT_REPEATS = 64,
	VOLT_EFFECT_FRAME = 128,
};

enum { VOLT_OPERAND_MAXIMUM = 7 };

typedef struct {
	const char *name;                            /* as in SPECIFICATION.md, "Instructions": "AddI" */
	volt_operand operands[VOLT_OPERAND_MAXIMUM]; /* ends with role NONE */
	unsigned effects;
	const char *semantics; /* a line for people: "R[a] = R[b] + R[c] modulo 2^64" */
} volt_opcode_info;

/* The row of an opcode; NULL if `op` is not one (VOLT_OPCODE_COUNT..255). The table is constant. */
const volt_opcode_info *volt_opcode_get_info(uint8_t op);

/* The opcode with this exact name, or -1. */
int volt_opcode_by_name(const char *name, size_t length);

/* The number in a field; signed fields are sign-extended. */
int64_t volt_instruction_get(volt_instruction instruction, volt_field field);

/* Stores the number; false if it does not fit the field, which is then unchanged. */
bool volt_instruction_set(volt_instruction *instruction, volt_field field, int64_t value);

/* The bits of an instruction (as one little-endian 64-bit word) that a field occupies. */
uint64_t volt_field_mask(volt_field field);

/* The immediate b | c << 16, sign-extended. */
static inline int32_t volt_instruction_immediate(volt_instruction instruction) {
	return (int32_t)((uint32_t)instruction.b | (uint32_t)instruction.c << 16);
}

/*
 * The pc that a jumping instruction at `pc` may go to: pc + IMM, or pc + 1 + C for ForLoop. May lie
 * outside the function in a module that was not verified.
 */
int64_t volt_jump_target(volt_instruction instruction, uint32_t pc);

/* Slots that an element with these element flags takes (1 for packed ones); 0 if `flags` is 0. */
uint32_t volt_element_slots(uint8_t flags);

/* ---- Types ---- */

typedef enum {
	VOLT_SLOT_VALUE,
	VOLT_SLOT_REFERENCE,
	VOLT_SLOT_INTERFACE_TYPE,    /* first slot of an interface */
	VOLT_SLOT_INTERFACE_PAYLOAD, /* second slot of an interface */
	VOLT_SLOT_FLOAT,
	VOLT_SLOT_TYPE_COUNT,
} volt_slot_type;

typedef enum {
	VOLT_KIND_VOID,
	VOLT_KIND_BOOL,
	VOLT_KIND_INT,
	VOLT_KIND_INT8,
	VOLT_KIND_INT16,
	VOLT_KIND_INT32,
	VOLT_KIND_INT64,
	VOLT_KIND_UINT,
	VOLT_KIND_UINT8,
	VOLT_KIND_UINT16,
	VOLT_KIND_UINT32,
	VOLT_KIND_UINT64,
	VOLT_KIND_FLOAT32,
	VOLT_KIND_FLOAT64,
	VOLT_KIND_ARRAY,
	VOLT_KIND_STRUCT,
	VOLT_KIND_INTERFACE,
	VOLT_KIND_STRING,
	VOLT_KIND_SLICE,
	VOLT_KIND_MAP,
	VOLT_KIND_CHANNEL,
	VOLT_KIND_CLOSURE,
	VOLT_KIND_POINTER,
	VOLT_KIND_PORT,
	VOLT_KIND_ISLAND,
	VOLT_KIND_COUNT,
} volt_kind;

/* ValueMeta and ValueRttid words: id << 8 | kind. */
static inline volt_kind volt_meta_kind(uint32_t meta) {
	return (volt_kind)(meta & 0xff);
}
static inline uint32_t volt_meta_id(uint32_t meta) {
	return meta >> 8;
}
static inline uint32_t volt_meta_make(uint32_t id, volt_kind kind) {
	return id << 8 | (uint32_t)kind;
}

/* "int8", "struct", ...; "?" for a number that is no kind. A constant. */
const char *volt_kind_name(unsigned kind);

/* Bytes, not terminated, may contain zeros; UTF-8 was checked by the reader. */
typedef struct {
	const char *bytes;
	uint32_t length;
} volt_text;

/* A vector of `count` items in the module's arena; `items` may be NULL when count is 0. */
#define VOLT_VECTOR(type) \
	struct { \
		type *items; \
		uint32_t count; \
	}

/* An optional index: absent or value. */
typedef struct {
	bool present;
	uint32_t value;
} volt_optional;

typedef struct {
	volt_text name;
	uint16_t offset; /* slots from the start of the struct */
	uint16_t slot_count;
	uint32_t type; /* ValueRttid */
	bool embedded;
	bool has_tag;
	volt_text tag;
} volt_field_meta;

typedef struct {
	VOLT_VECTOR(uint8_t) slot_types; /* volt_slot_type; its count is the struct's size in slots */
	VOLT_VECTOR(volt_field_meta) fields;
} volt_struct_meta;

typedef struct {
	volt_text name;
	uint32_t
	    signature; /* of the function type: in an interface meta the rttid, in a runtime type a ValueRttid */
} volt_interface_method;

typedef struct {
	volt_text name;
	VOLT_VECTOR(volt_text) method_names; /* order of the itab */
	VOLT_VECTOR(volt_interface_method) methods;
} volt_interface_meta;

typedef struct {
	volt_text name;
	uint32_t function;
	bool pointer_receiver;
	uint32_t signature;
} volt_named_method;

typedef struct {
	volt_text name; /* "package.Type" */
	/*
	 * Kind and an id. Declared with a literal, structs and interfaces have the index of their meta there,
	 * others an rttid; declared with another name (`type A B`), all have the rttid of that name. It may look
	 * like either, so only volt_module_verify() and the VM, which look at other tables too, can tell.
	 */
	uint32_t underlying;
	VOLT_VECTOR(volt_named_method) methods;
} volt_named_type;

typedef VOLT_VECTOR(uint32_t) volt_index_vector;

typedef volt_index_vector volt_itab; /* function per method of the interface */

typedef enum {
	VOLT_TYPE_BASIC,
	VOLT_TYPE_NAMED,
	VOLT_TYPE_POINTER,
	VOLT_TYPE_ARRAY,
	VOLT_TYPE_SLICE,
	VOLT_TYPE_MAP,
	VOLT_TYPE_CHANNEL,
	VOLT_TYPE_FUNCTION,
	VOLT_TYPE_STRUCT,
	VOLT_TYPE_INTERFACE,
	VOLT_TYPE_TUPLE,
	VOLT_TYPE_PORT,
	VOLT_TYPE_ISLAND,
	VOLT_TYPE_TAG_COUNT,
} volt_type_tag;

typedef struct {
	volt_text name;
	uint32_t type; /* ValueRttid */
	volt_text tag;
	bool embedded;
	volt_text package;
} volt_type_field;

typedef struct {
	volt_type_tag tag;
	uint8_t kind;                        /* BASIC: volt_kind */
	uint8_t direction;                   /* CHANNEL: 0 both, 1 send, 2 receive */
	bool variadic;                       /* FUNCTION */
	uint32_t id;                         /* NAMED: named type; STRUCT, INTERFACE: meta index */
	volt_optional struct_meta;           /* NAMED */
	uint64_t length;                     /* ARRAY */
	uint32_t element;                    /* POINTER, ARRAY, SLICE, CHANNEL, PORT; MAP: value (ValueRttid) */
	uint32_t key;                        /* MAP (ValueRttid) */
	volt_index_vector parameters;        /* FUNCTION; TUPLE: its elements (ValueRttid) */
	volt_index_vector results;           /* FUNCTION (ValueRttid) */
	VOLT_VECTOR(volt_type_field) fields; /* STRUCT */
	VOLT_VECTOR(volt_interface_method) methods; /* INTERFACE */
} volt_runtime_type;

typedef struct {
	volt_optional error_named_type;
	volt_optional error_interface;
	volt_optional error_pointer; /* rttid of *errors.Error */
	volt_optional error_struct;
	bool has_error_offsets;
	uint16_t error_message_offset;
	uint16_t error_cause_offset;
	volt_optional attribute_object; /* interface metas of the dynamic access protocols */
	volt_optional set_attribute_object;
	volt_optional index_object;
	volt_optional set_index_object;
	volt_optional call_object;
} volt_well_known_types;

/* ---- Constants, globals, functions, natives ---- */

typedef enum {
	VOLT_CONSTANT_NIL,
	VOLT_CONSTANT_BOOL,
	VOLT_CONSTANT_INT,
	VOLT_CONSTANT_FLOAT,
	VOLT_CONSTANT_STRING,
	VOLT_CONSTANT_TAG_COUNT,
} volt_constant_tag;

typedef struct {
	volt_constant_tag tag;
	uint64_t bits;  /* BOOL 0 or 1; INT two's complement; FLOAT IEEE bits */
	volt_text text; /* STRING */
} volt_constant;

typedef struct {
	volt_text name;
	uint16_t slots;
	uint8_t kind; /* volt_kind */
	uint32_t meta;
	VOLT_VECTOR(uint8_t) slot_types;
} volt_global;

typedef struct {
	uint32_t meta; /* ValueMeta */
	uint16_t slots;
} volt_transfer_type;

typedef struct {
	volt_text name;
	uint16_t parameter_count;
	uint16_t parameter_slots;
	uint16_t local_slots; /* the frame's size; includes the parameters */
	uint16_t result_slots;
	uint16_t receiver_slots;
	uint16_t heap_result_count;
	uint16_t heap_result_start;
	VOLT_VECTOR(uint16_t) heap_result_slots;
	bool is_closure;
	int16_t error_result_slot; /* offset in the results, or -1 */
	bool has_defer;
	VOLT_VECTOR(uint8_t) slot_types; /* at most local_slots; may be empty */
	VOLT_VECTOR(volt_instruction) code;
	VOLT_VECTOR(volt_transfer_type) capture_types;
	VOLT_VECTOR(volt_transfer_type) parameter_types;
} volt_function;

typedef struct {
	volt_text name;
	uint16_t parameter_slots;
	uint16_t result_slots;
	bool is_blocking;
} volt_native_import;

typedef struct {
	uint32_t pc;
	uint16_t file;
	uint32_t line;
	uint16_t column;
	uint16_t length;
} volt_debug_location;

typedef struct {
	VOLT_VECTOR(volt_debug_location) locations;
} volt_function_debug;

/* ---- Module ---- */

typedef struct volt_arena volt_arena;

typedef struct {
	volt_arena *arena;
	const char *source; /* name of the file that it came from, for messages */
	bool is_binary;     /* it was read from .vob bytes, not from text */
	volt_text name;
	VOLT_VECTOR(volt_struct_meta) struct_metas;
	VOLT_VECTOR(volt_interface_meta) interface_metas;
	VOLT_VECTOR(volt_named_type) named_types;
	VOLT_VECTOR(volt_itab) itabs;
	VOLT_VECTOR(volt_runtime_type) runtime_types;
	volt_well_known_types well_known;
	VOLT_VECTOR(volt_constant) constants;
	VOLT_VECTOR(volt_global) globals;
	VOLT_VECTOR(volt_function) functions;
	VOLT_VECTOR(volt_native_import) natives;
	uint32_t entry_function;
	/*
	 * The file has a debug section, even if it is empty. Text without one is its own source: the two vectors
	 * then name its lines, and are not written.
	 */
	bool has_debug;
	VOLT_VECTOR(volt_text) debug_files;
	VOLT_VECTOR(volt_function_debug) function_debug;
} volt_module;

/*
 * Reads a file: text (volt/vot.h) if its name ends in ".vot", else bytes (volt/vob.h). *module is the
 * caller's, and NULL after an error: VOLT_ERROR_FILE, VOLT_ERROR_FORMAT, VOLT_ERROR_MEMORY. It is not
 * verified yet.
 */
volt_error *volt_module_read_file(const char *path, volt_module **module);

/*
 * The same from a stream, to its end; what was read tells whether it is text. `source` names it in messages
 * and is copied. The stream stays the caller's.
 */
volt_error *volt_module_read_stream(FILE *stream, const char *source, volt_module **module);

/* Ends a module and all that it owns; nobody may use it any more. NULL is allowed. */
void volt_module_free(volt_module *module);

/* Sum of the slots of all globals. The module need not be verified. */
uint32_t volt_module_global_slots(const volt_module *module);

/*
 * What an operand of an instruction of a verified module covers: the number of slots; 0 for operands
 * that are no slots. For REST_OF_FRAME it is the slots from there to the end of the frame; results of natives
 * are those that the import declares, as far as they lie in the frame. A width that is only known at run time
 * (descriptor or element size in a slot) gives -1.
 */
int volt_operand_slots(const volt_module *module, const volt_function *function, volt_instruction instruction,
                       const volt_operand *operand);

/* First slot that an operand covers for which volt_operand_slots() is not 0. */
uint32_t volt_operand_first_slot(volt_instruction instruction, const volt_operand *operand);

/*
 * Where the source of function `function`, pc `pc`, stands (SPECIFICATION.md, "Debug information"); NULL if
 * the module does not know, or has no such function. It is the module's.
 */
const volt_debug_location *volt_module_locate(const volt_module *module, uint32_t function, uint32_t pc);

/*
 * The same as file and line; false if the module does not know. The module need not be verified. *file is the
 * module's.
 */
bool volt_module_find_line(const volt_module *module, uint32_t function, uint32_t pc, volt_text *file,
                           uint32_t *line);

/*
 * Puts before the message of `error`, which is the function's from here on, where in a function it was:
 * "SOURCE: function NAME (#INDEX), pc N (Opcode) at FILE:LINE"; without pc and all behind it if `pc` is -1,
 * without the line if the module does not know it. The module need not be verified.
 */
VOLT_NEVER_NULL volt_error *volt_module_error_at(const volt_module *module, uint32_t function, int64_t pc,
                                                 volt_error *error);

VOLT_DECLARATIONS_END

#endif
