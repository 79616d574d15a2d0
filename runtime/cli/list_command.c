/* volt opcodes and volt natives: what programs are made of. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "volt/bytecode.h"
#include "volt/native.h"

/* ---- Opcodes ---- */

/* As the semantics call them. */
static const char *const field_names[] = {
    [VOLT_FIELD_NONE] = "",
    [VOLT_FIELD_FLAGS] = "flags",
    [VOLT_FIELD_A] = "a",
    [VOLT_FIELD_B] = "b",
    [VOLT_FIELD_C] = "c",
    [VOLT_FIELD_IMM] = "imm",
    [VOLT_FIELD_C_SIGNED] = "c",
    [VOLT_FIELD_C_HIGH] = "c>>8",
    [VOLT_FIELD_C_LOW] = "c&255",
    [VOLT_FIELD_A_WITH_FLAGS] = "a",
    [VOLT_FIELD_B_WITH_FLAGS] = "b",
    [VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0] = "a",
    [VOLT_FIELD_FLAGS_BIT_0] = "flags&1",
    [VOLT_FIELD_FLAGS_BIT_2] = "flags&4",
    [VOLT_FIELD_FLAGS_ABOVE_BIT_0] = "flags>>1",
    [VOLT_FIELD_FLAGS_LOW_2] = "flags&3",
    [VOLT_FIELD_FLAGS_HIGH_5] = "flags>>3",
    [VOLT_FIELD_FLAGS_LOW_4] = "flags&15",
    [VOLT_FIELD_FLAGS_HIGH_4] = "flags>>4",
};

static void write_operand(FILE *out, const volt_operand *operand) {
	const char *field = field_names[operand->field];
	switch (operand->role) {
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE: fprintf(out, "r[%s]", field); break;
	case VOLT_OPERAND_JUMP: fputs("label", out); break;
	case VOLT_OPERAND_CONSTANT: fputs("constant", out); break;
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE: fputs("@global", out); break;
	case VOLT_OPERAND_FUNCTION: fputs("@function", out); break;
	case VOLT_OPERAND_CALLEE: fputs("@function or r[a]", out); break;
	case VOLT_OPERAND_NATIVE: fputs("@native", out); break;
	case VOLT_OPERAND_NUMBER: fputs(field, out); break;
	case VOLT_OPERAND_NAMED: fprintf(out, "%s=%s", operand->name, field); break;
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_IMPLICIT_READ: break;
	}
}

/* In the text form an operand stands once for each field, and slots that are read without one not at all. */
static bool is_written(const volt_operand *operands, const volt_operand *operand) {
	if (operand->role == VOLT_OPERAND_IMPLICIT_READ)
		return false;
	for (const volt_operand *before = operands; before < operand; before++)
		if (operand->role != VOLT_OPERAND_NAMED && before->field == operand->field &&
		    before->role != VOLT_OPERAND_NAMED)
			return false;
	return true;
}

static bool calls_native(const volt_operand *operand) {
	while (operand->role != VOLT_OPERAND_NONE && operand->role != VOLT_OPERAND_NATIVE)
		operand++;
	return operand->role == VOLT_OPERAND_NATIVE;
}

static void write_operands(FILE *out, const volt_opcode_info *info) {
	const char *separator = "";
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (!is_written(info->operands, operand))
			continue;
		fputs(operand->role == VOLT_OPERAND_NAMED && *separator ? " " : separator, out);
		write_operand(out, operand);
		separator = ", ";
	}
	if (calls_native(info->operands)) /* a property of the import */
		fputs(" results=N", out);
}

static void write_effects(const volt_opcode_info *info) {
	static const struct {
		unsigned effect;
		const char *name;
	} effects[] = {{VOLT_EFFECT_PANICS, "may panic"},
	               {VOLT_EFFECT_BLOCKS, "may wait"},
	               {VOLT_EFFECT_ALLOCATES, "allocates"}};
	const char *separator = "  [";
	for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
		if (info->effects & effects[i].effect) {
			printf("%s%s", separator, effects[i].name);
			separator = ", ";
		}
	puts(separator[0] == ',' ? "]" : "");
}

static int list_opcodes(void) {
	for (int op = 0; op < VOLT_OPCODE_COUNT; op++) {
		const volt_opcode_info *info = volt_opcode_get_info((uint8_t)op);
		char *operands = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&operands, &size);
		if (!out)
			return cli_report(volt_error_new(VOLT_ERROR_MEMORY, "no memory left"));
		write_operands(out, info);
		fclose(out);
		printf("%3d  %-14s %-34s %s", op, info->name, operands, info->semantics);
		write_effects(info);
		free(operands);
	}
	return CLI_OK;
}

/* ---- Natives ---- */

static const char *permission_name(volt_permission permission) {
	switch (permission) {
	case VOLT_PERMIT_FILES: return "--allow=fs";
	case VOLT_PERMIT_ENVIRONMENT: return "--allow=env";
	case VOLT_PERMIT_NETWORK: return "--allow=net";
	case VOLT_PERMIT_PROCESSES: return "--allow=process";
	case VOLT_PERMIT_NOTHING:
	case VOLT_PERMIT_ALL: break;
	}
	return "";
}

static void write_native(const volt_native_info *info) {
	const char *permission = permission_name(info->permission);
	const char *wait = info->may_wait ? "may wait" : "";
	printf("%-36s %s", info->name, info->signature);
	if (*permission || *wait)
		printf("  [%s%s%s]", wait, *permission && *wait ? ", " : "", permission);
	putchar('\n');
}

static int list_natives(void) {
	volt_native_info info;
	for (size_t i = 0; volt_native_list(i, &info); i++)
		write_native(&info);
	return CLI_OK;
}

/* ---- The command line ---- */

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "there is nothing to do with '%s'", argument);
	return 0;
}

int cli_opcodes(int count, char **arguments) {
	static const struct argp argp = {
	    .parser = parse_option,
	    .doc =
	        "Lists the opcodes: number, name, operands as the text form has them, and what they do.\v"
	        "r[a], r[b] and r[c] are slots, which the text form writes r0, r1 and so on; NAME=VALUE may be "
	        "left out where it is 0, but for args, bytes, key, method, results, slots and value. "
	        "results=N says how many slots of results a native gives, where no native line does: without "
	        "it none, and they are dropped. R[x] is the "
	        "frame's slot x; a, b, c, flags and imm are the fields of the instruction.",
	};
	return argp_parse(&argp, count, arguments, 0, NULL, NULL) ? CLI_USAGE : list_opcodes();
}

int cli_natives(int count, char **arguments) {
	static const struct argp argp = {
	    .parser = parse_option,
	    .doc =
	        "Lists the native functions that programs can call with CallExtern: arguments, results, and the "
	        "permission that they need.\v"
	        "Strings, slices, maps, pointers and numbers take one slot, interfaces (any) and errors two.",
	};
	return argp_parse(&argp, count, arguments, 0, NULL, NULL) ? CLI_USAGE : list_natives();
}
