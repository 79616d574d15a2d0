/* Package time: clocks and sleeping. */
#include <time.h>

#include "host.h"

static int64_t clock_now(const char *name) {
	return (int64_t)host_call(name, 1, NULL, 0).results[0];
}

START_TEST(clocks) {
	int64_t before = (int64_t)time(NULL);
	int64_t unix_time = clock_now("time_nowUnixNano");
	ck_assert_int_ge(unix_time / 1000000000, before - 1);
	ck_assert_int_le(unix_time / 1000000000, before + 60);
	int64_t first = clock_now("time_nowMonoNano");
	int64_t second = clock_now("time_nowMonoNano");
	ck_assert_int_ge(first, 0);
	ck_assert_int_ge(second, first);
	ck_assert_int_lt(second,
	                 INT64_C(3600) * 1000000000); /* since the first use, not since the machine started */
}
END_TEST

START_TEST(sleeping_waits_long_enough) {
	static const int64_t durations[] = {1, 999999, 1000000, 1500000, 5000000};
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		unsigned waits = host_waits();
		int64_t start = clock_now("time_nowMonoNano");
		host_outcome outcome = CALL("time_blocking_sleepNano", 0, (volt_slot)durations[i]);
		int64_t slept = clock_now("time_nowMonoNano") - start;
		ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
		ck_assert_uint_eq(host_waits(), waits + 1);
		ck_assert_msg(slept >= durations[i], "slept %lld of %lld", (long long)slept, (long long)durations[i]);
	}
}
END_TEST

START_TEST(no_time_is_no_wait) {
	ck_assert_int_eq(CALL("time_blocking_sleepNano", 0, 0).ended, VOLT_NATIVE_OK);
	ck_assert_int_eq(CALL("time_blocking_sleepNano", 0, (volt_slot)-1).ended, VOLT_NATIVE_OK);
	ck_assert_int_eq(CALL("time_blocking_sleepNano", 0, (volt_slot)INT64_MIN).ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(host_waits(), 0);
}
END_TEST

HOST_MAIN("time", clocks, sleeping_waits_long_enough, no_time_is_no_wait)
