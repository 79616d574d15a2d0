/* Recognises files that are no modules by how they begin. */
#include "bytecode/model/foreign.h"

#include <stdio.h>
#include <string.h>

#include "bytecode/vot/text.h"

typedef struct {
	const char *beginning;
	size_t length;
	const char *what;
} known_file;

static const char magic[] = "VOB";

#define BEGINS(bytes) (bytes), sizeof(bytes) - 1

static const known_file known_files[] = {
    {BEGINS("\x7f"
            "ELF"),
     "it is a program or library of the machine (ELF)"},
    {BEGINS("\x1f\x8b"), "it is compressed (gzip): unpack it first"},
    {BEGINS("\x28\xb5\x2f\xfd"), "it is compressed (zstd): unpack it first"},
    {BEGINS("\xfd"
            "7zXZ"),
     "it is compressed (xz): unpack it first"},
    {BEGINS("BZh"), "it is compressed (bzip2): unpack it first"},
    {BEGINS("PK\x03\x04"), "it is an archive (zip): unpack it first"},
    {BEGINS("\0asm"), "it is WebAssembly"},
};

static bool begins_with(const char *bytes, size_t size, const char *beginning, size_t length) {
	return size >= length && memcmp(bytes, beginning, length) == 0;
}

static const char *known_file_reason(const char *bytes, size_t size) {
	for (size_t i = 0; i < sizeof known_files / sizeof *known_files; i++)
		if (begins_with(bytes, size, known_files[i].beginning, known_files[i].length))
			return known_files[i].what;
	return NULL;
}

/* The beginning is enough, and its last character may be cut. */
static bool looks_like_text(const char *bytes, size_t size) {
	enum { LOOKED_AT = 4096, LONGEST_CHARACTER = 4 };
	size_t length = size < LOOKED_AT ? size : LOOKED_AT;
	if (memchr(bytes, 0, length))
		return false;
	for (size_t cut = 0; cut < LONGEST_CHARACTER && cut < length; cut++)
		if (text_is_utf8((const uint8_t *)bytes, length - cut))
			return true;
	return false;
}

bool foreign_is_text_form(const char *bytes, size_t size) {
	const size_t compared = size < FOREIGN_MAGIC_BYTES ? size : FOREIGN_MAGIC_BYTES;
	return memcmp(bytes, magic, compared) != 0 && !known_file_reason(bytes, size) &&
	       looks_like_text(bytes, size);
}

/* Behind comments and white space: source begins with its package. */
static bool looks_like_source(const char *bytes, size_t size) {
	const char *at = bytes, *end = bytes + size;
	while (at < end) {
		size_t left = (size_t)(end - at);
		if (begins_with(at, left, "//", 2)) {
			const char *line_end = memchr(at, '\n', left);
			at = line_end ? line_end : end;
		} else if (begins_with(at, left, "/*", 2)) {
			const char *comment_end = memmem(at, left, "*/", 2);
			at = comment_end ? comment_end + 2 : end;
		} else if (strchr(" \t\r\n", *at)) {
			at++;
		} else {
			return begins_with(at, left, "package ", 8);
		}
	}
	return false;
}

static const char source_reason[] = "it is source text, and Volt runs bytecode: a compiler of the language, "
                                    "of 2026-02-23 or before, makes .vob files";

static bool ends_with(const char *name, const char *end) {
	size_t length = strlen(name), end_length = strlen(end);
	return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

static const char empty_reason[] = "the file is empty";

const char *foreign_reason(const uint8_t *bytes, size_t size, const char *name) {
	const char *text = (const char *)bytes;
	if (size == 0)
		return empty_reason;
	if (begins_with(text, size, magic, FOREIGN_MAGIC_BYTES))
		return NULL;
	if (size < FOREIGN_MAGIC_BYTES && memcmp(text, magic, size) == 0)
		return "it ends before its header does";
	const char *reason = known_file_reason(text, size);
	if (reason)
		return reason;
	if (!looks_like_text(text, size))
		return "it does not begin with \"VOB\"";
	if (ends_with(name, ".vo") || looks_like_source(text, size))
		return source_reason;
	return "it is text. The text form of a module has a name that ends in .vot; source (.vo) needs a "
	       "compiler first";
}

const char *foreign_text_reason(const char *bytes, size_t size) {
	if (size == 0)
		return empty_reason;
	if (begins_with(bytes, size, magic, FOREIGN_MAGIC_BYTES) && !looks_like_text(bytes, size))
		return "it is a binary module: the name of one must not end in .vot";
	const char *reason = known_file_reason(bytes, size);
	return !reason && looks_like_source(bytes, size) ? source_reason : reason;
}

const char *foreign_version(uint32_t version) {
	enum { FIRST_LATER = 2, LAST_LATER = 14 };
	return version >= FIRST_LATER && version <= LAST_LATER
	           ? ": it is of a compiler of the language of 2026-04-30 or later; those of 2026-02-23 and "
	             "before write version 1"
	           : "";
}

volt_error *foreign_layout(volt_error *error) {
	volt_error *longer = volt_error_new(volt_error_get_kind(error),
	                                    "%s (compilers of the language after 2026-02-23 also wrote version "
	                                    "1, with another layout, which Volt does not read)",
	                                    volt_error_message(error));
	volt_error_free(error);
	return longer;
}
