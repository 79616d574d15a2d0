/*
 * Package encoding/toml: documents into values (seen as JSON), documents that are wrong, values as
 * documents.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sample_values.h"

static host_outcome decode(const char *text, uint32_t pointer_type, volt_slot pointer) {
	return CALL("encoding_toml_Unmarshal", 2, host_bytes(text, strlen(text)), TYPED(POINTER, pointer_type),
	            pointer);
}

/* The document as a map[string]any, written as JSON: keys sorted. */
static void expect_tree(const char *text, const char *json) {
	volt_slot pointer = sample_new(TYPE_ANY_MAP);
	host_outcome outcome = decode(text, POINTER_TO(ANY_MAP), pointer);
	sample_expect_error(text, outcome.results, "");
	outcome = CALL("encoding_json_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(pointer)[0]);
	host_expect_string(text, outcome.results[0], json);
}

START_TEST(documents) {
	static const struct {
		const char *text, *json;
	} cases[] = {
	    {"a = 1 # comment\nb.c = 'x'\r\n", "{\"a\":1,\"b\":{\"c\":\"x\"}}"},
	    {"\"quoted key\" = 1\n'lit' . \"x.y\" = 2", "{\"lit\":{\"x.y\":2},\"quoted key\":1}"},
	    {"1.2 = 3", "{\"1\":{\"2\":3}}"},
	    {"[t]\na = 1\n[t.u]\nb = 2\n[v.w]\n[v]\nc = 3",
	     "{\"t\":{\"a\":1,\"u\":{\"b\":2}},\"v\":{\"c\":3,\"w\":{}}}"},
	    {"[[p]]\nn = 1\n[p.q]\nm = 2\n[[p]]\nn = 3\n[[p.r]]",
	     "{\"p\":[{\"n\":1,\"q\":{\"m\":2}},{\"n\":3,\"r\":[{}]}]}"},
	    {"a = [1, 2,\n # comment\n 3,\n]\nb = []\nc = [[1], ['x', true]]",
	     "{\"a\":[1,2,3],\"b\":[],\"c\":[[1],[\"x\",true]]}"},
	    {"a = { b = 1, c.d = 2, e = {} }", "{\"a\":{\"b\":1,\"c\":{\"d\":2},\"e\":{}}}"},
	    {"i = [+99, -17, 0, -0, 1_000, 0xDEAD_beef, 0o755, 0b1101]",
	     "{\"i\":[99,-17,0,0,1000,3735928559,493,13]}"},
	    {"i = [9223372036854775807, -9223372036854775808]",
	     "{\"i\":[9223372036854775807,-9223372036854775808]}"},
	    {"f = [1.0, 3.1415, -0.01, 5e+22, 1e06, -2E-2, 6.626e-34, 224_617.445_991]",
	     "{\"f\":[1,3.1415,-0.01,5e+22,1000000,-0.02,6.626e-34,224617.445991]}"},
	    {"d = [1979-05-27T07:32:00Z, 1979-05-27 07:32:00.5-07:00, 1979-05-27T07:32:00, 1979-05-27, 07:32:00]",
	     "{\"d\":[\"1979-05-27T07:32:00Z\",\"1979-05-27 "
	     "07:32:00.5-07:00\",\"1979-05-27T07:32:00\",\"1979-05-27\","
	     "\"07:32:00\"]}"},
	    {"s = \"a\\tb\\\"\\\\\\u00e4\\U0001F600\"", "{\"s\":\"a\\tb\\\"\\\\ä😀\"}"},
	    {"s = 'C:\\x'", "{\"s\":\"C:\\\\x\"}"},
	    {"s = \"\"\"\nRoses\r\nare \\\n   \n  red\"\"\"", "{\"s\":\"Roses\\nare red\"}"},
	    {"s = \"\"\"a\"b\"\"c\"\"\"\"\"", "{\"s\":\"a\\\"b\\\"\\\"c\\\"\\\"\"}"},
	    {"s = '''\nx'y''z''''", "{\"s\":\"x'y''z'\"}"},
	    {"s = \"\"\ne = ''", "{\"e\":\"\",\"s\":\"\"}"},
	    {"s = \"\\u0000x\"", "{\"s\":\"\\u0000x\"}"},
	    {"true = false", "{\"true\":false}"},
	    {"a.b = 1\na.c = 2", "{\"a\":{\"b\":1,\"c\":2}}"},
	    {"[fruit]\napple.color = 1\n[fruit.pear]\nx = 1",
	     "{\"fruit\":{\"apple\":{\"color\":1},\"pear\":{\"x\":1}}}"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_tree(cases[i].text, cases[i].json);
	expect_tree("# only a comment\n", "{}");
}
END_TEST

START_TEST(wrong_documents) {
	static const char *const wrong[] = {
	    "a",
	    "a =",
	    "= 1",
	    "a = 1 b = 2",
	    "a = 1\na = 2",
	    "a = 1\na.b = 2",
	    "[a]\n[a]",
	    "[a]\nb = 1\n[a.b]",
	    "a.b = 1\n[a]",
	    "[a",
	    "[a]]",
	    "[[a]",
	    "[]",
	    "[a.]",
	    "[.a]",
	    "a..b = 1",
	    "[[a]]\n[a]",
	    "[a]\n[[a]]",
	    "a = []\n[[a]]",
	    "a = [{}]\n[[a]]",
	    "a = {}\n[a.b]",
	    "a = {}\na.b = 1",
	    "a = {b = 1, b = 2}",
	    "a = {b = 1,}",
	    "a = {b = 1\n}",
	    "a = [1 2]",
	    "a = [1",
	    "a = [,]",
	    "a = \"x",
	    "a = \"x\ny\"",
	    "a = 'x",
	    "a = '''x",
	    "a = \"\\q\"",
	    "a = \"\\ud800\"",
	    "a = \"\\U00110000\"",
	    "a = \"\x01\"",
	    "a = 01",
	    "a = 1_",
	    "a = _1",
	    "a = 1__0",
	    "a = 0x",
	    "a = 0xg",
	    "a = +0x1",
	    "a = 1.",
	    "a = .5",
	    "a = 1.e3",
	    "a = 1e",
	    "a = 1e400",
	    "a = 9223372036854775808",
	    "a = 1979-13-01",
	    "a = 1979-02-30",
	    "a = 1900-02-29",
	    "a = 25:00:00",
	    "a = 07:32",
	    "a = 1979-05-27T",
	    "a = 1979-05-27T07:32:00+25:00",
	    "a = truex",
	    "a = True",
	    "a = nul",
	    "# \x01",
	    "a = 1 # \x7f",
	    "\"\"\"a\"\"\" = 1",
	    "ä = 1",
	    "a = \"\"\"\"\"\"\"\"\"",
	    "a b = 1",
	    "[a]\nb.c = 1\n[a.b]",
	    "\r",
	    "a = 1\rb = 2",
	    "a = --1",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		host_outcome outcome = decode(wrong[i], POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP));
		ck_assert_msg(strncmp(sample_error(outcome.results), "toml: line ", 11) == 0, "%s: %s", wrong[i],
		              sample_error(outcome.results));
	}
	sample_expect_error("line",
	                    decode("a = 1\n\nb = ?", POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP)).results,
	                    "toml: line 3: value expected");
}
END_TEST

START_TEST(bad_input_and_targets) {
	sample_expect_error("empty", decode("", POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP)).results,
	                    "empty TOML");
	sample_expect_error("bytes", decode("a = '\xff'", POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP)).results,
	                    "invalid UTF-8");
	sample_expect_error("nil", decode("a = 1", POINTER_TO(ANY_MAP), 0).results, "nil pointer");
	host_outcome outcome = CALL("encoding_toml_Unmarshal", 2, host_bytes("a = 1", 5), INT_VALUE(1));
	sample_expect_error("int", outcome.results, "target must be pointer");
	sample_expect_error("type", decode("n = 'x'", TYPE_OUTER_POINTER, sample_outer()).results,
	                    "toml: cannot unmarshal string into value of type int");
	sample_expect_error("float", decode("n = 1.5", TYPE_OUTER_POINTER, sample_outer()).results,
	                    "toml: cannot unmarshal number into value of type int");
	char nested[2001] = "a = ";
	memset(nested + 4, '[', 1900);
	nested[1904] = 0;
	sample_expect_error("deep", decode(nested, POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP)).results,
	                    "toml: line 1: values nested too deeply");
}
END_TEST

