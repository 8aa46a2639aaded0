# Everyday build: debug, AddressSanitizer and UBSan, all tests.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(GEN_SANITIZE "address,undefined" CACHE STRING "")
set(GEN_TESTS ON CACHE BOOL "")
