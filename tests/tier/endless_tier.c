/* A tier that never gets done with the first function that it is asked for. */
#include <stdlib.h>
#include <time.h>

#include "volt/tier.h"

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **tier) {
	(void)host, (void)module, (void)options;
	*tier = NULL;
	return NULL;
}

static void destroy(volt_tier *tier) {
	(void)tier;
}

_Noreturn static void work_for_ever(void) {
	for (;;)
		nanosleep(&(struct timespec){.tv_sec = 3600}, NULL);
}

static volt_error *compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled) {
	(void)tier, (void)request, (void)compiled;
	work_for_ever();
}

static volt_error *compile_module(volt_tier *tier, volt_compiled *compiled) {
	(void)tier, (void)compiled;
	work_for_ever();
}

static const volt_tier_interface interface = {
    .abi_version = VOLT_TIER_ABI_VERSION,
    .name = "endless",
    .create = create,
    .destroy = destroy,
    .compile_module = compile_module,
    .compile = compile,
};

__attribute__((visibility("default"))) const volt_tier_interface *volt_tier_get_interface(void);

const volt_tier_interface *volt_tier_get_interface(void) {
	return &interface;
}
