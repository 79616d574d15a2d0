/* Twin of tak.vot: the same recursion. */
#include "twin.h"

MEASURED int64_t tak(int64_t x, int64_t y, int64_t z) {
	if (y >= x)
		return z;
	return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

int main(void) {
	int64_t sum = 0;
	for (int64_t i = 0; i < SIZE; i++)
		sum += tak(24, 16, 8 + (sum & 1)) + i;
	printf("tak %lld\n", (long long)sum);
	return 0;
}
