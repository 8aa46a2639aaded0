# Threads: ThreadSanitizer, which cannot be combined with AddressSanitizer. clang's sees C11 atomics
# and pthread alike, and its runtime is newer than gcc 12's.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1" CACHE STRING "")
set(GEN_SANITIZE "thread" CACHE STRING "")
set(GEN_TESTS ON CACHE BOOL "")