START_TEST(into_structs) {
	volt_slot outer = sample_outer();
	volt_slot *words = sample_words(outer);
	host_outcome outcome =
	    decode("n = 4\nlabel = 'l'\nname = \"x\"\ntags = ['a', 'b']\nsmall = -3\nf = inf\nskip = 3\n"
	           "triple = [1, 2, 3]\n[scores]\nk = 9\n[next]\nn = 8\nf = nan\n",
	           TYPE_OUTER_POINTER, outer);
	sample_expect_error("struct", outcome.results, "");
	ck_assert_uint_eq(words[OUTER_N], 4);
	host_expect_string("label", words[OUTER_LABEL], "l");
	static const char *const tags[] = {"a", "b"};
	host_expect_strings("Tags", words[OUTER_TAGS], tags, 2);
	ck_assert_int_eq((int64_t)words[OUTER_SMALL], -3);
	ck_assert_double_eq(volt_slot_float(words[OUTER_F]), INFINITY);
	ck_assert_uint_eq(words[OUTER_SKIP], 0);
	ck_assert_uint_eq(words[OUTER_TRIPLE + 2], 3);
	ck_assert_uint_eq(sample_words(words[OUTER_NEXT])[OUTER_N], 8);
	ck_assert(isnan(volt_slot_float(sample_words(words[OUTER_NEXT])[OUTER_F])));
}
END_TEST

