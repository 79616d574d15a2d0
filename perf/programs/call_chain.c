/* Twin of call_chain.vot: the same six functions. */
#include "twin.h"

MEASURED int64_t sixth(int64_t x, int64_t y) {
	return 5 * x ^ y;
}

MEASURED int64_t fifth(int64_t x) {
	return sixth(x, x >> 3) + x;
}

MEASURED int64_t fourth(int64_t x, int64_t y) {
	return fifth(x ^ y) - y;
}

MEASURED int64_t third(int64_t x, int64_t y, int64_t z) {
	return fourth(x + z, y - z) ^ (y + z);
}

MEASURED int64_t second(int64_t x, int64_t y) {
	return third(x & 255, y | 3, x - y) + x;
}

MEASURED int64_t first(int64_t x) {
	return second(7 * x, x + 11) + 6 * x;
}

int main(void) {
	int64_t sum = 0;
	for (int64_t i = 0; i < SIZE; i++)
		sum = (sum + first((sum ^ i) & 4095)) & 0xffffffffff;
	printf("call_chain %lld\n", (long long)sum);
	return 0;
}
