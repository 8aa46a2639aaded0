# A real gend over its sockets: against docs/openapi.yaml, against the promises of the API.
file(GLOB api_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/api/*_test.c)
if(TARGET gend)
    add_library(api_house STATIC ${CMAKE_SOURCE_DIR}/tests/api/house.c
        ${CMAKE_SOURCE_DIR}/tests/api/schema.c)
    target_link_libraries(api_house PUBLIC gen_service PkgConfig::CRITERION)
    target_include_directories(api_house PUBLIC ${CMAKE_SOURCE_DIR}/tests/api)
    target_compile_definitions(api_house PUBLIC
        GEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GEN_BUILD_DIR="${CMAKE_BINARY_DIR}")
    foreach(source ${api_tests})
        get_filename_component(name ${source} NAME_WE)
        string(REGEX REPLACE "_test$" "" name ${name})
        set(target api_${name})
        add_executable(${target} ${source})
        target_link_libraries(${target} PRIVATE api_house)
        target_compile_options(${target} PRIVATE -Wno-missing-prototypes -Wno-conversion
            -Wno-missing-field-initializers)
        add_dependencies(${target} gend gen-media gen-trial contract_fake)
        add_test(NAME api/${name} COMMAND ${target} --jobs 1)
        set_tests_properties(api/${name} PROPERTIES TIMEOUT 300
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
endif()
