# Which lines the tests reach: configure, build, run ctest, then
#   gcovr -r . --filter core/ --filter plugins/ build/coverage        (Debian package gcovr)
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS "--coverage" CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g" CACHE STRING "")
set(GEN_TESTS ON CACHE BOOL "")
