/*
 * Files by which `perf` knows compiled code: jit-PID.dump, with code and lines, which `perf inject --jit`
 * turns into object files, and /tmp/perf-PID.map, with names alone, which `perf report` reads by itself.
 */
#ifndef JIT_PERF_FILES_H
#define JIT_PERF_FILES_H

#include "jit/loaded_object.h"
#include "volt/error.h"

/* The process has one of each, from the first call on to its end. VOLT_ERROR_FILE: they cannot be written. */
volt_error *perf_files_start(const char *folder);

/* Writes all functions of the object. What cannot be written is left out. */
void perf_files_add(const loaded_object *object);

#endif
