/*
 * Metrics from the object and the assembly. Sizes of blocks come from assembling LLVM's own text once more
 * with a label of ours at the start of every block: labels change no instruction, so the addresses are those
 * of the object.
 */
#include "report/metrics.h"

#include <jansson.h>
#include <llvm-c/Object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/module_calls.h"
#include "calls/preset.h"
#include "guard/memory.h"
#include "report/assembly.h"

static volt_error *take_message(const char *what, char *message) {
	volt_error *error = volt_error_new(VOLT_ERROR_TIER, "%s: %s", what, message ? message : "unknown reason");
	LLVMDisposeMessage(message);
	return error;
}

/* ---- Symbols of an object ---- */

typedef void (*symbol_visitor)(void *user, const char *name, uint64_t address, uint64_t size);

static volt_error *visit_symbols(LLVMMemoryBufferRef object, symbol_visitor visitor, void *user) {
	char *message = NULL;
	LLVMBinaryRef binary = LLVMCreateBinary(object, NULL, &message);
	if (!binary)
		return take_message("the object cannot be read", message);
	LLVMSymbolIteratorRef symbol = LLVMObjectFileCopySymbolIterator(binary);
	for (; !LLVMObjectFileIsSymbolIteratorAtEnd(binary, symbol); LLVMMoveToNextSymbol(symbol))
		visitor(user, LLVMGetSymbolName(symbol), LLVMGetSymbolAddress(symbol), LLVMGetSymbolSize(symbol));
	LLVMDisposeSymbolIterator(symbol);
	LLVMDisposeBinary(binary);
	return NULL;
}

typedef struct {
	const module_lowering *lowering;
	code_size *sizes;
} size_reader;

enum { NO_FUNCTION = UINT32_MAX };

static bool is_form(const module_lowering *lowering, uint32_t index, const char *name, function_form form) {
	char symbol[SYMBOL_SIZE];
	form_symbol(lowering, index, form, symbol);
	return strcmp(symbol, name) == 0;
}

/*
 * The function that this symbol is a part of: of its form that does the work, or of where that goes on.
 * Entries and thunks have other names.
 */
static uint32_t function_of_part(const module_lowering *lowering, const char *name) {
	unsigned index;
	if (sscanf(name, "volt_f%u_", &index) != 1 || index >= lowering->bytecode->functions.count)
		return NO_FUNCTION;
	function_form working = lowering->calls->strategy->working_form(lowering, index);
	bool is_part = is_form(lowering, index, name, working) || is_form(lowering, index, name, FORM_REST);
	return is_part ? index : NO_FUNCTION;
}

static void read_size(void *user, const char *name, uint64_t address, uint64_t size) {
	(void)address;
	size_reader *reader = user;
	unsigned index;
	uint32_t function = function_of_part(reader->lowering, name);
	if (function != NO_FUNCTION)
		reader->sizes[function] += size;
	else if (sscanf(name, "volt_f%u_", &index) == 1 && index < reader->lowering->bytecode->functions.count &&
	         is_form(reader->lowering, index, name, FORM_RESUME))
		reader->sizes[index] = size;
}

volt_error *object_function_sizes(LLVMMemoryBufferRef object, const module_lowering *lowering,
                                  code_size *sizes) {
	size_reader reader = {lowering, sizes};
	return visit_symbols(object, read_size, &reader);
}

/* ---- Sizes of blocks ---- */

typedef struct {
	uint64_t address;
	bool cold;
	bool end; /* no block: the end of a function */
} block_start;

typedef struct {
	block_start *items;
	size_t count;
	size_t capacity;
	bool incomplete; /* there was no memory for more */
} block_list;

static const char hot_label[] = "volt_hot_block_";
static const char cold_label[] = "volt_cold_block_";

/* The text with a label before each block, and none of the debug-free parts changed. The caller frees. */
static char *label_blocks(const char *text, size_t *size) {
	char *labelled = NULL;
	FILE *out = open_memstream(&labelled, size);
	if (!out)
		return NULL;
	unsigned count = 0;
	for (const char *line = text; *line;) {
		const char *newline = strchr(line, '\n');
		size_t length = newline ? (size_t)(newline - line) + 1 : strlen(line);
		bool cold;
		if (assembly_starts_block(line, length, &cold))
			fprintf(out, "%s%u:\n", cold ? cold_label : hot_label, count++);
		fwrite(line, 1, length, out);
		line += length;
	}
	bool failed = ferror(out);
	if (!fclose(out) && !failed)
		return labelled;
	free(labelled);
	return NULL;
}

