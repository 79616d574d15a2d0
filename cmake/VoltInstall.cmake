# What `cmake --install` puts where: command, libraries, headers, man page, completion, and what embedding programs
# find Volt with (pkg-config and CMake).
include(CMakePackageConfigHelpers)

# The components are packages: VoltPackages.cmake.
install(TARGETS volt-bytecode volt-runtime volt-bytecode-static volt-runtime-static
	LIBRARY COMPONENT libvolt0 NAMELINK_COMPONENT libvolt-dev ARCHIVE COMPONENT libvolt-dev)
if(TARGET volt-llvm)
	install(TARGETS volt-llvm LIBRARY COMPONENT libvolt-llvm0 NAMELINK_COMPONENT libvolt-dev)
	install(FILES backend-llvm/include/volt/llvm.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/volt COMPONENT libvolt-dev)
endif()
if(TARGET volt)
	install(TARGETS volt RUNTIME COMPONENT volt)
endif()
# Public headers, and what they include. tests/embed holds that none is missing and that each can stand alone.
set(public_headers bytecode.h vob.h vot.h verify.h vm.h call.h native.h tier.h)
set(included_headers error.h host_value.h value.h visibility.h opcodes.def traps.def)
list(TRANSFORM public_headers PREPEND runtime/include/volt/)
list(TRANSFORM included_headers PREPEND runtime/include/volt/)
install(FILES ${public_headers} ${included_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/volt COMPONENT libvolt-dev)
install(FILES runtime/cli/volt.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT volt)
install(FILES runtime/cli/volt-embed.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 COMPONENT libvolt-dev)
install(FILES runtime/cli/volt-gdb.py DESTINATION ${CMAKE_INSTALL_DATADIR}/volt COMPONENT volt)
install(FILES runtime/cli/volt.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME volt
	COMPONENT volt)

file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(packages volt volt-bytecode)
if(TARGET volt-llvm)
	list(APPEND packages volt-llvm)
endif()
foreach(package ${packages})
	configure_file(cmake/${package}.pc.in ${package}.pc @ONLY)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
		COMPONENT libvolt-dev)
endforeach()

configure_package_config_file(cmake/volt-config.cmake.in volt-config.cmake
	INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/volt
	PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(volt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/volt-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/volt-config-version.cmake
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/volt COMPONENT libvolt-dev)
