/* FileInfo and file modes. */
#include "extern/os/file_status.h"

#include "extern/os/system_errors.h"

enum { PERMISSION_BITS = 0777 };

static const struct {
	uint32_t seen;
	mode_t host;
} mode_bits[] = {
    {1u << 23, S_ISUID},
    {1u << 22, S_ISGID},
    {1u << 20, S_ISVTX},
};

static uint32_t type_bits(mode_t mode) {
	switch (mode & S_IFMT) {
	case S_IFDIR: return 1u << 31;
	case S_IFLNK: return 1u << 27;
	case S_IFBLK: return 1u << 26;
	case S_IFCHR: return 1u << 26 | 1u << 21;
	case S_IFIFO: return 1u << 25;
	case S_IFSOCK: return 1u << 24;
	case S_IFREG: return 0;
	default: return 1u << 19;
	}
}

uint32_t file_mode_from_host(mode_t mode) {
	uint32_t seen = (mode & PERMISSION_BITS) | type_bits(mode);
	for (size_t i = 0; i < sizeof mode_bits / sizeof *mode_bits; i++)
		seen |= mode & mode_bits[i].host ? mode_bits[i].seen : 0;
	return seen;
}

mode_t file_mode_to_host(uint64_t mode) {
	mode_t host = mode & PERMISSION_BITS;
	for (size_t i = 0; i < sizeof mode_bits / sizeof *mode_bits; i++)
		host |= mode & mode_bits[i].seen ? mode_bits[i].host : 0;
	return host;
}

volt_native_result file_status_return(volt_native_call *call, string_view name, const struct stat *status,
                                      int error) {
	if (error != 0) {
		for (uint32_t i = 0; i < FILE_INFO_SLOTS; i++)
			native_set(call, i, 0);
	} else {
		native_set_string(call, 0, name.bytes, name.length);
		native_set_int(call, 1, status->st_size);
		native_set(call, 2, file_mode_from_host(status->st_mode));
		native_set_int(call, 3, status->st_mtim.tv_sec);
		native_set_bool(call, 4, S_ISDIR(status->st_mode));
	}
	os_set_error(call, FILE_INFO_SLOTS, error);
	return VOLT_NATIVE_OK;
}
