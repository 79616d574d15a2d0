/* Names of files as arguments: copies that end in a zero. */
#include "extern/os/native_paths.h"

#include <errno.h>
#include <string.h>

int native_text_copy(string_view text, char *copy, size_t size) {
	if (memchr(text.bytes, '\0', text.length) != NULL)
		return EINVAL;
	if (text.length >= size)
		return ENAMETOOLONG;
	memcpy(copy, text.bytes, text.length);
	copy[text.length] = '\0';
	return 0;
}

int native_path_get(const volt_native_call *call, uint32_t index, native_path *path) {
	return native_text_copy(native_string(call, index), path->text, sizeof path->text);
}

string_view path_base(const char *path) {
	size_t end = strlen(path);
	if (end == 0)
		return (string_view){".", 1};
	while (end > 1 && path[end - 1] == '/')
		end--;
	size_t start = end;
	while (start > 0 && path[start - 1] != '/')
		start--;
	return start == end ? (string_view){"/", 1} : (string_view){path + start, end - start};
}
