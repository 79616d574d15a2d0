# Every library that Volt uses, as an imported target. README.md says why each is there.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(BDWGC REQUIRED IMPORTED_TARGET bdw-gc)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_library(LIBUNISTRING_LIBRARY unistring REQUIRED) # comes without a pkg-config file
find_path(LIBUNISTRING_INCLUDE_DIRECTORY unicase.h REQUIRED)
add_library(LIBUNISTRING::LIBUNISTRING UNKNOWN IMPORTED)
set_target_properties(LIBUNISTRING::LIBUNISTRING PROPERTIES IMPORTED_LOCATION ${LIBUNISTRING_LIBRARY}
	INTERFACE_INCLUDE_DIRECTORIES ${LIBUNISTRING_INCLUDE_DIRECTORY})
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
# For volt-count alone, which is built where they are there.
pkg_check_modules(UNICORN IMPORTED_TARGET unicorn>=2)
pkg_check_modules(LIBELF IMPORTED_TARGET libelf)
if(VOLT_LLVM)
	include(VoltLLVM)
endif()
