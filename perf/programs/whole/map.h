/* Small open-addressing (linear probing) hash tables: int64 -> int64 and string slice -> int64. */
#ifndef VOLT_PERF_MAP_H
#define VOLT_PERF_MAP_H
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- int64 -> int64 ---- */
typedef struct {
	int64_t key, val;
	bool used;
} imap_slot;
typedef struct {
	imap_slot *slots;
	size_t cap, len;
	int shift;
} imap;

static inline size_t imap_home(const imap *m, int64_t key) {
	return (size_t)(((uint64_t)key * 0x9E3779B97F4A7C15u) >> m->shift);
}

static inline void imap_init(imap *m) {
	m->cap = 8;
	m->shift = 64 - 3;
	m->len = 0;
	m->slots = calloc(m->cap, sizeof *m->slots);
}

static inline void imap_free(imap *m) {
	free(m->slots);
}

static inline int64_t *imap_get(const imap *m, int64_t key) {
	size_t mask = m->cap - 1;
	for (size_t i = imap_home(m, key); m->slots[i].used; i = (i + 1) & mask)
		if (m->slots[i].key == key)
			return &m->slots[i].val;
	return NULL;
}

static void imap_grow(imap *m) {
	imap_slot *old = m->slots;
	size_t n = m->cap;
	m->cap *= 2;
	m->shift--;
	m->slots = calloc(m->cap, sizeof *m->slots);
	size_t mask = m->cap - 1;
	for (size_t k = 0; k < n; k++) {
		if (!old[k].used)
			continue;
		size_t i = imap_home(m, old[k].key);
		while (m->slots[i].used)
			i = (i + 1) & mask;
		m->slots[i] = old[k];
	}
	free(old);
}

/* value of key, inserted as 0 where absent */
static inline int64_t *imap_at(imap *m, int64_t key) {
	size_t mask = m->cap - 1, i = imap_home(m, key);
	for (; m->slots[i].used; i = (i + 1) & mask)
		if (m->slots[i].key == key)
			return &m->slots[i].val;
	if ((m->len + 1) * 4 > m->cap * 3) {
		imap_grow(m);
		mask = m->cap - 1;
		for (i = imap_home(m, key); m->slots[i].used; i = (i + 1) & mask) {
		}
	}
	m->len++;
	m->slots[i] = (imap_slot){key, 0, true};
	return &m->slots[i].val;
}

static inline void imap_del(imap *m, int64_t key) {
	size_t mask = m->cap - 1, i = imap_home(m, key);
	for (;; i = (i + 1) & mask) {
		if (!m->slots[i].used)
			return;
		if (m->slots[i].key == key)
			break;
	}
	m->len--;
	/* backward-shift deletion */
	for (size_t j = (i + 1) & mask; m->slots[j].used; j = (j + 1) & mask) {
		size_t h = imap_home(m, m->slots[j].key);
		if (((j - h) & mask) >= ((j - i) & mask)) {
			m->slots[i] = m->slots[j];
			i = j;
		}
	}
	m->slots[i].used = false;
}

/* ---- string slice -> int64 (keys are borrowed, not copied) ---- */
typedef struct {
	const char *p;
	size_t n;
} str;
typedef struct {
	str key;
	uint64_t hash;
	int64_t val;
} smap_slot; /* key.p == NULL: free */
typedef struct {
	smap_slot *slots;
	size_t cap, len;
} smap;

static inline uint64_t str_hash(str s) { /* FNV-1a */
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h ^ (h >> 32);
}

static inline bool str_eq(str a, str b) {
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static inline void smap_init(smap *m) {
	m->cap = 8;
	m->len = 0;
	m->slots = calloc(m->cap, sizeof *m->slots);
}

static inline void smap_free(smap *m) {
	free(m->slots);
}

static void smap_grow(smap *m) {
	smap_slot *old = m->slots;
	size_t n = m->cap;
	m->cap *= 2;
	m->slots = calloc(m->cap, sizeof *m->slots);
	size_t mask = m->cap - 1;
	for (size_t k = 0; k < n; k++) {
		if (!old[k].key.p)
			continue;
		size_t i = old[k].hash & mask;
		while (m->slots[i].key.p)
			i = (i + 1) & mask;
		m->slots[i] = old[k];
	}
	free(old);
}

static inline int64_t smap_get(const smap *m, str key) {
	uint64_t h = str_hash(key);
	size_t mask = m->cap - 1;
	for (size_t i = h & mask; m->slots[i].key.p; i = (i + 1) & mask)
		if (m->slots[i].hash == h && str_eq(m->slots[i].key, key))
			return m->slots[i].val;
	return 0;
}

static inline int64_t *smap_at(smap *m, str key) {
	uint64_t h = str_hash(key);
	size_t mask = m->cap - 1, i = h & mask;
	for (; m->slots[i].key.p; i = (i + 1) & mask)
		if (m->slots[i].hash == h && str_eq(m->slots[i].key, key))
			return &m->slots[i].val;
	if ((m->len + 1) * 4 > m->cap * 3) {
		smap_grow(m);
		mask = m->cap - 1;
		for (i = h & mask; m->slots[i].key.p; i = (i + 1) & mask) {
		}
	}
	m->len++;
	m->slots[i] = (smap_slot){key, h, 0};
	return &m->slots[i].val;
}
#endif
