/* The table of exit strategies, and what most of them have in common. */
#include "calls/strategy.h"

#include "calls/forms.h"
#include "calls/module_calls.h"

static const exit_strategy *const strategies[EXIT_COUNT] = {
#define VALUE(PREFIX, STRATEGY, name) [PREFIX##_##STRATEGY] = &name##_strategy,
    EXIT_VALUES(VALUE)
#undef VALUE
};

const exit_strategy *exit_strategy_find(exit_kind kind) {
	return strategies[kind];
}

const char *no_contradiction(const struct compile_preset *preset) {
	(void)preset;
	return NULL;
}

void no_preparation(module_lowering *module) {
	(void)module;
}

const call_convention *convention_of_module(const module_lowering *module, uint32_t index) {
	(void)index;
	return &module->calls->convention;
}

uint32_t plan_inner_form(module_lowering *module, uint32_t index, form_plan *plans) {
	plans[0] = (form_plan){
	    .form = FORM_INNER,
	    .v_function = inner_function(module, index),
	    .convention = inner_convention(module, index),
	    .frame = module->calls->strategy->frame,
	};
	return 1;
}

void nothing_to_join(module_lowering *module, uint32_t index) {
	(void)module, (void)index;
}

function_form inner_form_works(const module_lowering *module, uint32_t index) {
	(void)module, (void)index;
	return FORM_INNER;
}
