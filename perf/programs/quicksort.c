/* Twin of quicksort.vot: the same partition and order of recursion, every index checked. */
#include "twin.h"

#define N 400000

/* The header is read once: elements cannot overlap it, which the compiler could not know of int64_t. */
MEASURED void sort_range(const struct slice *numbers, int64_t low, int64_t high) {
	const struct slice copy = *numbers, *const a = &copy;
	while (low < high) {
		const int64_t pivot = ELEMENT(a, int64_t, (low + high) / 2);
		int64_t i = low, j = high;
		while (i <= j) {
			while (ELEMENT(a, int64_t, i) < pivot)
				i++;
			while (ELEMENT(a, int64_t, j) > pivot)
				j--;
			if (i <= j) {
				const int64_t left = ELEMENT(a, int64_t, j), right = ELEMENT(a, int64_t, i);
				ELEMENT(a, int64_t, i) = left;
				ELEMENT(a, int64_t, j) = right;
				i++;
				j--;
			}
		}
		if (j - low < high - i) {
			sort_range(numbers, low, j);
			low = i;
		} else {
			sort_range(numbers, i, high);
			high = j;
		}
	}
}

static int64_t fill(struct slice *a, int64_t seed) {
	for (int64_t i = 0; i < a->length; i++) {
		seed = (seed * 1103515245 + 12345) & 0x7fffffff;
		ELEMENT(a, int64_t, i) = seed >> 8;
	}
	return seed;
}

static void check_sorted(const struct slice *a) {
	for (int64_t i = 1; i < N; i++)
		if (ELEMENT(a, int64_t, i - 1) > ELEMENT(a, int64_t, i))
			puts("unsorted");
}

int main(void) {
	struct slice a = {new_object(N * sizeof(int64_t)), N};
	int64_t seed = 12345, total = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		seed = fill(&a, seed);
		sort_range(&a, 0, N - 1);
		check_sorted(&a);
		total += ELEMENT(&a, int64_t, N / 2) + ELEMENT(&a, int64_t, 0) + ELEMENT(&a, int64_t, N - 1);
	}
	printf("quicksort %lld\n", (long long)total);
	free(a.elements);
	return 0;
}
