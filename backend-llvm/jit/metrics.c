/*
 * Metrics from the object and the assembly. Sizes of blocks come from assembling LLVM's own text once more
 * with a label of ours at the start of every block: labels change no instruction, so the addresses are those
 * of the object.
 */
#include "jit/metrics.h"

#include <jansson.h>
#include <llvm-c/Object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/assembly.h"
#include "lower/trivial.h"

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

/* An inner form is called "volt_f12_name", or "volt_f12_name_resume"; entries and thunks have other names. */
static void read_size(void *user, const char *name, uint64_t address, uint64_t size) {
	(void)address;
	size_reader *reader = user;
	unsigned index;
	char symbol[SYMBOL_SIZE];
	if (sscanf(name, "volt_f%u_", &index) != 1 || index >= reader->lowering->bytecode->functions.count)
		return;
	hot_symbol(reader->lowering, index, symbol);
	bool found = strcmp(symbol, name) == 0;
	resume_symbol(reader->lowering, index, symbol);
	if (found || strcmp(symbol, name) == 0)
		reader->sizes[index] = size;
}

volt_error *object_function_sizes(LLVMMemoryBufferRef object, const module_lowering *lowering,
                                  code_size **sizes) {
	*sizes = calloc(lowering->bytecode->functions.count + 1, sizeof(code_size));
	size_reader reader = {lowering, *sizes};
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
	fclose(out);
	return labelled;
}

/* Assembles a text: LLVM's C interface does it for the inline assembly of an otherwise empty module. */
static volt_error *assemble(const char *text, size_t size, LLVMTargetMachineRef machine,
                            LLVMMemoryBufferRef *object) {
	LLVMContextRef context = LLVMContextCreate();
	LLVMModuleRef module = LLVMModuleCreateWithNameInContext("metrics", context);
	char *triple = LLVMGetTargetMachineTriple(machine);
	LLVMSetTarget(module, triple);
	LLVMDisposeMessage(triple);
	LLVMSetModuleInlineAsm2(module, text, size);
	char *message = NULL;
	bool failed = LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMObjectFile, &message, object);
	LLVMDisposeModule(module);
	LLVMContextDispose(context);
	return failed ? take_message("the assembly cannot be assembled", message) : NULL;
}

static void add_block(block_list *list, block_start block) {
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 64;
		list->items = realloc(list->items, list->capacity * sizeof *list->items);
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

static volt_error *read_blocks(compilation_unit *unit, LLVMTargetMachineRef machine, const char *text,
                               block_list *blocks) {
	(void)unit;
	size_t size = 0;
	char *labelled = label_blocks(text, &size);
	LLVMMemoryBufferRef object;
	volt_error *error = assemble(labelled, size, machine, &object);
	free(labelled);
	if (error)
		return error;
	error = visit_symbols(object, read_block, blocks);
	LLVMDisposeMemoryBuffer(object);
	if (blocks->count)
		qsort(blocks->items, blocks->count, sizeof *blocks->items, compare_blocks);
	return error;
}

/* ---- JSON ---- */

typedef struct {
	compilation_unit *unit;
	const char *target;
	bool is_x86;
	const block_list *blocks;
	uint64_t *starts; /* address and size of each function, by index */
	uint64_t *sizes;
	json_t *array;
} metrics_writer;

static void read_range(void *user, const char *name, uint64_t address, uint64_t size) {
	metrics_writer *writer = user;
	unsigned index;
	char symbol[SYMBOL_SIZE];
	const volt_module *bytecode = writer->unit->lowering.bytecode;
	if (sscanf(name, "volt_f%u_", &index) != 1 || index >= bytecode->functions.count)
		return;
	hot_symbol(&writer->unit->lowering, index, symbol);
	if (strcmp(symbol, name) != 0)
		return;
	writer->starts[index] = address;
	writer->sizes[index] = size;
}

static uint64_t cold_bytes(const metrics_writer *writer, unsigned index) {
	uint64_t start = writer->starts[index], end = start + writer->sizes[index], cold = 0;
	for (size_t i = 0; i + 1 < writer->blocks->count; i++) {
		const block_start *block = &writer->blocks->items[i];
		if (block->cold && block->address >= start && block->address < end)
			cold += writer->blocks->items[i + 1].address - block->address;
	}
	return cold;
}

static void write_function(void *user, const char *name, const char *body, size_t length) {
	metrics_writer *writer = user;
	unsigned index;
	char symbol[SYMBOL_SIZE];
	const module_lowering *lowering = &writer->unit->lowering;
	if (sscanf(name, "volt_f%u_", &index) != 1 || index >= lowering->bytecode->functions.count)
		return;
	hot_symbol(lowering, index, symbol);
	if (strcmp(symbol, name) != 0)
		return;
	assembly_facts facts = assembly_read_facts(body, length, writer->is_x86);
	uint64_t cold = cold_bytes(writer, index);
	volt_text function = lowering->bytecode->functions.items[index].name;
	json_array_append_new(
	    writer->array,
	    json_pack("{s:s%, s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:i, s:i, s:i, s:I, s:i}", "function",
	              function.bytes, (size_t)function.length, "index", (int)index, "preset",
	              lowering->options.preset.name, "hints", lowering->options.preset.hints->name, "target",
	              writer->target, "code_bytes", (json_int_t)writer->sizes[index], "hot_bytes",
	              (json_int_t)(writer->sizes[index] - cold), "cold_bytes", (json_int_t)cold, "callee_saved",
	              (int)facts.callee_saved, "frame_bytes", (int)facts.frame_bytes, "spills", (int)facts.spills,
	              "reloads", (int)facts.reloads, "weighted_spills", (json_int_t)facts.weighted_spills,
	              "calls", (int)facts.calls));
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
	error = read_blocks(unit, machine, text, blocks);
	if (!error)
		assembly_visit(text, write_function, writer);
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
	    .starts = calloc(count + 1, sizeof(uint64_t)),
	    .sizes = calloc(count + 1, sizeof(uint64_t)),
	    .array = json_array(),
	};
	volt_error *error = measure(&writer, machine, &blocks);
	if (!error)
		*json = json_dumps(writer.array, JSON_INDENT(2));
	json_decref(writer.array);
	free(blocks.items);
	free(writer.starts);
	free(writer.sizes);
	return error;
}
