/*
 * Reading .vob bytes: a cursor that knows where in the module it stands. The first mistake raises; see
 * failure.h. Numbers of parts are those of SPECIFICATION.md, "Order of the file".
 */
#ifndef BYTECODE_VOB_READER_H
#define BYTECODE_VOB_READER_H

#include "bytecode/model/arena.h"

enum { READER_DEPTH = 6 };

typedef struct {
	const char *name;
	bool indexed;
	uint32_t index;
} reader_place;

typedef struct {
	const uint8_t *bytes;
	size_t size;
	size_t position;
	const char *source;
	volt_arena *arena;
	failure *failure;
	reader_place path[READER_DEPTH]; /* functions[3].code[7] */
	unsigned depth;
} vob_reader;

_Noreturn void reader_fail(vob_reader *reader, const char *format, ...) VOLT_PRINTF(2, 3);

uint8_t reader_u8(vob_reader *reader);
uint16_t reader_u16(vob_reader *reader);
uint32_t reader_u32(vob_reader *reader);
uint64_t reader_u64(vob_reader *reader);
bool reader_bool(vob_reader *reader, const char *what);
volt_text reader_text(vob_reader *reader);
volt_optional reader_optional(vob_reader *reader);

/* A byte that must be below `end`. */
uint8_t reader_enum(vob_reader *reader, unsigned end, const char *what);

/* Where the next bytes belong, for messages. */
void reader_enter(vob_reader *reader, const char *name);
void reader_at(vob_reader *reader, uint32_t index);
void reader_leave(vob_reader *reader);

/* Number of items of a vector, refused when items of `smallest` bytes each cannot fit what remains. */
uint32_t reader_count(vob_reader *reader, size_t smallest);

/* A vector of the record or field `name`, whose items take at least `smallest` bytes each. */
#define READ_VECTOR(reader, name, vector, smallest, read_item) \
	do { \
		reader_enter(reader, name); \
		uint32_t items_ = reader_count(reader, smallest); \
		(vector)->items = arena_allocate((reader)->arena, items_, sizeof *(vector)->items); \
		(vector)->count = items_; \
		for (uint32_t item_ = 0; item_ < items_; item_++) { \
			reader_at(reader, item_); \
			read_item(reader, &(vector)->items[item_]); \
		} \
		reader_leave(reader); \
	} while (0)

/* Parts 3 to 8. */
void reader_types(vob_reader *reader, volt_module *module);
/* Parts 9 to 12. */
void reader_program(vob_reader *reader, volt_module *module);
/* Part 14. */
void reader_debug(vob_reader *reader, volt_module *module);

/* Items that several records share. */
void reader_slot_type(vob_reader *reader, uint8_t *item);
void reader_word(vob_reader *reader, uint32_t *item);
void reader_name(vob_reader *reader, volt_text *item);

#endif
