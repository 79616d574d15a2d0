# Tests of a build for another machine, which the emulator of the toolchain file runs. Executables that are the COMMAND of
# a test are started by it anyway, the interpreter of Python too if it were named as a target: tests name it by
# ${Python3_EXECUTABLE}. What follows is for everything else.

# An emulated machine is slow, and LLVM under it more so.
if(CMAKE_CROSSCOMPILING)
	set(VOLT_TEST_SLOWNESS 10)
	add_compile_definitions(VOLT_TEST_EMULATED)
else()
	set(VOLT_TEST_SLOWNESS 1)
endif()

# How many seconds a test may take on a machine of this kind that is not emulated.
function(volt_test_seconds test seconds)
	math(EXPR limit "${seconds} * ${VOLT_TEST_SLOWNESS}")
	set_tests_properties(${test} PROPERTIES TIMEOUT ${limit})
endfunction()

# How a test starts an executable of this build: by its path, or by that of a script which starts the emulator.
function(volt_test_command target result)
	if(NOT CMAKE_CROSSCOMPILING)
		set(${result} $<TARGET_FILE:${target}> PARENT_SCOPE)
		return()
	endif()
	list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
	set(script ${CMAKE_BINARY_DIR}/tests/emulated/${target})
	file(GENERATE OUTPUT ${script} CONTENT "#!/bin/sh\nexec ${emulator} '$<TARGET_FILE:${target}>' \"$@\"\n"
		FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
	set(${result} ${script} PARENT_SCOPE)
endfunction()

# A test that cannot run here: it is counted as skipped, and says why.
function(volt_skip_test name reason)
	add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: ${reason}\n0 passed, 0 failed, 1 skipped")
endfunction()