/* Values of type any: integers keep their kind. */
START_TEST(integers_stay_integers) {
	volt_slot pointer = sample_new(TYPE_ANY_MAP);
	decode("a = 1", POINTER_TO(ANY_MAP), pointer);
	volt_slot key = host_string("a");
	const volt_slot *value = map_find(host_space(), sample_words(pointer)[0], &key);
	ck_assert_uint_eq(value[0], TYPED(INT64, VOLT_KIND_INT64));
	ck_assert_uint_eq(value[1], 1);
}
END_TEST

START_TEST(documents_of_values) {
	volt_slot outer = sample_outer();
	volt_slot next = sample_outer();
	static const char *const keys[] = {"b", "a b"};
	volt_slot *words = sample_words(outer);
	words[OUTER_N] = 7;
	words[OUTER_LABEL] = host_string("q\"\\\n\x01ä");
	words[OUTER_TAGS] = sample_strings("x", "y");
	words[OUTER_SCORES] = sample_scores(keys, 2);
	words[OUTER_F] = FLOAT(2);
	words[OUTER_NEXT] = next;
	sample_words(next)[OUTER_F] = FLOAT(-INFINITY);
	host_outcome outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("toml", outcome.results + 1, "");
	host_expect_string(
	    "toml", outcome.results[0],
	    "n = 7\nlabel = \"q\\\"\\\\\\n\\u0001ä\"\nname = \"\"\ntags = [\"x\", \"y\"]\nsmall = 0\nf = 2.0\n"
	    "quoted = 0\ntriple = [0, 0, 0]\n\n[scores]\n\"a b\" = 2\nb = 1\n\n[next]\nn = 0\nname = \"\"\n"
	    "small = 0\nf = -inf\nquoted = 0\ntriple = [0, 0, 0]\n");
	/* What was written can be read. */
	string_view text = host_view(outcome.results[0]);
	volt_slot again = sample_outer();
	outcome = CALL("encoding_toml_Unmarshal", 2, host_bytes(text.bytes, text.length),
	               TYPED(POINTER, TYPE_OUTER_POINTER), again);
	sample_expect_error("again", outcome.results, "");
	host_expect_string("again", sample_words(again)[OUTER_LABEL], "q\"\\\n\x01ä");
}
END_TEST

