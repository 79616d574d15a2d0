/* The life of a unit's part that is about calls and exits. */
#include "calls/module_calls.h"

#include "calls/hints.h"
#include "calls/preset.h"
#include "guard/memory.h"

void module_calls_start(module_lowering *module) {
	size_t count = module->bytecode->functions.count + (size_t)1;
	module->calls = memory_new(1, sizeof *module->calls);
	*module->calls = (module_calls){
	    .convention = convention_of_preset(module->options.preset),
	    .strategy = exit_strategy_find(module->options.preset->exit),
	    .v_inner = memory_new(count, sizeof(LLVMValueRef)),
	};
	make_cold_thunks(module);
	module->calls->strategy->prepare(module);
}

void module_calls_dispose(module_lowering *module) {
	if (!module->calls)
		return;
	memory_free(module->calls->unwinds);
	memory_free(module->calls->trials);
	memory_free(module->calls->v_inner);
	inlined_copies_dispose(&module->calls->copies);
	memory_free(module->calls);
}
