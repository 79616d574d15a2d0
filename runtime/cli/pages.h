/* Pages that the command writes, as they stand beside this file: NAME.html. The build makes arrays of them.
 */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "volt/bytecode.h"

/* A flame graph; data that it draws stand in place of the line @DATA@. */
extern const unsigned char profile_page[];
extern const size_t profile_page_bytes;

/* Bytecode, IR and assembly side by side. */
extern const unsigned char listing_page[];
extern const size_t listing_page_bytes;

/* Writes the page with the data in their place. */
void page_write(FILE *out, const unsigned char *page, size_t bytes, const char *json);

/* A name among the data, as it may be shown. */
json_t *page_text(volt_text text);

#endif
