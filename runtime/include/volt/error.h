/*
 * Errors of the library, as values.
 *
 * Every function that can fail returns an owned `volt_error *`: NULL means success. The caller
 * frees it with volt_error_free(). A message names the file, function and pc where they are known,
 * and the cause. A panic that nobody in the program recovers is one, too: VOLT_ERROR_PANIC. Where the
 * program was when an error ended it, volt_vm_trace() tells.
 *
 * Threads: an error belongs to the thread that received it.
 */
#ifndef VOLT_ERROR_H
#define VOLT_ERROR_H

#include <stdarg.h>

#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef enum {
	VOLT_ERROR_NONE,        /* no error: what NULL is */
	VOLT_ERROR_FILE,        /* a file cannot be opened, read or written */
	VOLT_ERROR_FORMAT,      /* bytes or text that are not a module */
	VOLT_ERROR_VERIFY,      /* a module that breaks a rule of the verifier */
	VOLT_ERROR_ARGUMENT,    /* an argument of a function of this library is out of its range */
	VOLT_ERROR_LINK,        /* natives that the module imports and nobody registered */
	VOLT_ERROR_MEMORY,      /* the heap limit was reached or the system has no memory left */
	VOLT_ERROR_LIMIT,       /* a limit that the embedder set, such as the number of steps */
	VOLT_ERROR_PANIC,       /* the program ended in an uncaught panic */
	VOLT_ERROR_DEADLOCK,    /* every fiber is blocked */
	VOLT_ERROR_TIER,        /* the compiling tier cannot be loaded or refused something */
	VOLT_ERROR_INTERRUPTED, /* volt_vm_interrupt() */
	VOLT_ERROR_EXIT,        /* a function that was called has ended the program (os.Exit) */
} volt_error_kind;

typedef struct volt_error volt_error;

#if defined(__GNUC__)
#define VOLT_PRINTF(format_index, first_argument) \
	__attribute__((format(printf, format_index, first_argument)))
#define VOLT_NEVER_NULL __attribute__((returns_nonnull))
#else
#define VOLT_PRINTF(format_index, first_argument)
#define VOLT_NEVER_NULL
#endif

/*
 * Makes an error from a printf format. Never returns NULL: when there is no memory left, it returns
 * a static error that volt_error_free() ignores.
 */
VOLT_NEVER_NULL volt_error *volt_error_new(volt_error_kind kind, const char *format, ...) VOLT_PRINTF(2, 3);
VOLT_NEVER_NULL volt_error *volt_error_new_v(volt_error_kind kind, const char *format, va_list arguments)
    VOLT_PRINTF(2, 0);

/* Puts "prefix: " before the message of `error`, which is not NULL and is the function's from here on. */
VOLT_NEVER_NULL volt_error *volt_error_prefix(volt_error *error, const char *format, ...) VOLT_PRINTF(2, 3);

/*
 * The message: UTF-8, no newline at the end, valid until volt_error_free(); "" for NULL. It may quote names
 * of a module, which are any text: what a terminal would obey stands there as \xHH. The message of a
 * VOLT_ERROR_PANIC is what the program says, and stays as it is.
 */
const char *volt_error_message(const volt_error *error);

/* VOLT_ERROR_NONE for NULL. */
volt_error_kind volt_error_get_kind(const volt_error *error);

/* Ends an error and its message. NULL is allowed. */
void volt_error_free(volt_error *error);

VOLT_DECLARATIONS_END

#endif
