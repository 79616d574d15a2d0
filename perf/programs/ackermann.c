/* Twin of ackermann.vot: the same recursion, none of its calls turned into a jump. */
#include "twin.h"

MEASURED int64_t ack(int64_t m, int64_t n) {
	if (m == 0)
		return n + 1;
	if (n == 0)
		return ack(m - 1, 1);
	return ack(m - 1, ack(m, n - 1));
}

int main(void) {
	int64_t sum = 0;
	for (int64_t i = 0; i < SIZE; i++)
		sum += ack(3, 9 - (sum & 1));
	printf("ackermann %lld\n", (long long)sum);
	return 0;
}
