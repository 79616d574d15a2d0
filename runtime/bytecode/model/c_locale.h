/*
 * Numbers as text have one form, whatever locale the host has set for its process or for the calling thread:
 * that of the locale "C". Code that reads or writes them with the C library, or with a library that does,
 * does so between volt_c_locale_enter() and volt_c_locale_leave(), on whatever thread it runs. It must not
 * call the host in between, nor leave by a jump.
 */
#ifndef BYTECODE_MODEL_C_LOCALE_H
#define BYTECODE_MODEL_C_LOCALE_H

#include <locale.h>

#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	locale_t before; /* what the thread goes back to */
} c_locale_scope;

c_locale_scope volt_c_locale_enter(void);
void volt_c_locale_leave(c_locale_scope scope);

VOLT_DECLARATIONS_END

#endif
