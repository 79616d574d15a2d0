# What `cmake --install` puts where: command, libraries, headers, man page, completion, and what embedding programs
# find Volt with (pkg-config and CMake).
include(CMakePackageConfigHelpers)

install(TARGETS volt-bytecode volt-runtime LIBRARY)
if(TARGET volt)
	install(TARGETS volt RUNTIME)
endif()
# Public headers, and what they include. tests/embed holds that none is missing and that each can stand alone.
set(public_headers bytecode.h vob.h vot.h verify.h vm.h call.h native.h tier.h)
set(included_headers error.h host_value.h value.h visibility.h opcodes.def traps.def)
list(TRANSFORM public_headers PREPEND runtime/include/volt/)
list(TRANSFORM included_headers PREPEND runtime/include/volt/)
install(FILES ${public_headers} ${included_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/volt)
install(FILES runtime/cli/volt.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES runtime/cli/volt-gdb.py DESTINATION ${CMAKE_INSTALL_DATADIR}/volt)
install(FILES runtime/cli/volt.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME volt)

file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(package volt volt-bytecode)
	configure_file(cmake/${package}.pc.in ${package}.pc @ONLY)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

configure_package_config_file(cmake/volt-config.cmake.in volt-config.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/volt
	PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(volt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/volt-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/volt-config-version.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/volt)
