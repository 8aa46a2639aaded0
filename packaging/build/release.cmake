# What users run: optimised, hardened, no tests.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1" CACHE STRING "")
set(GEN_TESTS OFF CACHE BOOL "")
