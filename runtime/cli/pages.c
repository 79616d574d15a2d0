/* A page and its data as one text. */
#include "cli/pages.h"

#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"

/* Nothing in it may end the element that it stands in. */
static void write_data(FILE *out, const char *text) {
	for (; *text; text++)
		if (*text == '<')
			fputs("\\u003c", out);
		else
			fputc(*text, out);
}

void page_write(FILE *out, const unsigned char *page, size_t bytes, const char *json) {
	static const char mark[] = "@DATA@";
	const unsigned char *place = memmem(page, bytes, mark, strlen(mark));
	const unsigned char *behind = place + strlen(mark);
	fwrite(page, 1, (size_t)(place - page), out);
	write_data(out, json);
	fwrite(behind, 1, (size_t)(page + bytes - behind), out);
}

json_t *page_text(volt_text text) {
	char *shown = volt_printable_whole(text);
	json_t *value = json_string(shown);
	free(shown);
	return value;
}
