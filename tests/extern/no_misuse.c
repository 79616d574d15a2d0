/* No native of the library is declared, so none can act against its declaration: tests/embed has those that
 * are. */
#include <check.h>

#include "interpreter/native_aftermath.h"

void native_note_misuse(volt_vm *vm, const char *format, ...) {
	(void)vm;
	ck_abort_msg("%s", format);
}
