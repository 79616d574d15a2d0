/* Package encoding/json: the text of values, values from text, and what does not fit. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sample_values.h"

static void expect_json(const char *expected, volt_slot type, volt_slot payload) {
	host_outcome outcome = CALL("encoding_json_marshalAny", 3, type, payload);
	sample_expect_error(expected, outcome.results + 1, "");
	host_expect_string(expected, outcome.results[0], expected);
}

static void expect_no_json(const char *error, volt_slot type, volt_slot payload) {
	host_outcome outcome = CALL("encoding_json_marshalAny", 3, type, payload);
	ck_assert_uint_eq(outcome.results[0], 0);
	sample_expect_error(error, outcome.results + 1, error);
}

static void decode(const char *text, uint32_t pointer_type, volt_slot pointer, const char *error) {
	host_outcome outcome = CALL("encoding_json_Unmarshal", 2, host_bytes(text, strlen(text)),
	                            TYPED(POINTER, pointer_type), pointer);
	sample_expect_error(text, outcome.results, error);
}

/* Decodes into a new value of a type and gives its first word. */
static volt_slot decoded(const char *text, uint32_t pointer_type, uint32_t type, const char *error) {
	volt_slot pointer = sample_new(type);
	decode(text, pointer_type, pointer, error);
	return sample_words(pointer)[0];
}

START_TEST(scalars_as_text) {
	expect_json("null", 0, 0);
	expect_json("true", TYPED(BOOL, VOLT_KIND_BOOL), 1);
	expect_json("-5", INT_VALUE(-5));
	expect_json("18446744073709551615", TYPED(UINT64, VOLT_KIND_UINT64), UINT64_MAX);
	expect_json("\"\"", TYPED(STRING, VOLT_KIND_STRING), 0);
	expect_json("12", TYPED(INT, TYPE_CELSIUS), 12);
}
END_TEST

