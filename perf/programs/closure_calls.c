/* Twin of closure_calls.vot: closures are objects with a function and references to the variables that they
 * capture. */
#include "twin.h"

/* A closure; `function` has the type that its caller knows. */
struct closure {
	void (*function)(void);
	int64_t *captured[2];
};

typedef int64_t (*unary)(struct closure *closure, int64_t x);
typedef int64_t (*binary)(struct closure *closure, int64_t x, int64_t y);

static inline int64_t *captured(struct closure *closure, int index) {
	check_not_nil(closure->captured[index]);
	return closure->captured[index];
}

static int64_t *new_variable(int64_t value) {
	int64_t *variable = new_object(sizeof *variable);
	*variable = value;
	return variable;
}

/* The closure of adder: total += x & k */
MEASURED int64_t add(struct closure *closure, int64_t x) {
	*captured(closure, 0) += x & *captured(closure, 1);
	return *captured(closure, 0);
}

MEASURED struct closure *adder(int64_t k) {
	struct closure *closure = new_object(sizeof *closure);
	closure->function = (void (*)(void))add;
	closure->captured[0] = new_variable(0);
	closure->captured[1] = new_variable(k);
	return closure;
}

/* The closure given to apply. */
MEASURED int64_t combine(struct closure *closure, int64_t x, int64_t y) {
	return (x * *captured(closure, 0) + y) & 0xffffff;
}

MEASURED struct closure *combiner(int64_t m) {
	struct closure *closure = new_object(sizeof *closure);
	closure->function = (void (*)(void))combine;
	closure->captured[0] = new_variable(m);
	return closure;
}

MEASURED int64_t apply(struct closure *closure, int64_t n, int64_t accumulator) {
	for (int64_t i = 0; i < n; i++) {
		check_not_nil(closure);
		accumulator = ((binary)closure->function)(closure, accumulator, i);
	}
	return accumulator;
}

static inline int64_t call(struct closure *closure, int64_t x) {
	check_not_nil(closure);
	return ((unary)closure->function)(closure, x);
}

static void free_closure(struct closure *closure) {
	free(closure->captured[0]);
	free(closure->captured[1]);
	free(closure);
}

int main(void) {
	struct closure *a = adder(15), *b = adder(7), *c = combiner(3);
	int64_t sum = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		const int64_t first = call(a, i);
		sum ^= first + call(b, sum);
	}
	sum += apply(c, SIZE, 1);
	printf("closure %lld\n", (long long)sum);
	free_closure(a);
	free_closure(b);
	free_closure(c);
	return 0;
}