/* Assembles a text: LLVM's C interface does it for the inline assembly of an otherwise empty module. */
static volt_error *assemble(const char *text, size_t size, LLVMTargetMachineRef machine,
                            LLVMMemoryBufferRef *object) {
	LLVMContextRef context = LLVMContextCreate();
	diagnostics said;
	diagnostics_keep(context, &said);
	LLVMModuleRef module = LLVMModuleCreateWithNameInContext("metrics", context);
	char *triple = LLVMGetTargetMachineTriple(machine);
	LLVMSetTarget(module, triple);
	LLVMDisposeMessage(triple);
	LLVMSetModuleInlineAsm2(module, text, size);
	char *message = NULL;
	static const char what[] = "the assembly cannot be assembled";
	bool failed = LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMObjectFile, &message, object);
	LLVMDisposeModule(module);
	LLVMContextDispose(context);
	if (failed)
		return take_message(what, message);
	volt_error *error = diagnostics_error(&said, what);
	if (error)
		LLVMDisposeMemoryBuffer(*object);
	return error;
}

static void add_block(block_list *list, block_start block) {
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 64;
		block_start *grown = reallocarray(list->items, capacity, sizeof *list->items);
		list->incomplete |= !grown;
		if (!grown)
			return;
		list->items = grown;
		list->capacity = capacity;
	}
	list->items[list->count++] = block;
}

static void read_block(void *user, const char *name, uint64_t address, uint64_t size) {
	bool cold = strncmp(name, cold_label, strlen(cold_label)) == 0;
	if (cold || strncmp(name, hot_label, strlen(hot_label)) == 0)
		add_block(user, (block_start){.address = address, .cold = cold});
	else if (size > 0)
		add_block(user, (block_start){.address = address + size, .end = true});
}

static int compare_blocks(const void *left, const void *right) {
	const block_start *a = left, *b = right;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return (int)b->end - (int)a->end; /* one function's end before the next one's start */
}

static volt_error *no_memory(void) {
	return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the metrics");
}

static volt_error *read_blocks(LLVMTargetMachineRef machine, const char *text, block_list *blocks) {
	size_t size = 0;
	char *labelled = label_blocks(text, &size);
	LLVMMemoryBufferRef object;
	volt_error *error = labelled ? assemble(labelled, size, machine, &object) : no_memory();
	free(labelled);
	if (error)
		return error;
	error = visit_symbols(object, read_block, blocks);
	LLVMDisposeMemoryBuffer(object);
	if (!error && blocks->incomplete)
		error = no_memory();
	if (blocks->count)
		qsort(blocks->items, blocks->count, sizeof *blocks->items, compare_blocks);
	return error;
}

/* ---- JSON ---- */

/* A function has one or two: an inner form and its rest. */
typedef struct {
	uint32_t function;
	uint64_t start, size;
} code_range;

typedef struct {
	compilation_unit *unit;
	const char *target;
	bool is_x86;
	const block_list *blocks;
	code_range *ranges;
	uint32_t range_count;
	assembly_facts *facts; /* by function index */
} metrics_writer;

static void read_range(void *user, const char *name, uint64_t address, uint64_t size) {
	metrics_writer *writer = user;
	uint32_t function = function_of_part(&writer->unit->lowering, name);
	if (function != NO_FUNCTION)
		writer->ranges[writer->range_count++] = (code_range){function, address, size};
}

static uint64_t cold_bytes(const metrics_writer *writer, const code_range *range) {
	uint64_t cold = 0;
	for (size_t i = 0; i + 1 < writer->blocks->count; i++) {
		const block_start *block = &writer->blocks->items[i];
		if (block->cold && block->address >= range->start && block->address < range->start + range->size)
			cold += writer->blocks->items[i + 1].address - block->address;
	}
	return cold;
}

static uint32_t larger(uint32_t left, uint32_t right) {
	return left > right ? left : right;
}

