# Fuzzing: clang's libFuzzer with AddressSanitizer and UBSan. Build the target "fuzz"; packaging/fuzz.sh
# does both and runs them.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1" CACHE STRING "")
set(GEN_SANITIZE "address,undefined,fuzzer-no-link" CACHE STRING "")
set(GEN_FUZZ ON CACHE BOOL "")
set(GEN_TESTS ON CACHE BOOL "")
