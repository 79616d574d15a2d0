/* The life of a unit's part that is about calls and exits. */
#include "calls/module_calls.h"

#include <stdlib.h>

#include "calls/hints.h"
#include "calls/preset.h"

void module_calls_start(module_lowering *module) {
	size_t count = module->bytecode->functions.count + (size_t)1;
	module->calls = malloc(sizeof *module->calls);
	*module->calls = (module_calls){
	    .convention = convention_of_preset(module->options.preset),
	    .strategy = exit_strategy_find(module->options.preset->exit),
	    .v_inner = calloc(count, sizeof(LLVMValueRef)),
	    .v_inlined = calloc(count, sizeof(LLVMValueRef)),
	};
	make_cold_thunks(module);
	module->calls->strategy->prepare(module);
}

void module_calls_dispose(module_lowering *module) {
	free(module->calls->unwinds);
	free(module->calls->v_inner);
	free(module->calls->v_inlined);
	free(module->calls);
}
