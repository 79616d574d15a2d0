/* Twin of fib.vot: the same recursion, no call turned into a loop, the same output. */
#include <stdint.h>
#include <stdio.h>

__attribute__((noinline)) static int64_t fib(int64_t n) {
	if (n < 2)
		return n;
	return fib(n - 1) + fib(n - 2);
}

int main(void) {
	printf("fib %lld\n", (long long)fib(SIZE));
	return 0;
}
