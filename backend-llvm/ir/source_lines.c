/*
 * Lines as LLVM wants them. Lowering only says at which instruction it is; what the builder does in between,
 * in functions of other names, is put right when all is built.
 */
#include "ir/source_lines.h"

#include <llvm-c/DebugInfo.h>
#include <string.h>

/* The newest form that readers of other projects, and jit/line_table.c, all know. */
enum { DWARF_VERSION = 4 };

uint32_t instruction_number(const volt_module *bytecode, uint32_t function, uint32_t pc) {
	uint32_t number = 1 + pc;
	for (uint32_t i = 0; i < function; i++)
		number += bytecode->functions.items[i].code.count;
	return number;
}

static bool is_in_function(instruction_finder *finder, uint32_t number) {
	finder->pc = number - finder->first;
	return number >= finder->first &&
	       finder->pc < finder->bytecode->functions.items[finder->function].code.count;
}

bool instruction_find(instruction_finder *finder, uint32_t number) {
	if (number == 0)
		return false;
	if (finder->first != 0 && is_in_function(finder, number))
		return true;
	finder->first = 1;
	for (finder->function = 0; finder->function < finder->bytecode->functions.count; finder->function++) {
		if (is_in_function(finder, number))
			return true;
		finder->first += finder->bytecode->functions.items[finder->function].code.count;
	}
	finder->first = 0;
	return false;
}

static void add_flag(module_lowering *module, const char *name, uint32_t value) {
	LLVMAddModuleFlag(module->module, LLVMModuleFlagBehaviorWarning, name, strlen(name),
	                  LLVMValueAsMetadata(LLVMConstInt(module->types.i32, value, false)));
}

static LLVMMetadataRef file_of(const module_lowering *module, volt_text name) {
	return LLVMDIBuilderCreateFile(module->lines, name.bytes, name.length, "", 0);
}

static volt_text text_of(const char *text) {
	return (volt_text){text, (uint32_t)strlen(text)};
}

void source_lines_start(module_lowering *module) {
	if (module->options.lines == LINES_NONE)
		return;
	module->lines = LLVMCreateDIBuilder(module->module);
	add_flag(module, "Debug Info Version", LLVMDebugMetadataVersion());
	add_flag(module, "Dwarf Version", DWARF_VERSION);
	static const char producer[] = "Volt";
	LLVMDIBuilderCreateCompileUnit(module->lines, LLVMDWARFSourceLanguageC99,
	                               file_of(module, text_of(module->bytecode->source)), producer,
	                               strlen(producer), true, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, true,
	                               false, "", 0, "", 0);
}

/* The file and line of the first instruction that has them; the module and 0 where none has. */
static LLVMMetadataRef place_of(const module_lowering *module, uint32_t function, uint32_t *line) {
	const volt_module *bytecode = module->bytecode;
	const volt_function *code = &bytecode->functions.items[function];
	*line = 0;
	for (uint32_t pc = 0; pc < code->code.count; pc++) {
		const volt_debug_location *location = volt_module_locate(bytecode, function, pc);
		if (!location)
			continue;
		*line = location->line;
		return file_of(module, bytecode->debug_files.items[location->file]);
	}
	return file_of(module, text_of(bytecode->source));
}

/* Where a function begins: the line of its subprogram. */
static LLVMMetadataRef start_of(const module_lowering *module, uint32_t function, uint32_t *line) {
	if (module->options.lines == LINES_OF_SOURCE)
		return place_of(module, function, line);
	*line = instruction_number(module->bytecode, function, 0);
	return file_of(module, text_of(module->bytecode->source));
}

static LLVMMetadataRef subprogram_of(const function_lowering *lowering) {
	const module_lowering *module = lowering->module;
	LLVMMetadataRef known = LLVMGetSubprogram(lowering->v_function);
	if (known)
		return known;
	uint32_t line;
	const volt_text name = lowering->function->name;
	LLVMMetadataRef file = start_of(module, lowering->index, &line);
	const uint32_t prologue_line = module->options.lines == LINES_OF_SOURCE ? line : 0;
	LLVMMetadataRef type = LLVMDIBuilderCreateSubroutineType(module->lines, file, NULL, 0, LLVMDIFlagZero);
	LLVMMetadataRef made =
	    LLVMDIBuilderCreateFunction(module->lines, file, name.bytes, name.length, "", 0, file, line, type,
	                                false, true, prologue_line, LLVMDIFlagZero, true);
	LLVMSetSubprogram(lowering->v_function, made);
	return made;
}

void source_lines_at(function_lowering *lowering, uint32_t pc) {
	const module_lowering *module = lowering->module;
	if (!module->lines)
		return;
	LLVMMetadataRef scope = subprogram_of(lowering);
	uint32_t line = 0, column = 0;
	const volt_debug_location *location = volt_module_locate(module->bytecode, lowering->index, pc);
	if (module->options.lines == LINES_OF_INSTRUCTIONS) {
		line = LLVMDISubprogramGetLine(scope) + pc;
	} else if (location) {
		line = location->line;
		column = location->column;
	}
	LLVMSetCurrentDebugLocation2(
	    module->builder, LLVMDIBuilderCreateDebugLocation(module->context, line, column, scope, NULL));
}

/*
 * A function that is none of the bytecode's has no lines; in one that is, what was built before its first
 * instruction, or for another function, belongs to no line.
 */
static void put_right(const module_lowering *module, LLVMValueRef v_instruction, LLVMMetadataRef scope) {
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(v_instruction);
	if (!scope && location)
		LLVMInstructionSetDebugLoc(v_instruction, NULL);
	else if (scope && (!location || LLVMDILocationGetScope(location) != scope))
		LLVMInstructionSetDebugLoc(v_instruction,
		                           LLVMDIBuilderCreateDebugLocation(module->context, 0, 0, scope, NULL));
}

void source_lines_finish(module_lowering *module) {
	if (!module->lines)
		return;
	for (LLVMValueRef v = LLVMGetFirstFunction(module->module); v; v = LLVMGetNextFunction(v))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v); b; b = LLVMGetNextBasicBlock(b))
			for (LLVMValueRef v_in = LLVMGetFirstInstruction(b); v_in; v_in = LLVMGetNextInstruction(v_in))
				put_right(module, v_in, LLVMGetSubprogram(v));
	LLVMDIBuilderFinalize(module->lines);
}

void source_lines_dispose(module_lowering *module) {
	if (module->lines)
		LLVMDisposeDIBuilder(module->lines);
	module->lines = NULL;
}
