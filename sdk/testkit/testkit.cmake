# gen-trial: tries a plugin out in a confined child process (sdk/testkit). It stands beside gend, on
# core/host.
file(GLOB testkit_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/testkit/*.c)
pkg_check_modules(TESTKIT REQUIRED IMPORTED_TARGET libseccomp)
add_executable(gen-trial ${testkit_sources})
target_include_directories(gen-trial PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
target_link_libraries(gen-trial PRIVATE gen_host PkgConfig::TESTKIT)
install(TARGETS gen-trial RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/genengine)
