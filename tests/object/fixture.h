/* A hand-made module with a few types, and a space for it. */
#ifndef TESTS_OBJECT_FIXTURE_H
#define TESTS_OBJECT_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "object/heap.h"
#include "object/space.h"
#include "object/strings.h"

/* Runtime types behind the basic ones. */
enum {
	TYPE_ERROR = 18, /* errors.Error: message string, cause error */
	TYPE_ERROR_POINTER,
	TYPE_POINT, /* main.Point: x, y int; methods Area (value), Name (value) */
	TYPE_POINT_POINTER,
	TYPE_PERSON, /* main.Person: name string, age int; method Area (pointer) */
	TYPE_PERSON_POINTER,
	TYPE_HOLDER,       /* main.Holder: value any */
	TYPE_SMALL_ARRAY,  /* [4]int16 */
	TYPE_STRING_ARRAY, /* [2]string */
	TYPE_INT_SLICE,
	TYPE_CELSIUS,     /* main.Celsius: named int */
	TYPE_GRID,        /* main.Grid: cells [2]string */
	TYPE_POINT_ARRAY, /* [2]Point */
	TYPE_LOOP,        /* main.Loop: a broken named type whose underlying type is itself */
	TYPE_COUNT,
};

enum { STRUCT_BOX, STRUCT_ERROR, STRUCT_POINT, STRUCT_PERSON, STRUCT_HOLDER, STRUCT_GRID, STRUCT_META_COUNT };
enum { INTERFACE_ANY, INTERFACE_ERROR, INTERFACE_SHAPE, INTERFACE_AREA, INTERFACE_META_COUNT };
enum { FUNCTION_ERROR = 40, FUNCTION_AREA, FUNCTION_NAME, FUNCTION_PERSON_AREA, FUNCTION_MODULE_TABLE };
enum { SIGNATURE_TEXT = 5, SIGNATURE_NUMBER = 6 };

extern const volt_module test_module;
extern object_space *space;

/* Check fixtures: a space without a limit. */
void make_space(void);
void free_space(void);

/* A suite with one case per test function; runs it and returns main()'s result. */
typedef const TTest *test_list[];
int run_suite(const char *name, const test_list tests);

volt_slot text(const char *bytes);
volt_slot boxed(uint32_t struct_meta, uint32_t count, const volt_slot *slots);

/* Type word of a value in `any`. */
volt_slot any_type(uint32_t rttid, volt_kind kind);

/* A repeatable stream of numbers. */
uint64_t next_random(uint64_t *state);

void assert_trap(volt_trap trap, const char *message);

#endif
