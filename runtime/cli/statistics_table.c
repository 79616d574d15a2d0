/* --stats for people: what the run took, a table of functions by time, and what was not compiled and why. */
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"
#include "cli/run_statistics.h"

typedef struct {
	uint32_t index;
	json_t *statistics; /* the tier's; NULL: there is no tier */
	uint64_t samples;   /* of its own */
} table_row;

typedef struct {
	table_row *rows; /* by index of the function at first */
	uint32_t count;
	uint64_t samples;
} function_table;

/* ---- Numbers as people write them ---- */

static uint64_t number_of(json_t *object, const char *key) {
	const json_int_t value = json_integer_value(json_object_get(object, key));
	return value > 0 ? (uint64_t)value : 0;
}

static const char *format_count(uint64_t value, char *text, size_t size) {
	char digits[24];
	const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
	size_t used = 0;
	for (int i = 0; i < length && used + 2 < size; i++) {
		if (i && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

static const char *format_bytes(uint64_t bytes, char *text, size_t size) {
	static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
	double value = (double)bytes;
	size_t unit = 0;
	for (; value >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
		value /= 1024;
	snprintf(text, size, unit && value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
	return text;
}

static const char *format_seconds(double seconds, char *text, size_t size) {
	const double value = seconds < 1e-3 ? seconds * 1e6 : seconds < 1 ? seconds * 1e3 : seconds;
	const char *unit = seconds < 1e-3 ? "us" : seconds < 1 ? "ms" : "s";
	snprintf(text, size, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
	return text;
}

enum { NUMBER_BYTES = 32 };

/* "3 call, 1 yield"; "none" */
static void write_exits(FILE *out, json_t *exits) {
	const char *status;
	json_t *count;
	const char *separator = "";
	json_object_foreach(exits, status, count) {
		char text[NUMBER_BYTES];
		if (json_integer_value(count) == 0)
			continue;
		fprintf(out, "%s%s %s", separator,
		        format_count((uint64_t)json_integer_value(count), text, sizeof text), status);
		separator = ", ";
	}
	fputs(*separator ? "" : "none", out);
}

/* ---- The run as a whole ---- */

static void write_run(FILE *out, json_t *all) {
	json_t *seconds = json_object_get(all, "seconds");
	char run[NUMBER_BYTES], load[NUMBER_BYTES], start[NUMBER_BYTES], steps[NUMBER_BYTES],
	    fibers[NUMBER_BYTES], heap[NUMBER_BYTES];
	fprintf(out, "ran %s (reading the module %s, making the VM %s)\n",
	        format_seconds(json_number_value(json_object_get(seconds, "run")), run, sizeof run),
	        format_seconds(json_number_value(json_object_get(seconds, "load")), load, sizeof load),
	        format_seconds(json_number_value(json_object_get(seconds, "create")), start, sizeof start));
	fprintf(out, "interpreted steps: %s, fibers: %s, heap at the end: %s\n",
	        format_count(number_of(all, "steps"), steps, sizeof steps),
	        format_count(number_of(all, "fibers_started"), fibers, sizeof fibers),
	        format_bytes(number_of(all, "heap_bytes"), heap, sizeof heap));
}

static void write_cache(FILE *out, json_t *cache) {
	const char *failure = json_string_value(json_object_get(cache, "failure"));
	char hits[NUMBER_BYTES], misses[NUMBER_BYTES];
	if (!json_is_object(cache))
		return;
	fprintf(out, "cache %s: %s found, %s generated%s%s\n",
	        json_string_value(json_object_get(cache, "folder")),
	        format_count(number_of(cache, "hits"), hits, sizeof hits),
	        format_count(number_of(cache, "misses"), misses, sizeof misses), failure ? "; " : "",
	        failure ? failure : "");
}

static void write_tier(FILE *out, json_t *tier) {
	const char *name = json_string_value(json_object_get(tier, "name"));
	const char *failure = json_string_value(json_object_get(tier, "failure"));
	char compiled[NUMBER_BYTES], time[NUMBER_BYTES], entries[NUMBER_BYTES];
	if (failure)
		fprintf(out, "compiler failed: %s\n", failure);
	if (!name) {
		fputs(failure ? "" : "nothing was compiled\n", out);
		return;
	}
	fprintf(out, "%s compiled %s times", name,
	        format_count(number_of(tier, "compiled"), compiled, sizeof compiled));
	if (number_of(tier, "from_cache"))
		fprintf(out, ", and code was taken from the cache %s times,",
		        format_count(number_of(tier, "from_cache"), compiled, sizeof compiled));
	fprintf(out, " in %s; code was entered %s times; exits: ",
	        format_seconds(json_number_value(json_object_get(tier, "compile_ms")) / 1e3, time, sizeof time),
	        format_count(number_of(tier, "entries"), entries, sizeof entries));
	write_exits(out, json_object_get(tier, "exits"));
	fputc('\n', out);
	write_cache(out, json_object_get(tier, "cache"));
}

/* ---- Functions ---- */

static void count_samples(void *user, const volt_sample_frame *frames, size_t count, uint64_t samples) {
	function_table *table = user;
	const uint32_t function = count ? frames[count - 1].function : VOLT_FRAMES_LEFT_OUT;
	table->samples += samples;
	if (function < table->count)
		table->rows[function].samples += samples;
}

static bool is_compiled(const table_row *row) {
	const char *level = json_string_value(json_object_get(row->statistics, "level"));
	return level && strcmp(level, "interpreted") != 0;
}

static int compare(uint64_t left, uint64_t right) {
	return left < right ? 1 : left > right ? -1 : 0;
}

static int by_time(const void *left_row, const void *right_row) {
	const table_row *left = left_row, *right = right_row;
	const int by_samples = compare(left->samples, right->samples);
	const int by_calls =
	    compare(number_of(left->statistics, "counted_calls"), number_of(right->statistics, "counted_calls"));
	const int by_index = compare(right->index, left->index);
	return by_samples ? by_samples : by_calls ? by_calls : by_index;
}

enum { NAME_WIDTH = 28 };

static void write_row(FILE *out, const volt_module *module, const function_table *table,
                      const table_row *row) {
	char share[NUMBER_BYTES] = "-", calls[NUMBER_BYTES], code[NUMBER_BYTES] = "-", time[NUMBER_BYTES] = "-";
	json_t *level = json_object_get(row->statistics, "level"),
	       *counted = json_object_get(row->statistics, "counted_calls");
	if (table->samples)
		snprintf(share, sizeof share, "%.1f %%", 100.0 * (double)row->samples / (double)table->samples);
	fprintf(out, "%-*s", NAME_WIDTH,
	        volt_printable_within(module->functions.items[row->index].name, NAME_WIDTH).text);
	if (is_compiled(row)) {
		format_bytes(number_of(row->statistics, "code_bytes"), code, sizeof code);
		format_seconds(json_number_value(json_object_get(row->statistics, "compile_ms")) / 1e3, time,
		               sizeof time);
	}
	fprintf(out, " %8s  %-11s %14s %10s %10s  ", share, level ? json_string_value(level) : "interpreted",
	        counted ? format_count((uint64_t)json_integer_value(counted), calls, sizeof calls) : "-", code,
	        time);
	if (is_compiled(row))
		write_exits(out, json_object_get(row->statistics, "exits"));
	else
		fputc('-', out);
	fputc('\n', out);
}

static bool is_any_compiled(const function_table *table) {
	for (uint32_t i = 0; i < table->count; i++)
		if (is_compiled(&table->rows[i]))
			return true;
	return false;
}

static void write_rows(FILE *out, const volt_module *module, const function_table *table) {
	uint32_t left_out = 0;
	if (!table->count || (!table->rows[0].samples && !is_any_compiled(table)))
		return;
	fprintf(out, "\n%-*s %8s  %-11s %14s %10s %10s  %s\n", NAME_WIDTH, "function", "time", "level",
	        "counted calls", "code", "made in", "exits");
	for (uint32_t i = 0; i < table->count; i++)
		if (table->rows[i].samples || is_compiled(&table->rows[i]))
			write_row(out, module, table, &table->rows[i]);
		else
			left_out++;
	if (left_out)
		fprintf(out, "(%u more without time or code)\n", left_out);
	fputs("(calls are counted until a function is optimised, or a part of one that is)\n", out);
}

static const char *reason_of(const table_row *row) {
	return json_string_value(json_object_get(row->statistics, "reason"));
}

/* A line for each reason, and a few of the functions that have it. */
static void write_reasons(FILE *out, const volt_module *module, const function_table *table) {
	enum { SHOWN = 12 };
	bool has_title = false;
	for (uint32_t i = 0; i < table->count; i++) {
		const char *reason = reason_of(&table->rows[i]);
		bool is_first = reason != NULL;
		for (uint32_t j = 0; j < i && is_first; j++)
			is_first = !reason_of(&table->rows[j]) || strcmp(reason, reason_of(&table->rows[j])) != 0;
		if (!is_first)
			continue;
		fprintf(out, "%s  %s: ", has_title ? "" : "\nnot compiled, or not as far as could be:\n", reason);
		has_title = true;
		uint32_t count = 0;
		for (uint32_t j = i; j < table->count; j++) {
			const char *other = reason_of(&table->rows[j]);
			if (!other || strcmp(reason, other) != 0 || ++count > SHOWN)
				continue;
			const volt_text name = module->functions.items[table->rows[j].index].name;
			fprintf(out, "%s%s", count > 1 ? ", " : "", volt_printable_within(name, NAME_WIDTH).text);
		}
		if (count > SHOWN)
			fprintf(out, " and %u more", count - SHOWN);
		fputc('\n', out);
	}
}

void statistics_write_tables(FILE *out, const volt_vm *vm, const volt_module *module, json_t *all) {
	json_t *tier = json_object_get(all, "tier"), *functions = json_object_get(tier, "functions");
	function_table table = {.count = module->functions.count};
	write_run(out, all);
	if (json_is_object(tier))
		write_tier(out, tier);
	table.rows = calloc(table.count + 1ULL, sizeof *table.rows);
	if (!table.rows)
		return;
	for (uint32_t i = 0; i < table.count; i++)
		table.rows[i] = (table_row){.index = i, .statistics = json_array_get(functions, i)};
	volt_vm_visit_samples(vm, count_samples, &table);
	qsort(table.rows, table.count, sizeof *table.rows, by_time);
	write_rows(out, module, &table);
	write_reasons(out, module, &table);
	free(table.rows);
}
