# LLVM, as two targets: LLVM is the shared library, volt_llvm_code what libvolt-llvm gets LLVM's code from.
#
# The shared library has every target and tool in it, and 160,000 places to be relocated when it is opened: four fifths
# of the time until the first function is compiled. Linked statically, the tier has what it uses alone, all of it hidden,
# so that a host may use another LLVM.
set(VOLT_LLVM_LINKING auto CACHE STRING "How libvolt-llvm gets LLVM: static, shared, or auto (static where that can be)")
set_property(CACHE VOLT_LLVM_LINKING PROPERTY STRINGS auto static shared)
if(NOT VOLT_LLVM_LINKING MATCHES "^(auto|static|shared)$")
	message(FATAL_ERROR "VOLT_LLVM_LINKING is '${VOLT_LLVM_LINKING}': use auto, static or shared")
endif()

if(CMAKE_CROSSCOMPILING)
	# The library of the target; the headers are the same for all machines and come from the build machine's package.
	find_library(VOLT_LLVM_LIBRARY LLVM-${VOLT_LLVM_VERSION} REQUIRED)
	add_library(LLVM UNKNOWN IMPORTED)
	set_target_properties(LLVM PROPERTIES IMPORTED_LOCATION ${VOLT_LLVM_LIBRARY})
	set(LLVM_INCLUDE_DIRS /usr/lib/llvm-${VOLT_LLVM_VERSION}/include)
	set(llvm_is_missing "the libraries of the target machine")
else()
	# By folder and not by version number: LLVM's own version file accepts only the exact minor version.
	find_package(LLVM REQUIRED CONFIG NO_DEFAULT_PATH PATHS /usr/lib/llvm-${VOLT_LLVM_VERSION}/lib/cmake/llvm)
	set(llvm_components X86 AArch64 OrcJIT Passes)
	llvm_map_components_to_libnames(llvm_static_libraries ${llvm_components})
	set(llvm_is_missing)
	foreach(target ${llvm_static_libraries} ZLIB::ZLIB zstd::libzstd_shared)
		if(NOT TARGET ${target})
			string(APPEND llvm_is_missing " ${target}")
		endif()
	endforeach()
endif()
if(VOLT_LLVM_LINKING STREQUAL "static" AND llvm_is_missing)
	message(FATAL_ERROR "LLVM cannot be linked statically; missing: ${llvm_is_missing}")
endif()

add_library(volt_llvm_code INTERFACE)
if(VOLT_LLVM_LINKING STREQUAL "shared" OR llvm_is_missing)
	target_link_libraries(volt_llvm_code INTERFACE LLVM)
	message(STATUS "LLVM ${VOLT_LLVM_VERSION}: shared; for static linking it lacks: ${llvm_is_missing}")
else()
	include(CheckLinkerFlag)
	# LLVM's own list of what it needs names what only parts need that are left out. By its file: Volt needs no C++
	# compiler. Static, too, where it is installed: two thirds of opening would be looking up its symbols.
	execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libstdc++.a OUTPUT_VARIABLE llvm_cxx_library
		OUTPUT_STRIP_TRAILING_WHITESPACE)
	if(NOT EXISTS ${llvm_cxx_library})
		set(llvm_cxx_library -l:libstdc++.so.6)
	endif()
	target_link_libraries(volt_llvm_code INTERFACE -Wl,--as-needed ${llvm_static_libraries} ${llvm_cxx_library})
	target_link_options(volt_llvm_code INTERFACE -Wl,--exclude-libs,ALL -Wl,--gc-sections)
	check_linker_flag(C -Wl,-z,pack-relative-relocs VOLT_CAN_PACK_RELOCATIONS)
	if(VOLT_CAN_PACK_RELOCATIONS)
		target_link_options(volt_llvm_code INTERFACE -Wl,-z,pack-relative-relocs)
	endif()
	message(STATUS "LLVM ${LLVM_PACKAGE_VERSION}: static")
endif()
