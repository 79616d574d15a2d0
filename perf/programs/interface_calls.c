/* Twin of interface_calls.vot: an interface is a table of methods and an object; every use asks for nil. */
#include "twin.h"

struct methods {
	int64_t (*step)(void *object, int64_t x);
};

struct interface {
	const struct methods *methods;
	void *object;
};

struct adder {
	int64_t total;
};

struct shifter {
	int64_t bits;
};

struct counter {
	int64_t count, last;
};

MEASURED int64_t step_adder(void *object, int64_t x) {
	struct adder *adder = object;
	check_not_nil(adder);
	adder->total = (adder->total + x) & 65535;
	return adder->total;
}

MEASURED int64_t step_shifter(void *object, int64_t x) {
	struct shifter *shifter = object;
	check_not_nil(shifter);
	shifter->bits = ((shifter->bits << 1) ^ x) & 0xffffff;
	return shifter->bits >> 3;
}

MEASURED int64_t step_counter(void *object, int64_t x) {
	struct counter *counter = object;
	check_not_nil(counter);
	const int64_t last = counter->last;
	counter->last = x;
	return ++counter->count ^ last;
}

static const struct methods adder_methods = {step_adder}, shifter_methods = {step_shifter},
                            counter_methods = {step_counter};

MEASURED int64_t run(const struct slice *steppers, int64_t n) {
	int64_t accumulator = 0, next = 0;
	for (int64_t i = 0; i < n; i++) {
		const struct interface stepper = ELEMENT(steppers, struct interface, next);
		check_not_nil(stepper.methods);
		accumulator = (accumulator + stepper.methods->step(stepper.object, accumulator ^ i)) & 0xffffff;
		if (++next >= steppers->length)
			next = 0;
	}
	return accumulator;
}

int main(void) {
	struct interface five[] = {
	    {&adder_methods, new_object(sizeof(struct adder))},
	    {&shifter_methods, new_object(sizeof(struct shifter))},
	    {&counter_methods, new_object(sizeof(struct counter))},
	    {&adder_methods, new_object(sizeof(struct adder))},
	    {&counter_methods, new_object(sizeof(struct counter))},
	};
	const struct slice steppers = {five, 5};
	printf("interface_calls %lld\n", (long long)run(&steppers, SIZE));
	for (int i = 0; i < 5; i++)
		free(five[i].object);
	return 0;
}
