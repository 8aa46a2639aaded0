# What users run, nearly: optimised and not sanitized, each unit test under valgrind, which sees
# reads of uninitialised memory that AddressSanitizer does not.
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "")
# Optimised tests print numbers into small buffers; the release build judges the core without this.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g -Wno-format-truncation" CACHE STRING "")
set(GEN_TESTS ON CACHE BOOL "")
set(CMAKE_CROSSCOMPILING_EMULATOR
    "valgrind;--quiet;--error-exitcode=99;--leak-check=full;--show-leak-kinds=definite;--errors-for-leak-kinds=definite;--num-callers=25"
    CACHE STRING "")
