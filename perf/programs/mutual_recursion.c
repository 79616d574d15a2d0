/* Twin of mutual_recursion.vot: calls in the last place stay calls under the option
 * -fno-optimize-sibling-calls; in a plain twin they are a loop. */
#include "twin.h"

MEASURED int64_t is_odd(int64_t n);

MEASURED int64_t is_even(int64_t n) {
	return n ? is_odd(opaque(n - 1)) : 1;
}

MEASURED int64_t is_odd(int64_t n) {
	return n ? is_even(opaque(n - 1)) : 0;
}

int main(void) {
	int64_t sum = 0;
	for (int64_t i = 0; i < SIZE; i++)
		sum += is_even(i & 127) * (i & 127);
	printf("mutual_recursion %lld\n", (long long)sum);
	return 0;
}
