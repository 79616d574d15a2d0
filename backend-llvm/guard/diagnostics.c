/* A handler for LLVM's diagnostics. */
#include "guard/diagnostics.h"

#include <stdio.h>

static void keep(LLVMDiagnosticInfoRef diagnostic, void *user) {
	diagnostics *kept = user;
	if (LLVMGetDiagInfoSeverity(diagnostic) != LLVMDSError || kept->text[0])
		return;
	char *text = LLVMGetDiagInfoDescription(diagnostic);
	snprintf(kept->text, sizeof kept->text, "%s", *text ? text : "an error without a text");
	LLVMDisposeMessage(text);
}

void diagnostics_keep(LLVMContextRef context, diagnostics *kept) {
	kept->text[0] = 0;
	LLVMContextSetDiagnosticHandler(context, keep, kept);
}

volt_error *diagnostics_error(const diagnostics *kept, const char *what) {
	return kept->text[0] ? volt_error_new(VOLT_ERROR_TIER, "%s: %s", what, kept->text) : NULL;
}
