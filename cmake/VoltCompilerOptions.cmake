# What every target of this project is compiled with. Targets link volt_options to get it.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # computed goto and statement attributes
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(volt_options INTERFACE)
target_compile_definitions(volt_options INTERFACE _GNU_SOURCE)
target_compile_options(volt_options INTERFACE -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wshadow
	-fno-semantic-interposition)
# A row of a table that lacks its case is an error that names it. So is, for Clang, a table that no list has in it.
target_compile_options(volt_options INTERFACE -Werror=switch
	$<$<C_COMPILER_ID:Clang>:-Werror=missing-variable-declarations>)
# Where the machine can multiply and add in one step, GCC would do it, and round once where others round twice.
target_compile_options(volt_options INTERFACE -ffp-contract=off)
if(VOLT_WERROR)
	target_compile_options(volt_options INTERFACE -Werror)
endif()
# What a library needs it names itself. Clang leaves the sanitizers' own symbols to the command.
if(NOT VOLT_SANITIZE OR CMAKE_C_COMPILER_ID STREQUAL "GNU")
	string(APPEND CMAKE_SHARED_LINKER_FLAGS " -Wl,-z,defs")
	string(APPEND CMAKE_MODULE_LINKER_FLAGS " -Wl,-z,defs")
endif()
# What a shared library exports, and the version of the interface that it is: symbols.map.in. A program that was linked
# with another one is told so when it starts.
function(volt_version_symbols library)
	set(script ${CMAKE_BINARY_DIR}/symbols.map)
	configure_file(${CMAKE_SOURCE_DIR}/cmake/symbols.map.in ${script} @ONLY)
	target_link_options(${library} PRIVATE -Wl,--version-script=${script})
	set_target_properties(${library} PROPERTIES LINK_DEPENDS ${script})
	# What is to be replaced when it is installed, CMake pads with empty parts, and these mean the current folder.
	set_target_properties(${library} PROPERTIES BUILD_WITH_INSTALL_RPATH ON)
endfunction()
if(VOLT_SANITIZE)
	target_compile_options(volt_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(volt_options INTERFACE -fsanitize=address,undefined)
	# The collector looks for references on stacks: none of their variables may lie elsewhere, as Clang's do by default.
	if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
		target_compile_options(volt_options INTERFACE -fsanitize-address-use-after-return=never)
	else()
		target_compile_options(volt_options INTERFACE --param=asan-use-after-return=0)
	endif()
endif()
