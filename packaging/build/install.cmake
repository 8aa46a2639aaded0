# Installed layout: programs, the helpers beside them, plugins, the SDK header, pages and completions.
foreach(program gend gen gen-sim)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()
if(TARGET gen-media)
    install(TARGETS gen-media RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/genengine)
endif()
install(DIRECTORY sdk/include/gen DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Where systemd looks, also under another prefix than its own.
configure_file(packaging/systemd/genengine.service.in ${CMAKE_BINARY_DIR}/genengine.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/genengine.service DESTINATION lib/systemd/system)
install(FILES packaging/man/gen.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES packaging/completion/gen.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME gen)
install(FILES packaging/completion/_gen DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES packaging/completion/gen.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# The policies that are in use where nobody wrote others. In a build tree gend finds the sources'.
if(EXISTS ${CMAKE_SOURCE_DIR}/policies)
    install(DIRECTORY policies DESTINATION ${CMAKE_INSTALL_DATADIR}/genengine)
endif()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/genengine)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/policies ${CMAKE_BINARY_DIR}/share/genengine/policies SYMBOLIC)

# For people who write plugins: headers (above), pkg-config, a CMake package, and the template.
include(CMakePackageConfigHelpers)
# Found where it is installed, whatever --prefix says then: as many steps up as its folder is deep.
string(REGEX REPLACE "[^/]+" ".." GENENGINE_PC_UP "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
configure_file(packaging/build/genengine.pc.in ${CMAKE_BINARY_DIR}/genengine.pc @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/GenEngineConfigVersion.cmake
    VERSION 1.0.0 COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/genengine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES packaging/build/GenEngineConfig.cmake
    ${CMAKE_BINARY_DIR}/GenEngineConfigVersion.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/GenEngine)
install(FILES sdk/simulator/sandbox.json DESTINATION ${CMAKE_INSTALL_DATADIR}/genengine)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/simulator/sandbox.json
    ${CMAKE_BINARY_DIR}/share/genengine/sandbox.json SYMBOLIC)
install(DIRECTORY sdk/template DESTINATION ${CMAKE_INSTALL_DATADIR}/genengine)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/template ${CMAKE_BINARY_DIR}/share/genengine/template
    SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/include ${CMAKE_BINARY_DIR}/include SYMBOLIC)
