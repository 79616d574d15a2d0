/* The locale "C" for the calling thread. */
#include "bytecode/model/c_locale.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain;

/* The C library has this locale built in: making it takes no memory and cannot fail there. */
static void make_plain(void) {
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

c_locale_scope volt_c_locale_enter(void) {
	pthread_once(&once, make_plain);
	return (c_locale_scope){uselocale(plain)};
}

void volt_c_locale_leave(c_locale_scope scope) {
	uselocale(scope.before);
}
