/* Twin of word_count.vot. */
#include "map.h"
#include <inttypes.h>
#include <stdio.h>

enum { WORDS = 12 };

static const char *vocab[WORDS] = {"alpha", "beta",  "gamma", "delta", "eps", "zeta",
                                   "eta",   "theta", "iota",  "kappa", "mu",  "nu"};

static void count(str text, smap *m) {
	int64_t start = -1, n = (int64_t)text.n;
	for (int64_t i = 0; i < n; i++) {
		char c = text.p[i];
		if (c >= 'a' && c <= 'z') {
			if (start < 0)
				start = i;
		} else if (start >= 0) {
			++*smap_at(m, (str){text.p + start, (size_t)(i - start)});
			start = -1;
		}
	}
	if (start >= 0)
		++*smap_at(m, (str){text.p + start, (size_t)(n - start)});
}

int main(void) {
	char *buf = malloc(16);
	size_t len = 0, cap = 16;
	int64_t x = 5;
	for (int64_t i = 0; i < 40; i++) {
		x = (x * 17 + 3) % 101;
		const char *w = vocab[x % WORDS];
		size_t n = strlen(w);
		while (len + n + 1 > cap)
			buf = realloc(buf, cap *= 2);
		memcpy(buf + len, w, n);
		buf[len + n] = ' ';
		len += n + 1;
	}
	smap m;
	smap_init(&m);
	for (int64_t r = 0; r < SIZE; r++)
		count((str){buf, len}, &m);
	int64_t t = 0;
	for (int i = 0; i < WORDS; i++)
		t = t * 3 + smap_get(&m, (str){vocab[i], strlen(vocab[i])});
	printf("words %zu %" PRId64 "\n", m.len, t);
	smap_free(&m);
	free(buf);
}
