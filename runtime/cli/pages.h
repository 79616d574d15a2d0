/* Pages that the command writes, as they stand beside this file: NAME.html. The build makes arrays of them.
 */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include <stddef.h>

/* A flame graph; data that it draws stand in place of the line @DATA@. */
extern const unsigned char profile_page[];
extern const size_t profile_page_bytes;

#endif
