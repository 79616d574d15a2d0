/* Trees of parsed documents: numbers in their own words, and who frees a tree. */
#include "extern/encoding/encoding.h"

#include <pthread.h>
#include <stdlib.h>

encoding_text_kind encoding_text(const json_t *node, string_view *text) {
	*text = (string_view){json_string_value(node), json_string_length(node)};
	if (text->length == 0 || text->bytes[0] != 0)
		return ENCODING_STRING;
	*text = (string_view){text->bytes + 1, text->length - 1};
	return text->length > 0 && text->bytes[0] == 0 ? ENCODING_STRING : ENCODING_NUMBER;
}

static pthread_once_t hold_once = PTHREAD_ONCE_INIT;
static pthread_key_t hold_key;

static void free_tree(void *tree) {
	json_decref(tree);
}

static void free_main_tree(void) {
	json_decref(pthread_getspecific(hold_key));
	pthread_setspecific(hold_key, NULL);
}

static void make_hold_key(void) {
	if (pthread_key_create(&hold_key, free_tree) != 0)
		abort();
	atexit(free_main_tree);
}

void encoding_hold(json_t *tree) {
	pthread_once(&hold_once, make_hold_key);
	json_decref(pthread_getspecific(hold_key));
	pthread_setspecific(hold_key, tree);
}
