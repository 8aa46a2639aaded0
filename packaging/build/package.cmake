# A Debian package of what is installed: cpack -G DEB in the build folder. The libraries that the programs
# link are found by dpkg-shlibdeps, so that none is forgotten; here stand only programs and data they use.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME genengine)
set(CPACK_PACKAGE_VENDOR "Generation Engine")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "renders video ads through several providers, within budgets")
set(CPACK_PACKAGE_CONTACT "Generation Engine <maintainers@genengine.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "ca-certificates, tzdata, ffmpeg, espeak-ng, fonts-inter, fonts-noto-core, fonts-noto-cjk, "
    "fonts-noto-color-emoji")
include(CPack)
