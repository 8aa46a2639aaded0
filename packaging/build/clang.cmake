# The second compiler: clang's warnings on everything, and the compile commands clang-tidy reads.
# Not sanitized; packaging/test.sh --all runs the tests of this build too.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g1" CACHE STRING "")
set(GEN_TESTS ON CACHE BOOL "")
