/* Pieces of programs, and running them again and again. */
#ifndef TESTS_ISLANDS_SUPPORT_H
#define TESTS_ISLANDS_SUPPORT_H

#include <string.h>

#include "machine.h"

/* A port of ints in a slot; uses r90 and r91. */
#define PORT(slot, capacity) \
	" LoadInt r90, 2\n LoadInt r91, " capacity "\n PortNew " slot ", r90, r91 slots=1\n"

/* A port whose elements have this kind. */
#define PORT_OF(slot, kind, slots) \
	" LoadInt r90, " kind "\n LoadInt r91, 1\n PortNew " slot ", r90, r91 slots=" slots "\n"

#define LOG(slot, count) " CallExtern @log, r0, " slot " args=" count "\n"
#define END " Return r0, 0\n}\n"

/* Runs a program that ends well many times, under different schedules; its output is always this. */
static inline void repeat(const char *program, const char *output, int times) {
	for (int i = 0; i < times; i++) {
		const outcome result =
		    run_with(program, &(volt_vm_options){.testing.schedule_seed = (uint64_t)(i % 10)}, NULL);
		ck_assert_str_eq(result.message, "");
		ck_assert_str_eq(result.output, output);
	}
}

#endif
