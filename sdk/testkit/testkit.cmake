# gen-trial: tries a plugin out in a confined child process (sdk/testkit). It stands beside gend, on
# core/host.
file(GLOB testkit_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/testkit/*.c)
pkg_check_modules(TESTKIT REQUIRED IMPORTED_TARGET libseccomp)
add_executable(gen-trial ${testkit_sources})
target_include_directories(gen-trial PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
if(GEN_SANITIZE MATCHES "thread")
    # ThreadSanitizer's runtime asks for the time on its own, which a trial forbids; one thread needs
    # no watching. The floors below are built once more without it.
    file(GLOB testkit_floors CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/base/*.c
        ${CMAKE_SOURCE_DIR}/core/model/*.c ${CMAKE_SOURCE_DIR}/core/platform/*.c
        ${CMAKE_SOURCE_DIR}/core/host/*.c)
    target_sources(gen-trial PRIVATE ${testkit_floors})
    target_include_directories(gen-trial PRIVATE ${CMAKE_SOURCE_DIR}/core)
    target_compile_options(gen-trial PRIVATE -fno-sanitize=thread)
    target_link_options(gen-trial PRIVATE -fno-sanitize=thread)
    target_link_libraries(gen-trial PRIVATE PkgConfig::PKG_platform PkgConfig::TESTKIT m
        ${CMAKE_DL_LIBS})
else()
    target_link_libraries(gen-trial PRIVATE gen_host PkgConfig::TESTKIT)
endif()
# Plugins must find our getenv before that of the C library.
target_link_options(gen-trial PRIVATE -Wl,--export-dynamic-symbol=getenv
    -Wl,--export-dynamic-symbol=secure_getenv)
install(TARGETS gen-trial RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/genengine)