START_TEST(floats_as_go_writes_them) {
	static const struct {
		double value;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {-0.0, "-0"},
	    {1, "1"},
	    {1.5, "1.5"},
	    {100000, "100000"},
	    {1e20, "100000000000000000000"},
	    {1e21, "1e+21"},
	    {1.5e300, "1.5e+300"},
	    {0.000001, "0.000001"},
	    {0.0000001, "1e-7"},
	    {-1.25e-9, "-1.25e-9"},
	    {0.1, "0.1"},
	    {5e-324, "5e-324"},
	    {1.7976931348623157e308, "1.7976931348623157e+308"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_json(cases[i].text, TYPED(FLOAT64, VOLT_KIND_FLOAT64), FLOAT(cases[i].value));
	float third = 1.0F / 3;
	uint32_t bits;
	memcpy(&bits, &third, sizeof bits);
	expect_json("0.33333334", TYPED(FLOAT32, VOLT_KIND_FLOAT32), bits);
	expect_no_json("json: unsupported value: NaN", TYPED(FLOAT64, VOLT_KIND_FLOAT64), FLOAT(NAN));
	expect_no_json("json: unsupported value: -Inf", TYPED(FLOAT64, VOLT_KIND_FLOAT64), FLOAT(-INFINITY));
}
END_TEST

START_TEST(strings_as_go_writes_them) {
	static const struct {
		const char *text, *json, *without_html;
	} cases[] = {
	    {"plain ä 世", "\"plain ä 世\"", "\"plain ä 世\""},
	    {"\"\\/", "\"\\\"\\\\/\"", "\"\\\"\\\\/\""},
	    {"\b\f\n\r\t\x01\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"",
	     "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
	    {"<a&b>", "\"\\u003ca\\u0026b\\u003e\"", "\"<a&b>\""},
	    {"\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"", "\"\\u2028\\u2029\""},
	    {"a\xff"
	     "b",
	     "\"a\\ufffdb\"", "\"a\\ufffdb\""},
	    {"\xef\xbf\xbd", "\"\xef\xbf\xbd\"", "\"\xef\xbf\xbd\""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		expect_json(cases[i].json, TYPED(STRING, VOLT_KIND_STRING), host_string(cases[i].text));
		volt_slot prefix = host_bytes("x", 1);
		host_outcome outcome =
		    CALL("encoding_json_writeJsonString", 1, prefix, host_string(cases[i].text), 0);
		char expected[128];
		snprintf(expected, sizeof expected, "x%s", cases[i].without_html);
		host_expect_string(cases[i].text, outcome.results[0], expected);
	}
	host_expect_string("nil", CALL("encoding_json_writeJsonString", 1, 0, 0, 1).results[0], "\"\"");
}
END_TEST

START_TEST(structs_as_text) {
	volt_slot outer = sample_outer();
	static const char *const keys[] = {"b", "a", "c"};
	expect_json("{\"n\":0,\"name\":\"\",\"tags\":null,\"scores\":null,\"any\":null,\"next\":null,\"small\":0,"
	            "\"data\":null,"
	            "\"q\":\"0\",\"triple\":[0,0,0]}",
	            TYPED(STRUCT, TYPE_OUTER), outer);
	volt_slot *words = sample_words(outer);
	words[OUTER_N] = 7;
	words[OUTER_LABEL] = host_string("in");
	words[OUTER_NAME] = host_string("out");
	words[OUTER_TAGS] = sample_strings("x", "y");
	words[OUTER_SCORES] = sample_scores(keys, 3);
	words[OUTER_ANY] = TYPED(INT, VOLT_KIND_INT);
	words[OUTER_ANY_PAYLOAD] = 3;
	words[OUTER_HIDDEN] = 99;
	words[OUTER_SMALL] = (volt_slot)-8;
	words[OUTER_F] = FLOAT(0.5);
	words[OUTER_DATA] = host_bytes("\x01\x02\xff", 3);
	words[OUTER_SKIP] = 98;
	words[OUTER_QUOTED] = 12;
	words[OUTER_TRIPLE + 1] = (volt_slot)-1;
	expect_json(
	    "{\"n\":7,\"label\":\"in\",\"name\":\"out\",\"tags\":[\"x\",\"y\"],\"scores\":{\"a\":2,\"b\":1,\"c\":"
	    "3},"
	    "\"any\":3,\"next\":null,\"small\":-8,\"f\":0.5,\"data\":\"AQL/\",\"q\":\"12\",\"triple\":[0,-1,0]}",
	    TYPED(POINTER, TYPE_OUTER_POINTER), outer);
}
END_TEST

/* The first letter in lower case, whatever follows it; names of tags as they are. */
START_TEST(names_of_fields) {
	volt_slot names = sample_new(TYPE_NAMES);
	expect_json("{\"uRL\":0,\"x\":0,\"ärger\":0,\"σΑΣ\":0,\"Tag\":0,\"celsius\":0}",
	            TYPED(POINTER, POINTER_TO(NAMES)), names);
	decode("{\"uRL\":1,\"x\":2,\"ärger\":3,\"σΑΣ\":4,\"Tag\":5,\"maybe\":6,\"äußerlich\":7,\"skip\":8,"
	       "\"n\":9,\"celsius\":10}",
	       POINTER_TO(NAMES), names, "");
	expect_json("{\"uRL\":1,\"x\":2,\"ärger\":3,\"σΑΣ\":4,\"Tag\":5,\"maybe\":6,\"n\":9,\"celsius\":10}",
	            TYPED(POINTER, POINTER_TO(NAMES)), names);
	decode("{\"URL\":21,\"url\":21,\"X\":22,\"Ärger\":23,\"ΣΑΣ\":24,\"σας\":24,\"tag\":25,\"Tagged\":25,"
	       "\"Maybe\":26,\"Skip\":28,\"N\":29,\"Celsius\":30}",
	       POINTER_TO(NAMES), names, "");
	const volt_slot *words = sample_words(names);
	for (unsigned i = 0; i <= NAMES_MAYBE; i++)
		ck_assert_uint_eq(words[i], i + 1);
	ck_assert_uint_eq(words[NAMES_HIDDEN], 0);
	ck_assert_uint_eq(words[NAMES_SKIP], 0);
	ck_assert_uint_eq(sample_words(words[NAMES_EMBEDDED])[0], 9);
	ck_assert_uint_eq(words[NAMES_CELSIUS], 10);
}
END_TEST

START_TEST(what_has_no_json) {
	expect_no_json("json: unsupported type: func", TYPED(CLOSURE, TYPE_SUM), 0);
	expect_no_json("json: unsupported type: chan int", TYPED(CHANNEL, TYPE_CHANNEL), 0);
	expect_json("null", TYPED(POINTER, TYPE_OUTER_POINTER), 0);
	expect_json("null", TYPED(SLICE, TYPE_INTS), 0);
	expect_json("null", TYPED(MAP, TYPE_SCORES), 0);
	/* A pointer that leads back to itself. */
	volt_slot outer = sample_outer();
	sample_words(outer)[OUTER_NEXT] = outer;
	expect_no_json("json: unsupported value: encountered a cycle, or more than 1000 levels",
	               TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	volt_slot any = sample_new(TYPE_ANY);
	sample_words(any)[0] = TYPED(POINTER, POINTER_TO(ANY));
	sample_words(any)[1] = any;
	expect_no_json("json: unsupported value: encountered a cycle of pointers",
	               TYPED(POINTER, POINTER_TO(ANY)), any);
	/* Type ids that are none, or another kind's. */
	expect_no_json("json: unsupported value of kind int", TYPED(INT, 0xffffff), 1);
	expect_no_json("json: unsupported value of kind int", TYPED(INT, TYPE_ENDLESS), 1);
	expect_no_json("json: unsupported value of kind struct", TYPED(STRUCT, TYPE_OUTER),
	               sample_new(TYPE_INNER));
	expect_no_json("json: unsupported value of kind string", TYPED(STRING, VOLT_KIND_INT), host_string("a"));
}
END_TEST

START_TEST(scalars_from_text) {
	ck_assert_int_eq((int64_t)decoded(" -12 ", POINTER_TO(INT), VOLT_KIND_INT, ""), -12);
	ck_assert_uint_eq(decoded("18446744073709551615", POINTER_TO(UINT64), VOLT_KIND_UINT64, ""), UINT64_MAX);
	ck_assert_double_eq(volt_slot_float(decoded("1e3", POINTER_TO(FLOAT64), VOLT_KIND_FLOAT64, "")), 1000);
	ck_assert_double_eq(
	    volt_slot_float(decoded("12345678901234567890123", POINTER_TO(FLOAT64), VOLT_KIND_FLOAT64, "")),
	    12345678901234567890123.0);
	ck_assert_uint_eq(decoded("-0", POINTER_TO(FLOAT64), VOLT_KIND_FLOAT64, ""), FLOAT(-0.0));
	ck_assert_uint_eq(decoded("true", POINTER_TO(BOOL), VOLT_KIND_BOOL, ""), 1);
	ck_assert_uint_eq(decoded("null", POINTER_TO(INT), VOLT_KIND_INT, ""), 0);
	host_expect_string("string",
	                   decoded("\"a\\u00e4\\ud83d\\ude00\\n\"", POINTER_TO(STRING), VOLT_KIND_STRING, ""),
	                   "aä😀\n");
	host_expect_string("surrogate", decoded("\"\\ud800x\"", POINTER_TO(STRING), VOLT_KIND_STRING, ""),
	                   "\xef\xbf\xbdx");
	host_expect_string("bytes", decoded("\"\xff\"", POINTER_TO(STRING), VOLT_KIND_STRING, ""),
	                   "\xef\xbf\xbd");
	string_view zero = host_view(decoded("\"\\u0000a\"", POINTER_TO(STRING), VOLT_KIND_STRING, ""));
	ck_assert_uint_eq(zero.length, 2);
	ck_assert(memcmp(zero.bytes, "\0a", 2) == 0);
}
END_TEST

START_TEST(numbers_that_do_not_fit) {
	decoded("128", POINTER_TO(INT8), VOLT_KIND_INT8,
	        "json: cannot unmarshal number 128 into value of type int8");
	decoded("-1", POINTER_TO(UINT64), VOLT_KIND_UINT64,
	        "json: cannot unmarshal number -1 into value of type uint64");
	decoded("1.5", POINTER_TO(INT), VOLT_KIND_INT, "json: cannot unmarshal number into value of type int");
	decoded("9223372036854775808", POINTER_TO(INT), VOLT_KIND_INT,
	        "json: cannot unmarshal number into value of type int");
	ck_assert_int_eq((int64_t)decoded("-9223372036854775808", POINTER_TO(INT), VOLT_KIND_INT, ""), INT64_MIN);
	decoded("18446744073709551616", POINTER_TO(UINT64), VOLT_KIND_UINT64,
	        "json: cannot unmarshal number into value of type uint64");
	decoded("1e39", POINTER_TO(FLOAT32), VOLT_KIND_FLOAT32,
	        "json: cannot unmarshal number into value of type float32");
	/* An integer of 400 digits, beyond any float: not 0. */
	char digits[401];
	memset(digits, '9', 400);
	digits[400] = 0;
	decoded(digits, POINTER_TO(FLOAT64), VOLT_KIND_FLOAT64,
	        "json: cannot unmarshal number into value of type float64");
	decoded(digits, POINTER_TO(ANY), TYPE_ANY, "json: cannot unmarshal number into value of type float64");
	decoded("\"1\"", POINTER_TO(INT), VOLT_KIND_INT, "json: cannot unmarshal string into value of type int");
	decoded("[]", POINTER_TO(INT), VOLT_KIND_INT, "json: cannot unmarshal array into value of type int");
	decoded("1", POINTER_TO(STRING), VOLT_KIND_STRING,
	        "json: cannot unmarshal number 1 into value of type string");
}
END_TEST

START_TEST(structs_from_text) {
	volt_slot outer = sample_outer();
	volt_slot *words = sample_words(outer);
	words[OUTER_SKIP] = 5;
	words[OUTER_HIDDEN] = 6;
	decode(
	    "{\"n\": 4, \"label\": \"l\", \"name\": \"x\", \"tags\": [\"a\", null, \"b\"], \"scores\": {\"k\": "
	    "9}, "
	    "\"any\": [1, {\"z\": null}], \"next\": {\"n\": 8}, \"small\": -3, \"data\": \"AQL/\", \"skip\": 1, "
	    "\"hidden\": 2, \"q\": \"77\", \"triple\": [1, -2], \"unknown\": {\"deep\": [1]}}",
	    TYPE_OUTER_POINTER, outer, "");
	ck_assert_uint_eq(words[OUTER_N], 4);
	host_expect_string("Label", words[OUTER_LABEL], "l");
	host_expect_string("Name", words[OUTER_NAME], "x");
	static const char *const tags[] = {"a", "", "b"};
	host_expect_strings("Tags", words[OUTER_TAGS], tags, 3);
	volt_slot key = host_string("k");
	ck_assert_uint_eq(map_find(host_space(), words[OUTER_SCORES], &key)[0], 9);
	ck_assert_uint_eq(sample_words(words[OUTER_NEXT])[OUTER_N], 8);
	ck_assert_int_eq((int64_t)words[OUTER_SMALL], -3);
	host_expect_string("Data", words[OUTER_DATA], "\x01\x02\xff");
	ck_assert_uint_eq(words[OUTER_SKIP], 5);
	ck_assert_uint_eq(words[OUTER_HIDDEN], 6);
	ck_assert_uint_eq(words[OUTER_QUOTED], 77);
	ck_assert_int_eq((int64_t)words[OUTER_TRIPLE + 1], -2);
	ck_assert_uint_eq(words[OUTER_ANY], TYPED(SLICE, TYPE_ANYS));
	const volt_slot *any = (const volt_slot *)(const void *)slice_data(words[OUTER_ANY_PAYLOAD]);
	ck_assert_uint_eq(any[0], TYPED(FLOAT64, VOLT_KIND_FLOAT64));
	ck_assert_double_eq(volt_slot_float(any[1]), 1);
	ck_assert_uint_eq(any[2], TYPED(MAP, TYPE_ANY_MAP));
}
END_TEST

/* What fits is written although something else does not, as in Go. */
START_TEST(the_rest_is_written) {
	volt_slot outer = sample_outer();
	decode("{\"name\": 1, \"n\": 2, \"small\": 300}", TYPE_OUTER_POINTER, outer,
	       "json: cannot unmarshal number 1 into value of type string");
	ck_assert_uint_eq(sample_words(outer)[OUTER_N], 2);
	ck_assert_uint_eq(sample_words(outer)[OUTER_SMALL], 0);
}
END_TEST

START_TEST(containers_from_text) {
	volt_slot slice = decoded("[1, -2, 3]", POINTER_TO(INT8S), TYPE_INT8S, "");
	ck_assert_uint_eq(slice_length(slice), 3);
	ck_assert_int_eq((int8_t)slice_data(slice)[1], -2); /* packed: one byte each */
	slice = decoded("[{\"n\": 1}, {\"n\": 2, \"label\": \"b\"}]", POINTER_TO(INNERS), TYPE_INNERS, "");
	const volt_slot *inner = (const volt_slot *)(const void *)slice_data(slice);
	ck_assert_uint_eq(inner[2], 2);
	host_expect_string("label", inner[3], "b");
	volt_slot map = decoded("{\"-4\": \"x\"}", POINTER_TO(INT_MAP), TYPE_INT_MAP, "");
	volt_slot key = (volt_slot)-4;
	host_expect_string("map[int]string", map_find(host_space(), map, &key)[0], "x");
	decoded("{\"a\": \"x\"}", POINTER_TO(INT_MAP), TYPE_INT_MAP,
	        "json: cannot unmarshal number as a key into value of type int");
	decoded("\"not base 64!\"", POINTER_TO(BYTES), TYPE_BYTES,
	        "json: cannot unmarshal string that is no base64 into value of type []uint8");
	slice = decoded("[]", POINTER_TO(INTS), TYPE_INTS, "");
	ck_assert(slice != 0);
	ck_assert_uint_eq(slice_length(slice), 0);
}
END_TEST

START_TEST(a_pointer_to_an_array) {
	volt_slot array = sample_new(TYPE_TRIPLE);
	decode("[1, 2, 3, 4]", POINTER_TO(TRIPLE), array, "");
	const volt_array *object = volt_slot_pointer(array);
	ck_assert_int_eq(memcmp(object->data, "\1\2\3", 3), 0);
	decode("[9]", POINTER_TO(TRIPLE), array, "");
	ck_assert_int_eq(memcmp(object->data, "\11\0\0", 3), 0);
}
END_TEST

START_TEST(bad_text_and_bad_targets) {
	static const char *const bad[] = {
	    "{",       "[1",
	    "\"a",     "{\"a\"}",
	    "[1,]",    "{,}",
	    "01",      "1 2",
	    "nul",     "'a'",
	    "[1 2]",   "+1",
	    "1.",      "\"\x01\"",
	    "{1: 2}",  "{123456789012345678901: 1}",
	    "\"\\x\"", "00000000000000000000",
	    "[",       "]",
	    "\"\\ud8", "\"\\u",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		host_outcome outcome = CALL("encoding_json_Unmarshal", 2, host_bytes(bad[i], strlen(bad[i])),
		                            TYPED(POINTER, POINTER_TO(ANY)), sample_new(TYPE_ANY));
		ck_assert_msg(sample_error(outcome.results)[0] != 0, "%s was accepted", bad[i]);
	}
	decode("", POINTER_TO(ANY), sample_new(TYPE_ANY), "unexpected end of JSON input");
	decode("[1", POINTER_TO(ANY), sample_new(TYPE_ANY), "unexpected end of JSON input");
	decode("1", POINTER_TO(INT), 0, "nil pointer");
	host_outcome outcome = CALL("encoding_json_Unmarshal", 2, host_bytes("1", 1), INT_VALUE(1));
	sample_expect_error("int", outcome.results, "target must be pointer");
	outcome =
	    CALL("encoding_json_Unmarshal", 2, host_bytes("1", 1), TYPED(POINTER, 0xffffff), sample_outer());
	sample_expect_error("no type", outcome.results, "target must be pointer");
}
END_TEST

/* `levels` times what opens a level, and as often what closes it. */
static const char *nested(const char *open, const char *inner, const char *close, size_t levels) {
	static char text[1 << 16];
	char *at = text;
	for (size_t i = 0; i < levels; i++)
		at = stpcpy(at, open);
	at = stpcpy(at, inner);
	for (size_t i = 0; i < levels; i++)
		at = stpcpy(at, close);
	ck_assert_uint_lt((size_t)(at - text), sizeof text);
	return text;
}

/* What was decoded gives its own text again. */
static void expect_both_ways(const char *text, uint32_t pointer_type, uint32_t type) {
	volt_slot pointer = sample_new(type);
	decode(text, pointer_type, pointer, "");
	host_outcome outcome = CALL("encoding_json_marshalAny", 3, TYPED(POINTER, pointer_type), pointer);
	sample_expect_error("again", outcome.results + 1, "");
	host_expect_string("again", outcome.results[0], text);
}

static void nest(void) {
	expect_both_ways(nested("[", "", "]", 900), POINTER_TO(ANY), TYPE_ANY);
	expect_both_ways(nested("[", "1.5", "]", 1000), POINTER_TO(ANY), TYPE_ANY);
	expect_both_ways(nested("[", "{}", "]", 999), POINTER_TO(ANY), TYPE_ANY);
	expect_both_ways(nested("{\"a\":[", "", "]}", 500), POINTER_TO(ANY), TYPE_ANY);
	decode(nested("[", "", "]", 1001), POINTER_TO(ANY), sample_new(TYPE_ANY), "json: exceeded max depth");
	decode(nested("[", "", "]", 5000), POINTER_TO(ANY), sample_new(TYPE_ANY), "json: exceeded max depth");
}

START_TEST(nesting_has_a_limit) {
	host_on_promised_stack(nest);
}
END_TEST

/* The pointers between the structs of a list are no levels. */
static void make_long_list(void) {
	enum { LENGTH = 999 }; /* each struct has an array in it, one level further */
	volt_slot outer = sample_outer();
	decode(nested("{\"next\":", "null", "}", LENGTH), TYPE_OUTER_POINTER, outer, "");
	unsigned length = 0;
	for (volt_slot at = outer; at != 0; at = sample_words(at)[OUTER_NEXT])
		length++;
	ck_assert_uint_eq(length, LENGTH);
	host_outcome outcome = CALL("encoding_json_marshalAny", 3, TYPED(POINTER, TYPE_OUTER_POINTER), outer);
	sample_expect_error("a thousand", outcome.results + 1, "");
	volt_slot first = sample_outer();
	sample_words(first)[OUTER_NEXT] = outer;
	expect_no_json("json: unsupported value: encountered a cycle, or more than 1000 levels",
	               TYPED(POINTER, TYPE_OUTER_POINTER), first);
}

START_TEST(a_long_list_of_structs) {
	host_on_promised_stack(make_long_list);
}
END_TEST

/* An interface that holds a pointer to itself. */
START_TEST(a_target_that_contains_itself) {
	volt_slot any = sample_new(TYPE_ANY);
	sample_words(any)[0] = TYPED(POINTER, POINTER_TO(ANY));
	sample_words(any)[1] = any;
	decode("1", POINTER_TO(ANY), any,
	       "json: cannot unmarshal values behind too many pointers into value of type interface");
}
END_TEST

START_TEST(string_tokens) {
	volt_slot data = host_bytes("[\"a\\n\\\"b\", \"open", 17);
	host_outcome outcome = CALL("encoding_json_parseJsonString", 4, data, 1);
	host_expect_string("text", outcome.results[0], "a\n\"b");
	ck_assert_uint_eq(outcome.results[1], 9);
	sample_expect_error("ok", outcome.results + 2, "");
	outcome = CALL("encoding_json_parseJsonString", 4, data, 0);
	sample_expect_error("no quote", outcome.results + 2, "invalid JSON: string expected");
	outcome = CALL("encoding_json_parseJsonString", 4, data, 11);
	sample_expect_error("open", outcome.results + 2, "unexpected end of JSON input");
	outcome = CALL("encoding_json_parseJsonString", 4, data, (volt_slot)-1);
	sample_expect_error("outside", outcome.results + 2, "invalid JSON: string expected");
}
END_TEST

int main(void) {
	const TTest *const all[] = {
	    scalars_as_text,
	    floats_as_go_writes_them,
	    strings_as_go_writes_them,
	    structs_as_text,
	    names_of_fields,
	    what_has_no_json,
	    scalars_from_text,
	    numbers_that_do_not_fit,
	    structs_from_text,
	    the_rest_is_written,
	    containers_from_text,
	    a_pointer_to_an_array,
	    bad_text_and_bad_targets,
	    nesting_has_a_limit,
	    a_long_list_of_structs,
	    a_target_that_contains_itself,
	    string_tokens,
	};
	host_module = &sample_module;
	return host_run("json", all, sizeof all / sizeof *all);
}
