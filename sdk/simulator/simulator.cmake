# gen-sim: the providers' wire formats on loopback, for tests and for `gen up --sandbox`. A program of
# its own; of the core it takes base and platform, and no floor above.
file(GLOB simulator_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/simulator/*.c)
find_package(Threads REQUIRED)
pkg_check_modules(GNUTLS REQUIRED IMPORTED_TARGET gnutls) # rsa.c: keys of service accounts
add_executable(gen-sim ${simulator_sources})
target_include_directories(gen-sim PRIVATE ${CMAKE_SOURCE_DIR}/core ${CMAKE_SOURCE_DIR}/sdk)
target_link_libraries(gen-sim PRIVATE gen_platform Threads::Threads PkgConfig::GNUTLS)
