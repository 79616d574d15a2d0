/* The table of basic blocks. */
#include "ir/blocks.h"

#include <ctype.h>
#include <string.h>

typedef enum { HOT, COLD } block_temperature;

static const struct {
	const char *name;
	block_temperature temperature;
} blocks[BLOCK_COUNT] = {
#define BLOCK(ENUMERATOR, name, temperature) [BLOCK_##ENUMERATOR] = {name, temperature},
    BLOCKS(BLOCK)
#undef BLOCK
};

const char *block_name(block_kind kind) {
	return blocks[kind].name;
}

static size_t stem_length(const char *name, size_t length) {
	const char *dot = memchr(name, '.', length);
	size_t stem = dot ? (size_t)(dot - name) : length;
	while (stem > 0 && isdigit((unsigned char)name[stem - 1]))
		stem--;
	return stem;
}

bool block_name_is_cold(const char *name, size_t length) {
	size_t stem = stem_length(name, length);
	for (int kind = 0; kind < BLOCK_COUNT; kind++)
		if (strlen(blocks[kind].name) == stem && memcmp(blocks[kind].name, name, stem) == 0)
			return blocks[kind].temperature == COLD;
	return false;
}
