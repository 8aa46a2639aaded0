# Threads: ThreadSanitizer, which cannot be combined with AddressSanitizer. clang's sees C11 atomics
# and pthread alike, and its runtime is newer than gcc 12's.
if(NOT PROJECT_NAME)
    set(CMAKE_C_COMPILER clang CACHE STRING "")
    set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
    set(CMAKE_C_FLAGS_DEBUG "-O1 -g1" CACHE STRING "")
    set(GEN_SANITIZE "thread" CACHE STRING "")
    set(GEN_TESTS ON CACHE BOOL "")
    set(CMAKE_PROJECT_INCLUDE ${CMAKE_CURRENT_LIST_FILE} CACHE FILEPATH "")
else()
    # Read once more by project(): every program takes along what is not to be reported, and why.
    add_library(tsan_suppressions OBJECT ${CMAKE_SOURCE_DIR}/tests/house/tsan.c)
    link_libraries(tsan_suppressions)
endif()
