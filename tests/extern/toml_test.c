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
	sample_expect_error("type", decode("N = 'x'", TYPE_OUTER_POINTER, sample_outer()).results,
	                    "toml: cannot unmarshal string into value of type int");
	sample_expect_error("float", decode("N = 1.5", TYPE_OUTER_POINTER, sample_outer()).results,
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
	    decode("N = 4\nlabel = 'l'\nName = \"x\"\nTags = ['a', 'b']\nsmall = -3\nF = inf\nSkip = 3\n"
	           "Triple = [1, 2, 3]\n[Scores]\nk = 9\n[Next]\nN = 8\nF = nan\n",
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
	    "N = 7\nlabel = \"q\\\"\\\\\\n\\u0001ä\"\nName = \"\"\nTags = [\"x\", \"y\"]\nsmall = 0\nF = 2.0\n"
	    "Quoted = 0\nTriple = [0, 0, 0]\n\n[Scores]\n\"a b\" = 2\nb = 1\n\n[Next]\nN = 0\nName = \"\"\n"
	    "small = 0\nF = -inf\nQuoted = 0\nTriple = [0, 0, 0]\n");
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

START_TEST(what_has_no_document) {
	host_outcome outcome = CALL("encoding_toml_marshalAny", 3, INT_VALUE(1));
	sample_expect_error("int", outcome.results + 1, "toml: top-level value must be a map or struct");
	outcome = CALL("encoding_toml_marshalAny", 3, 0, 0);
	sample_expect_error("nil", outcome.results + 1, "toml: top-level value must be a map or struct");
	volt_slot outer = sample_outer();
	sample_words(outer)[OUTER_NEXT] = outer;
	outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	ck_assert_str_eq(sample_error(outcome.results + 1), "toml: unsupported value: encountered a cycle");
	sample_words(outer)[OUTER_NEXT] = 0;
	sample_words(outer)[OUTER_ANY] = TYPED(CHANNEL, TYPE_CHANNEL);
	sample_words(outer)[OUTER_ANY_PAYLOAD] = 8;
	outcome = CALL("encoding_toml_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("chan", outcome.results + 1, "toml: unsupported type: chan int");
}
END_TEST

int main(void) {
	const TTest *const all[] = {
	    documents,           wrong_documents,  bad_input_and_targets, into_structs, integers_stay_integers,
	    documents_of_values, arrays_of_tables, what_has_no_document,
	};
	host_module = &sample_module;
	return host_run("toml", all, sizeof all / sizeof *all);
}
