# `cmake --build build/release --target docs`: build/release/docs/html/index.html, the reference of the C interface.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_program(VOLT_DOXYGEN doxygen)
if(NOT VOLT_DOXYGEN)
	return()
endif()
configure_file(cmake/Doxyfile.in Doxyfile @ONLY)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/docs)
add_custom_target(docs COMMAND ${VOLT_DOXYGEN} Doxyfile WORKING_DIRECTORY ${CMAKE_BINARY_DIR} VERBATIM)
