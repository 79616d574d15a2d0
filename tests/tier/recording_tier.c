/* A tier that compiles nothing and remembers what it was asked for. */
#include "recording_tier.h"

#include <stdlib.h>
#include <string.h>

struct volt_tier {
	const volt_module *module;
};

__attribute__((visibility("default"))) extern tier_record tier_record_of_run;
tier_record tier_record_of_run;

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **tier) {
	(void)host;
	(void)options;
	*tier = malloc(sizeof **tier);
	(*tier)->module = module;
	return NULL;
}

static void destroy(volt_tier *tier) {
	free(tier);
}

static volt_error *compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled) {
	tier_record *record = &tier_record_of_run;
	if (record->count < RECORDED_REQUESTS) {
		recorded_request *recorded = &record->requests[record->count++];
		*recorded = (recorded_request){request->function, request->form, request->level, NULL};
		size_t bytes = tier->module->functions.items[request->function].code.count * sizeof *request->profile;
		if (request->profile)
			recorded->profile = memcpy(malloc(bytes), request->profile, bytes);
	}
	*compiled = (volt_compiled){.reason = "recorded"};
	return NULL;
}

static const volt_tier_interface interface = {
    .abi_version = VOLT_TIER_ABI_VERSION,
    .name = "recording",
    .create = create,
    .destroy = destroy,
    .compile = compile,
};

__attribute__((visibility("default"))) const volt_tier_interface *volt_tier_get_interface(void);

const volt_tier_interface *volt_tier_get_interface(void) {
	return &interface;
}
