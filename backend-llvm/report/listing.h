/* Generated code beside the bytecode that it comes from. */
#ifndef REPORT_LISTING_H
#define REPORT_LISTING_H

#include "report/placed_text.h"

/* Both give a text that the caller frees. */

/* Assembly in which a comment before the code of each instruction says which one it is, and its line. */
volt_error *unit_annotated_assembly(const unit_pair *units, LLVMTargetMachineRef machine, char **text,
                                    size_t *size);

/* VOLT_EMIT_LISTING of volt/tier.h */
volt_error *unit_listing(const unit_pair *units, LLVMTargetMachineRef machine, char **json, size_t *size);

#endif
