/* Splitting texts into lines. */
#include "report/text_lines.h"

#include <string.h>

bool next_line(line_reader *reader, const char **line, size_t *length) {
	if (reader->at >= reader->end)
		return false;
	const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	const char *stop = newline ? newline : reader->end;
	*line = reader->at;
	*length = (size_t)(stop - reader->at);
	reader->at = newline ? newline + 1 : reader->end;
	return true;
}

const char *find(const char *line, size_t length, const char *word) {
	return memmem(line, length, word, strlen(word));
}

bool starts_with(const char *line, size_t length, const char *prefix) {
	return length >= strlen(prefix) && memcmp(line, prefix, strlen(prefix)) == 0;
}
