/* Twin of string_builder.vot. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	char *p;
	size_t len, cap;
} Buf;

static void buf_push(Buf *b, char c) {
	if (b->len == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 16;
		b->p = realloc(b->p, b->cap);
	}
	b->p[b->len++] = c;
}

int main(void) {
	Buf buf = {0};
	int64_t h = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		int64_t n = i;
		while (n > 0) {
			buf_push(&buf, (char)('0' + n % 10));
			n /= 10;
		}
		buf_push(&buf, ',');
		if (buf.len > 4000) {
			size_t len = buf.len;
			char *s = malloc(len);
			memcpy(s, buf.p, len);
			char *t = malloc(15);
			memcpy(t, s + 10, 10);
			memcpy(t + 10, s + len - 5, 5);
			for (int64_t j = 0; j < 15; j++)
				h = (h * 131 + (unsigned char)t[j]) & 0xffffff;
			free(s);
			free(t);
			buf.len = 0;
		}
	}
	Buf s = {0};
	for (int64_t i = 0; i < 20000; i++) {
		buf_push(&s, (char)('a' + i % 26));
		if (s.len > 200) {
			h += (int64_t)s.len;
			memmove(s.p, s.p + 100, s.len - 100);
			s.len -= 100;
		}
	}
	printf("builder %" PRId64 " %zu\n", h, s.len);
	free(buf.p);
	free(s.p);
}
