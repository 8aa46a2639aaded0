# Fuzz targets. tests/fuzz/<name>_fuzz.c holds LLVMFuzzerTestOneInput; it is linked with the floors
# that its include lines name, and with those of a line  /* fuzz-links: store host */  if it has one.
# With GEN_FUZZ it becomes build/.../fuzz/<name> on libFuzzer (target "fuzz" builds them all; see
# packaging/fuzz.sh). Without, tests/fuzz/replay.c runs the corpus through it: ctest's fuzz/<name>.
# Inputs stand in tests/fuzz/corpus/<name>/ (none: the test fails); one that once failed is kept there
# for good. tests/fuzz/<name>.dict, where there is one, is libFuzzer's dictionary. A line
#   /* fuzz-runs: 150000 */  is how many inputs packaging/fuzz.sh --fixed tries: some 4 seconds' worth.
if(GEN_FUZZ)
    add_custom_target(fuzz)
endif()

function(fuzz_target source)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_fuzz$" "" name ${name})
    set(floors)
    file(STRINGS ${source} lines REGEX "^#include \"[a-z]+/|fuzz-links:")
    foreach(line ${lines})
        if(line MATCHES "fuzz-links: ([a-z ]+[a-z])")
            string(REPLACE " " ";" named ${CMAKE_MATCH_1})
            list(APPEND floors ${named})
        elseif(line MATCHES "\"([a-z]+)/")
            list(APPEND floors ${CMAKE_MATCH_1})
        endif()
    endforeach()
    list(REMOVE_DUPLICATES floors)
    set(corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})

    set(target fuzz_${name})
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    target_compile_options(${target} PRIVATE -Wno-missing-prototypes)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/core
        ${CMAKE_SOURCE_DIR}/sdk/include)
    foreach(floor ${floors})
        target_link_libraries(${target} PRIVATE gen_${floor})
    endforeach()
    if(GEN_FUZZ)
        target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/steady.c)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        add_dependencies(fuzz ${target})
        add_test(NAME fuzz/${name} COMMAND ${target} -runs=0 ${corpus})
    else()
        target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
        add_test(NAME fuzz/${name} COMMAND ${target} ${corpus})
    endif()
    set_tests_properties(fuzz/${name} PROPERTIES TIMEOUT 120
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endfunction()

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.c)
foreach(source ${fuzz_sources})
    fuzz_target(${source})
endforeach()
