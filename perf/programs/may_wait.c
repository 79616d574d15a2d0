/* Twin of may_wait.vot: what is sent is received by a call, where the other has a channel and a second fiber.
 */
#include "twin.h"

struct channel {
	int64_t checksum; /* of all that came, in its order */
};

RARE void send(struct channel *channel, int64_t value) {
	check_not_nil(channel);
	channel->checksum = (channel->checksum * 31 + value) & 0xffffff;
}

MEASURED int64_t step(struct channel *channel, int64_t x) {
	const int64_t value = (x * 1103515245 + 12345) & 0x7fffffff;
	if (__builtin_expect(!(value & 0xffff00), 0))
		send(channel, value);
	return value >> 8;
}

MEASURED int64_t mix(struct channel *channel, int64_t x, int64_t i) {
	const int64_t a = x ^ i, b = x + 7 * i;
	const int64_t c = step(channel, a);
	const int64_t d = step(channel, b + c);
	return ((a - c) ^ d) & 0xffffff;
}

MEASURED int64_t block(struct channel *channel, int64_t x, int64_t i) {
	for (int64_t j = 0; j < 1000; j++)
		x = mix(channel, x, i + j);
	return x;
}

int main(void) {
	struct channel *channel = new_object(sizeof *channel);
	int64_t x = 1;
	for (int64_t i = 0; i < SIZE; i++)
		x = block(channel, x, i);
	printf("may_wait %lld\n", (long long)(x ^ channel->checksum));
	free(channel);
	return 0;
}
