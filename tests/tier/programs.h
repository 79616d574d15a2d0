/* Small programs, each of which shows one way in which frames come and go. */
#ifndef TESTS_TIER_PROGRAMS_H
#define TESTS_TIER_PROGRAMS_H

typedef struct {
	const char *name;
	const char *text; /* .vot */
	const char *output;
} small_program;

extern const small_program small_programs[]; /* name NULL at the end */
int small_program_count(void);

#endif
