# gen as its users run it: pages in step with the tables, gend up and down, jobs from brief to file.
if(TARGET gen AND TARGET gend AND TARGET gen-media AND TARGET plugin_local)
    foreach(name audit batch costs daemon expr hand invoice jobs key pages policy secret)
        add_test(NAME cli/${name}
            COMMAND bash ${CMAKE_SOURCE_DIR}/tests/cli/${name}_test.sh
                ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${CMAKE_SOURCE_DIR})
        set_tests_properties(cli/${name} PROPERTIES TIMEOUT 600
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
endif()
if(TARGET gen AND TARGET gen-trial)
    add_test(NAME cli/plugin COMMAND bash ${CMAKE_SOURCE_DIR}/tests/cli/plugin_test.sh
        ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${CMAKE_BINARY_DIR}/lib/contract/naughty)
    set_tests_properties(cli/plugin PROPERTIES TIMEOUT 300)
endif()
if(TARGET gen AND TARGET gend AND TARGET gen-sim)
    foreach(name attention sandbox)
        add_test(NAME cli/${name} COMMAND bash ${CMAKE_SOURCE_DIR}/tests/cli/${name}_test.sh
            ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${CMAKE_SOURCE_DIR})
        set_tests_properties(cli/${name} PROPERTIES TIMEOUT 600)
    endforeach()
endif()