START_TEST(arrays_of_tables) {
	volt_slot pointer = sample_new(TYPE_ANY_MAP);
	const char *text = "x = [1, {y = 2}]\n\n[a]\n\n[[a.b]]\nc = 1\n\n[[a.b]]\n\n[a.b.d]\ne = \"\"\n";
	sample_expect_error("tables", decode(text, POINTER_TO(ANY_MAP), pointer).results, "");
	host_outcome outcome =
	    CALL("encoding_toml_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(pointer)[0]);
	host_expect_string("tables", outcome.results[0], text);
}
END_TEST

/* Reads a document, writes what it says, and reads that: the two must be the same, seen as JSON. */
static void expect_both_ways(const char *text) {
	volt_slot first = sample_new(TYPE_ANY_MAP);
	volt_slot second = sample_new(TYPE_ANY_MAP);
	sample_expect_error("read", decode(text, POINTER_TO(ANY_MAP), first).results, "");
	host_outcome outcome =
	    CALL("encoding_toml_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(first)[0]);
	sample_expect_error("written", outcome.results + 1, "");
	const volt_slot bytes = outcome.results[0];
	outcome = CALL("encoding_toml_Unmarshal", 2, bytes, TYPED(POINTER, POINTER_TO(ANY_MAP)), second);
	sample_expect_error("read again", outcome.results, "");
	const volt_slot before =
	    CALL("encoding_json_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(first)[0]).results[0];
	const volt_slot after =
	    CALL("encoding_json_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(second)[0]).results[0];
	string_view expected = host_view(before);
	string_view got = host_view(after);
	ck_assert_uint_gt(expected.length, 0);
	ck_assert_msg(got.length == expected.length && memcmp(got.bytes, expected.bytes, got.length) == 0,
	              "another document was read from what was written");
}

START_TEST(empty_documents_both_ways) {
	expect_both_ways("# nothing\n");
	expect_both_ways("[a]\n[a.b]\n[[c]]\n[[c]]\n");
	expect_both_ways("a = {}\nb = []\n'' = ''\nc = [{}, [], {d = {}}]\n");
	/* Neither a nil map nor a map of nothing but nils makes a document of no bytes. */
	volt_slot map = sample_new(TYPE_ANY_MAP);
	sample_expect_error("nil", decode("\n", POINTER_TO(ANY_MAP), map).results, "");
	volt_slot key = host_string("nil");
	const volt_slot nothing[2] = {0, 0};
	map_set(host_space(), sample_words(map)[0], &key, nothing);
	host_outcome outcome =
	    CALL("encoding_toml_marshalAny", 3, TYPED(MAP, TYPE_ANY_MAP), sample_words(map)[0]);
	sample_expect_error("nils", outcome.results + 1, "");
	outcome = CALL("encoding_toml_Unmarshal", 2, outcome.results[0], TYPED(POINTER, POINTER_TO(ANY_MAP)),
	               sample_new(TYPE_ANY_MAP));
	sample_expect_error("nils again", outcome.results, "");
}
END_TEST

/* A document with this many levels: the outermost table, then what `open` opens, again and again. */
static const char *nested(const char *before, const char *open, const char *inner, const char *close,
                          size_t levels) {
	static char text[1 << 16];
	char *at = stpcpy(text, before);
	for (size_t i = 1; i < levels; i++)
		at = stpcpy(at, open);
	at = stpcpy(at, inner);
	for (size_t i = 1; i < levels; i++)
		at = stpcpy(at, close);
	ck_assert_uint_lt((size_t)(at - text), sizeof text);
	return text;
}

static void expect_too_deep(const char *text) {
	const char *error = sample_error(decode(text, POINTER_TO(ANY_MAP), sample_new(TYPE_ANY_MAP)).results);
	ck_assert_msg(strstr(error, "too deeply") != NULL || strstr(error, "too many parts") != NULL, "%s",
	              error);
}

/* However the levels are written: arrays, inline tables, dotted keys, headers. */
static void nest(void) {
	expect_both_ways(nested("a = ", "[", "1", "]", 1000));
	expect_both_ways(nested("a = ", "{b = ", "1", "}", 1000));
	expect_both_ways(nested("", "a.", "b = 1", "", 1000));
	expect_both_ways(nested("[", "a.", "b]", "", 999));
	expect_both_ways(nested("[[", "a.", "b]]\nc = 1", "", 998));
	expect_too_deep(nested("a = ", "[", "1", "]", 1001));
	expect_too_deep(nested("a = ", "{b = ", "1", "}", 1001));
	expect_too_deep(nested("", "a.", "b = 1", "", 1001));
	expect_too_deep(nested("", "a.", "b = {}", "", 1000));
	expect_too_deep(nested("[", "a.", "b]\nc = {}", "", 999));
	expect_too_deep(nested("[", "a.", "b]\nc.d = 1", "", 999));
	expect_too_deep(nested("[[", "a.", "b]]\nc = 1", "", 999));
}

START_TEST(nesting_has_a_limit) {
	host_on_promised_stack(nest);
}
END_TEST

/* The first letter in lower case, and letters that differ in case are different. */
START_TEST(names_of_fields) {
	volt_slot names = sample_new(TYPE_NAMES);
	const char *error = sample_error(
	    decode("uRL = 1\nx = 2\n'ärger' = 3\nTag = 5\nmaybe = 6\n'äußerlich' = 7\nskip = 8\nn = 9\n"
	           "URL = 21\nX = 22\n'Ärger' = 23\nMaybe = 26\ntag = 25\nN = 29\n",
	           POINTER_TO(NAMES), names)
	        .results);
	ck_assert_str_eq(error, "");
	host_outcome outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, POINTER_TO(NAMES)), names);
	sample_expect_error("names", outcome.results + 1, "");
	host_expect_string("names", outcome.results[0],
	                   "uRL = 1\nx = 2\n\"ärger\" = 3\n\"σΑΣ\" = 0\nTag = 5\nmaybe = 6\nn = 9\n"
	                   "celsius = 0\n");
}
END_TEST

START_TEST(what_has_no_document) {
	host_outcome outcome = CALL("encoding_toml_marshalAny", 3, INT_VALUE(1));
	sample_expect_error("int", outcome.results + 1, "toml: top-level value must be a map or struct");
	outcome = CALL("encoding_toml_marshalAny", 3, 0, 0);
	sample_expect_error("nil", outcome.results + 1, "toml: top-level value must be a map or struct");
	volt_slot outer = sample_outer();
	sample_words(outer)[OUTER_NEXT] = outer;
	outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("cycle", outcome.results + 1,
	                    "toml: unsupported value: encountered a cycle, or more than 1000 levels");
	sample_words(outer)[OUTER_NEXT] = 0;
	sample_words(outer)[OUTER_ANY] = TYPED(CHANNEL, TYPE_CHANNEL);
	sample_words(outer)[OUTER_ANY_PAYLOAD] = 8;
	outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("chan", outcome.results + 1, "toml: unsupported type: chan int");
	/* An interface that holds a pointer to itself. */
	volt_slot any = sample_new(TYPE_ANY);
	sample_words(any)[0] = TYPED(POINTER, POINTER_TO(ANY));
	sample_words(any)[1] = any;
	sample_words(outer)[OUTER_ANY] = TYPED(POINTER, POINTER_TO(ANY));
	sample_words(outer)[OUTER_ANY_PAYLOAD] = any;
	outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("circle", outcome.results + 1,
	                    "toml: unsupported value: encountered a cycle of pointers");
}
END_TEST

int main(void) {
	const TTest *const all[] = {
	    documents,        wrong_documents,           bad_input_and_targets,
	    into_structs,     integers_stay_integers,    documents_of_values,
	    arrays_of_tables, empty_documents_both_ways, nesting_has_a_limit,
	    names_of_fields,  what_has_no_document,
	};
	host_module = &sample_module;
	return host_run("toml", all, sizeof all / sizeof *all);
}
