# `cpack --config build/release/CPackConfig.cmake -B FOLDER`: Debian packages, one for each component of VoltInstall.cmake.
# `cpack --config build/release/CPackSourceConfig.cmake -B FOLDER`: the sources.
if(CMAKE_CROSSCOMPILING OR NOT TARGET volt OR NOT TARGET volt-llvm)
	return()
endif()

set(VOLT_MAINTAINER "The Volt authors <volt@localhost.localdomain>" CACHE STRING "Who answers for the packages")

# ---- What Debian wants beside a package's files ----

set(debian ${CMAKE_BINARY_DIR}/debian)
set(packages libvolt0 libvolt-llvm0 libvolt-dev volt)
find_program(VOLT_GZIP gzip REQUIRED)
configure_file(cmake/debian/copyright.in ${debian}/copyright @ONLY)
configure_file(cmake/debian/changelog.in ${debian}/changelog @ONLY)
execute_process(COMMAND ${VOLT_GZIP} -9nf ${debian}/changelog COMMAND_ERROR_IS_FATAL ANY)
foreach(package ${packages})
	install(FILES ${debian}/copyright ${debian}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
		COMPONENT ${package} EXCLUDE_FROM_ALL)
endforeach()
# One package for two libraries of which one is of no use without the other, and which change together.
file(WRITE ${debian}/libvolt0 "libvolt0: package-name-doesnt-match-sonames\nlibvolt0: maintscript-calls-ldconfig\n")
# Not for several architectures at once: the libraries are in /usr/lib, and so is what describes them.
file(WRITE ${debian}/libvolt-dev "libvolt-dev: pkg-config-unavailable-for-cross-compilation\n")
# The two symbols that gdb looks for are left: finish.cmake. That CPack calls ldconfig beside the trigger does no harm.
file(WRITE ${debian}/libvolt-llvm0 "libvolt-llvm0: unstripped-binary-or-object\nlibvolt-llvm0: maintscript-calls-ldconfig\n")
foreach(package libvolt0 libvolt-llvm0 libvolt-dev)
	install(FILES ${debian}/${package} DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${package}
		EXCLUDE_FROM_ALL)
endforeach()

# ---- Packages ----

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME volt)
set(CPACK_PACKAGE_VENDOR "The Volt authors")
set(CPACK_PACKAGE_CONTACT ${VOLT_MAINTAINER})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/debian/prefix.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debian/finish.cmake)
set(CPACK_COMPONENTS_ALL ${packages})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

function(volt_package name section summary description)
	string(TOUPPER ${name} upper)
	set(CPACK_COMPONENT_${upper}_DESCRIPTION "${summary}\n${description}" PARENT_SCOPE)
	set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
	set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
	set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${description}" PARENT_SCOPE)
endfunction()

set(same_version "(= ${PROJECT_VERSION})")
volt_package(libvolt0 libs "virtual machine for Vo bytecode, libraries"
	"libvolt-bytecode reads, writes and verifies modules; libvolt-runtime runs\nthem. What gets hot is compiled where libvolt-llvm0 is installed.")
volt_package(libvolt-llvm0 libs "compiler for Vo bytecode, library"
	"libvolt-llvm compiles Vo bytecode with LLVM, for libvolt-runtime and for\nother virtual machines.")
volt_package(libvolt-dev libdevel "virtual machine for Vo bytecode, development files"
	"Headers, the pages that they name, static libraries, and what pkg-config\nand CMake need to find them.")
volt_package(volt interpreters "virtual machine for Vo bytecode"
	"The command volt runs programs in Vo bytecode, compiles what gets hot,\nand shows what the compiler makes of them.")

foreach(package LIBVOLT0 LIBVOLT-LLVM0 VOLT)
	set(CPACK_DEBIAN_${package}_PACKAGE_SHLIBDEPS ON)
endforeach()
# Which package a program needs that was linked with a library, and that the loader's cache is to be made anew.
function(volt_library_package name)
	file(WRITE ${debian}/${name}.d/triggers "activate-noawait ldconfig\n")
	file(WRITE ${debian}/${name}.d/shlibs "")
	foreach(library ${ARGN})
		file(APPEND ${debian}/${name}.d/shlibs "${library} 0 ${name} (>= ${PROJECT_VERSION})\n")
	endforeach()
	string(TOUPPER ${name} upper)
	set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${debian}/${name}.d/triggers ${debian}/${name}.d/shlibs PARENT_SCOPE)
endfunction()
volt_library_package(libvolt0 libvolt-bytecode libvolt-runtime)
volt_library_package(libvolt-llvm0 libvolt-llvm)
set(CPACK_DEBIAN_LIBVOLT0_PACKAGE_SUGGESTS libvolt-llvm0)
set(CPACK_DEBIAN_LIBVOLT-LLVM0_PACKAGE_DEPENDS "libvolt0 ${same_version}")
set(CPACK_DEBIAN_LIBVOLT-DEV_PACKAGE_DEPENDS
	"libvolt0 ${same_version}, libvolt-llvm0 ${same_version}, libgc-dev, libuv1-dev, libjansson-dev, libxxhash-dev, libunistring-dev")
set(CPACK_DEBIAN_VOLT_PACKAGE_DEPENDS "libvolt0 ${same_version}")
set(CPACK_DEBIAN_VOLT_PACKAGE_RECOMMENDS "libvolt-llvm0 ${same_version}")

# ---- Sources ----

set(CPACK_SOURCE_GENERATOR TXZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME volt-${PROJECT_VERSION})
set(CPACK_SOURCE_IGNORE_FILES "^${CMAKE_SOURCE_DIR}/build/;^${CMAKE_SOURCE_DIR}/\\\\.git(/|$);/__pycache__/")
include(CPack)
