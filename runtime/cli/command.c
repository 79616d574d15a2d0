/* From errors of the library to messages and exit statuses. */
#include "cli/command.h"

#include <stdio.h>

static cli_status status_of_kind(volt_error_kind kind) {
	switch (kind) {
	case VOLT_ERROR_NONE: return CLI_OK;
	case VOLT_ERROR_FILE:
	case VOLT_ERROR_FORMAT:
	case VOLT_ERROR_VERIFY:
	case VOLT_ERROR_LINK: return CLI_BAD_FILE;
	case VOLT_ERROR_ARGUMENT:
	case VOLT_ERROR_TIER: return CLI_USAGE;
	case VOLT_ERROR_MEMORY:
	case VOLT_ERROR_LIMIT:
	case VOLT_ERROR_PANIC:
	case VOLT_ERROR_INTERRUPTED:
	case VOLT_ERROR_EXIT:
	case VOLT_ERROR_DEADLOCK: return CLI_FAILED;
	}
	return CLI_FAILED;
}

int cli_report_as(volt_error *error, cli_status status) {
	fprintf(stderr, "volt: %s\n", volt_error_message(error));
	volt_error_free(error);
	return status;
}

int cli_report(volt_error *error) {
	return cli_report_as(error, status_of_kind(volt_error_get_kind(error)));
}
