/* Twin of map_int.vot. */
#include "map.h"
#include <inttypes.h>
#include <stdio.h>

enum { N = 200000 };

int main(void) {
	int64_t t = 0;
	for (int64_t r = 0; r < SIZE; r++) {
		imap m;
		imap_init(&m);
		int64_t k = r + 1;
		for (int64_t i = 0; i < N; i++) {
			k = (k * 48271 + 11) % 65537;
			*imap_at(&m, k) += i;
			if (i % 5 == 0)
				imap_del(&m, k / 2);
			int64_t *v = imap_get(&m, k ^ 1);
			if (v)
				t ^= *v;
		}
		for (size_t i = 0; i < m.cap; i++)
			if (m.slots[i].used)
				t += m.slots[i].key ^ m.slots[i].val;
		t += (int64_t)m.len;
		imap_free(&m);
	}
	printf("mapint %" PRId64 "\n", t);
}
