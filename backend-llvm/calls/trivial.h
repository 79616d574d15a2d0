/*
 * Functions that have a second form with trivial exits. The inner form is then an attempt: it calls that
 * form, and if it exits, the complete form with the same arguments.
 */
#ifndef LOWER_TRIVIAL_H
#define LOWER_TRIVIAL_H

#include "ir/lowering.h"

bool has_trivial_form(const module_lowering *module, uint32_t index);

/* The symbol of the form that does the work: the trivial one if there is one, else the inner form. */
void hot_symbol(const module_lowering *module, uint32_t index, char *buffer);

/* Defines the inner form of such a function. */
void define_attempt(module_lowering *module, uint32_t index);

#endif