/* The parts of a function have one frame at a time. */
static void read_facts(void *user, const char *name, const char *body, size_t length) {
	metrics_writer *writer = user;
	uint32_t function = function_of_part(&writer->unit->lowering, name);
	if (function == NO_FUNCTION)
		return;
	assembly_facts part = assembly_read_facts(body, length, writer->is_x86);
	assembly_facts *whole = &writer->facts[function];
	whole->callee_saved = larger(whole->callee_saved, part.callee_saved);
	whole->frame_bytes = larger(whole->frame_bytes, part.frame_bytes);
	whole->spills += part.spills;
	whole->reloads += part.reloads;
	whole->weighted_spills += part.weighted_spills;
	whole->calls += part.calls;
}

/* NULL: the unit has no code of the function. */
static json_t *function_metrics(const metrics_writer *writer, uint32_t index) {
	uint64_t bytes = 0, cold = 0;
	for (uint32_t i = 0; i < writer->range_count; i++) {
		if (writer->ranges[i].function != index)
			continue;
		bytes += writer->ranges[i].size;
		cold += cold_bytes(writer, &writer->ranges[i]);
	}
	if (bytes == 0)
		return NULL;
	const module_lowering *lowering = &writer->unit->lowering;
	volt_text name = lowering->bytecode->functions.items[index].name;
	const assembly_facts *facts = &writer->facts[index];
	return json_pack("{s:s%, s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:i, s:i, s:i, s:I, s:i}", "function",
	                 name.bytes, (size_t)name.length, "index", (int)index, "preset",
	                 lowering->options.preset->name, "hints", lowering->options.preset->hints->name, "target",
	                 writer->target, "code_bytes", (json_int_t)bytes, "hot_bytes", (json_int_t)(bytes - cold),
	                 "cold_bytes", (json_int_t)cold, "callee_saved", (int)facts->callee_saved, "frame_bytes",
	                 (int)facts->frame_bytes, "spills", (int)facts->spills, "reloads", (int)facts->reloads,
	                 "weighted_spills", (json_int_t)facts->weighted_spills, "calls", (int)facts->calls);
}

static char *write_metrics(const metrics_writer *writer) {
	json_t *array = json_array();
	for (uint32_t i = 0; i < writer->unit->lowering.bytecode->functions.count; i++) {
		json_t *row = function_metrics(writer, i);
		if (row)
			json_array_append_new(array, row);
	}
	char *text = json_dumps(array, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(array);
	return text;
}

static volt_error *measure(metrics_writer *writer, LLVMTargetMachineRef machine, block_list *blocks) {
	compilation_unit *unit = writer->unit;
	LLVMMemoryBufferRef object, assembly;
	volt_error *error = unit_generate(unit, machine, LLVMObjectFile, &object);
	if (error)
		return error;
	error = visit_symbols(object, read_range, writer);
	LLVMDisposeMemoryBuffer(object);
	if (!error)
		error = unit_generate(unit, machine, LLVMAssemblyFile, &assembly);
	if (error)
		return error;
	const char *text = LLVMGetBufferStart(assembly);
	error = read_blocks(machine, text, blocks);
	if (!error)
		assembly_visit(text, read_facts, writer);
	LLVMDisposeMemoryBuffer(assembly);
	return error;
}

volt_error *unit_metrics(compilation_unit *unit, LLVMTargetMachineRef machine, char **json) {
	char *triple = LLVMGetTargetMachineTriple(machine);
	bool is_x86 = strncmp(triple, "x86_64", strlen("x86_64")) == 0;
	LLVMDisposeMessage(triple);
	uint32_t count = unit->lowering.bytecode->functions.count;
	block_list blocks = {0};
	metrics_writer writer = {
	    .unit = unit,
	    .target = is_x86 ? "x86_64" : "aarch64",
	    .is_x86 = is_x86,
	    .blocks = &blocks,
	    .ranges = memory_new(2 * (size_t)count + 1, sizeof(code_range)),
	    .facts = memory_new((size_t)count + 1, sizeof(assembly_facts)),
	};
	volt_error *error = measure(&writer, machine, &blocks);
	if (!error && !(*json = write_metrics(&writer)))
		error = no_memory();
	free(blocks.items);
	memory_free(writer.ranges);
	memory_free(writer.facts);
	return error;
}
