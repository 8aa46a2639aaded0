# Tests. tests/unit/<floor>/<room>_test.c becomes the program unit_<floor>_<room>; folders with a
# test.cmake of their own add what they need.
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)

# Leaks in criterion's forked tests print a report and pass, unless the report itself fails the test.
set(GEN_SANITIZER_REPORT
    "ERROR: AddressSanitizer;ERROR: LeakSanitizer;WARNING: ThreadSanitizer;runtime error:")
if(CMAKE_CROSSCOMPILING_EMULATOR MATCHES "valgrind")
    list(APPEND GEN_SANITIZER_REPORT "==[0-9]+== [^ ]") # the same for valgrind's reports
endif()
if(GEN_SANITIZE MATCHES "thread" OR CMAKE_CROSSCOMPILING_EMULATOR MATCHES "valgrind")
    # Criterion's own runner: ThreadSanitizer wants its addresses, valgrind drowns in its threads.
    target_sources(PkgConfig::CRITERION INTERFACE ${CMAKE_SOURCE_DIR}/tests/house/plain_runner.c)
endif()

function(unit_test floor source)
    get_filename_component(room ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" room ${room})
    set(target unit_${floor}_${room})
    add_executable(${target} ${source})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE gen_${floor} PkgConfig::CRITERION)
    if(floor STREQUAL "expr") # its test vectors are JSON
        target_link_libraries(${target} PRIVATE gen_platform)
    endif()
    target_compile_definitions(${target} PRIVATE
        GEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GEN_BUILD_DIR="${CMAKE_BINARY_DIR}")
    target_compile_options(${target} PRIVATE -Wno-missing-prototypes -Wno-conversion
        -Wno-write-strings -Wno-pedantic)
    add_test(NAME unit/${floor}/${room} COMMAND ${target} --jobs 1)
    set_tests_properties(unit/${floor}/${room} PROPERTIES TIMEOUT 300
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endfunction()

foreach(floor base model expr platform store policy host decide engine service daemon cli)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${floor}/*_test.c)
    foreach(source ${sources})
        unit_test(${floor} ${source})
    endforeach()
endforeach()

file(GLOB test_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/*/test.cmake)
foreach(list ${test_lists})
    include(${list})
endforeach()
