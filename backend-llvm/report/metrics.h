/* What the generated code looks like, in numbers. */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include "codegen/unit.h"

typedef uint64_t code_size;

/*
 * Bytes of each function's inner or resume form, whichever the unit has, by function index; `sizes` holds
 * zeros, which those keep that are not in the object.
 */
volt_error *object_function_sizes(LLVMMemoryBufferRef object, const module_lowering *lowering,
                                  code_size *sizes);

/*
 * A JSON array with one object for each function of the unit: function, preset, hints, target, code_bytes,
 * hot_bytes, cold_bytes (blocks that only exits run), callee_saved (registers that the prologue saves, frame
 * and link register included), frame_bytes (below the return address), spills, reloads and calls outside of
 * cold blocks, weighted_spills (spills and reloads, each as often as its block is likely to run). The caller
 * frees.
 */
volt_error *unit_metrics(compilation_unit *unit, LLVMTargetMachineRef machine, char **json);

#endif
