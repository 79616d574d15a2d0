# Where a package's files go; an archive of sources has a folder of its own.
if(CPACK_GENERATOR STREQUAL "DEB")
	set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
