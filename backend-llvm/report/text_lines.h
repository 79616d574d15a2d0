/* Lines of a text that ends with a zero, or with a part of one. */
#ifndef REPORT_TEXT_LINES_H
#define REPORT_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	const char *at;
	const char *end;
} line_reader;

/* The next line, without its end; false if there is none. */
bool next_line(line_reader *reader, const char **line, size_t *length);

/* Where the word stands in the line, or NULL. */
const char *find(const char *line, size_t length, const char *word);

bool starts_with(const char *line, size_t length, const char *prefix);

#endif
