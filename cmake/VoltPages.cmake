# Installs the pages that public headers name, side by side, where their links to each other and to headers lead; what is
# in the sources alone is said to be there.
set(pages
	runtime/bytecode/SPECIFICATION.md SPECIFICATION.md
	runtime/bytecode/README.md BYTECODE.md
	runtime/interpreter/SEMANTICS.md SEMANTICS.md
	runtime/extern/NATIVES.md NATIVES.md
	runtime/DIFFERENCES.md DIFFERENCES.md
	backend-llvm/EMBEDDING.md EMBEDDING.md
	runtime/tier/README.md TIER.md)
set(header_folders runtime/include/volt backend-llvm/include/volt)
file(RELATIVE_PATH headers_from_pages /${CMAKE_INSTALL_DATADIR}/doc/volt /${CMAKE_INSTALL_INCLUDEDIR}/volt)

# "](FROM" becomes "](@TO" in the page: links that lead somewhere are marked until all others are text.
function(volt_redirect_links variable folder from to)
	file(RELATIVE_PATH relative ${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_SOURCE_DIR}/${from})
	string(REPLACE "](${relative}" "](@${to}" changed "${${variable}}")
	set(${variable} "${changed}" PARENT_SCOPE)
endfunction()

function(volt_write_page source name)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${source})
	file(READ ${CMAKE_SOURCE_DIR}/${source} text)
	get_filename_component(folder ${source} DIRECTORY)
	set(others ${pages})
	while(others)
		list(POP_FRONT others other other_name)
		volt_redirect_links(text ${folder} ${other} ${other_name})
	endwhile()
	foreach(headers ${header_folders})
		volt_redirect_links(text ${folder} ${headers} ${headers_from_pages})
	endforeach()
	string(REGEX REPLACE "\\[([^]]*)\\]\\(([^]@#:()]+)(#[^)]*)?\\)" "\\1 (`\\2` in the sources)" text "${text}")
	string(REPLACE "](@" "](" text "${text}")
	file(WRITE ${CMAKE_BINARY_DIR}/pages/${name}
		"${text}\n---\nThis is `${source}` of Volt's sources, from where names of other files lead.\n")
endfunction()

set(written ${pages})
while(written)
	list(POP_FRONT written source name)
	volt_write_page(${source} ${name})
	install(FILES ${CMAKE_BINARY_DIR}/pages/${name} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/volt COMPONENT libvolt-dev)
endwhile()
