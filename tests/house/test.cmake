# The habits of the house, each a script that reads the tree; selftest proves that each can fail.
find_program(PERL perl REQUIRED)
find_program(CLANG clang)
set(house_compilers gcc)
if(CLANG)
    string(APPEND house_compilers ",clang")
endif()

function(house_test name)
    add_test(NAME house/${name} COMMAND ${PERL} tests/house/${name}.pl ${ARGN}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(house/${name} PROPERTIES TIMEOUT 300)
endfunction()

house_test(floors)
house_test(rooms)
house_test(calls)
house_test(map)
house_test(format)
house_test(text)
house_test(headers --compilers=${house_compilers}
    --packages=libuv,libcurl,libmicrohttpd,jansson,yaml-0.1,libsodium,libseccomp,sqlite3,libavformat,libavcodec,libavutil,libswscale)
house_test(selftest)

# The sanitizers are only worth something if what they say fails a test. Criterion runs a test in a
# child whose report does not fail it; FAIL_REGULAR_EXPRESSION does. These tests do wrong on purpose:
# the first of each pair must be failed by the expression, the second must print the report.
function(house_wrong name report)
    add_executable(house_${name} tests/house/wrong/${name}.c)
    target_link_libraries(house_${name} PRIVATE PkgConfig::CRITERION)
    target_compile_options(house_${name} PRIVATE -Wno-missing-prototypes -Wno-conversion)
    add_test(NAME house/${name}_fails COMMAND house_${name})
    set_tests_properties(house/${name}_fails PROPERTIES TIMEOUT 60 WILL_FAIL ON
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    add_test(NAME house/${name}_reports COMMAND house_${name})
    set_tests_properties(house/${name}_reports PROPERTIES TIMEOUT 60
        PASS_REGULAR_EXPRESSION "${report}")
endfunction()

if(GEN_SANITIZE MATCHES "address")
    house_wrong(leak "ERROR: LeakSanitizer")
    house_wrong(overrun "ERROR: AddressSanitizer")
endif()
if(GEN_SANITIZE MATCHES "undefined")
    house_wrong(overflow "runtime error: signed integer overflow")
endif()
if(CMAKE_CROSSCOMPILING_EMULATOR MATCHES "valgrind")
    house_wrong(unset "uninitialised value")
endif()
if(GEN_SANITIZE MATCHES "thread")
    house_wrong(race "WARNING: ThreadSanitizer")
endif()
