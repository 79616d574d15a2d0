/* Twin of nqueens.vot: the same search, every index checked. */
#include "twin.h"

#include <stdbool.h>

MEASURED int64_t solve(int64_t n, int64_t row, struct slice *columns, struct slice *rising,
                       struct slice *falling) {
	if (row == n)
		return 1;
	int64_t count = 0;
	for (int64_t column = 0; column < n; column++) {
		const int64_t up = row + column, down = row - column + n;
		if (ELEMENT(columns, bool, column) || ELEMENT(rising, bool, up) || ELEMENT(falling, bool, down))
			continue;
		ELEMENT(columns, bool, column) = true;
		ELEMENT(rising, bool, up) = true;
		ELEMENT(falling, bool, down) = true;
		count += solve(n, row + 1, columns, rising, falling);
		ELEMENT(columns, bool, column) = false;
		ELEMENT(rising, bool, up) = false;
		ELEMENT(falling, bool, down) = false;
	}
	return count;
}

static struct slice bools(int64_t n) {
	return (struct slice){new_object((size_t)n + 1), n};
}

int main(void) {
	struct slice columns = bools(SIZE), rising = bools(2 * SIZE), falling = bools(2 * SIZE + 1);
	printf("nqueens %lld\n", (long long)solve(SIZE, 0, &columns, &rising, &falling));
	free(columns.elements);
	free(rising.elements);
	free(falling.elements);
	return 0;
}
