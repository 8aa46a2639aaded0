# The local renderer: the plugin, and gen-typeset, the program of its RUN steps that lays out text.
file(GLOB local_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/local/*.c)
file(GLOB local_typeset_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/local/typeset/*.c)
pkg_check_modules(LOCAL_TYPESET REQUIRED IMPORTED_TARGET pangocairo fontconfig jansson)

if(local_sources)
    provider_plugin(local ${local_sources})
    install(TARGETS plugin_local LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
endif()

add_executable(gen-typeset ${local_typeset_sources})
target_link_libraries(gen-typeset PRIVATE PkgConfig::LOCAL_TYPESET m)
install(TARGETS gen-typeset RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/genengine)

if(GEN_TESTS)
    file(GLOB local_drive_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/contract/local/*.c)
    add_executable(local-drive ${local_drive_sources})
    target_include_directories(local-drive PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
    target_link_libraries(local-drive PRIVATE PkgConfig::LOCAL_TYPESET ${CMAKE_DL_LIBS})
    add_dependencies(local-drive plugin_local gen-typeset)
    foreach(test render typeset)
        add_test(NAME plugins/local/${test}
            COMMAND ${CMAKE_SOURCE_DIR}/tests/contract/local/${test}_test.sh
                ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/lib/plugins/local.so)
        set_tests_properties(plugins/local/${test} PROPERTIES TIMEOUT 120
            FAIL_REGULAR_EXPRESSION
            "ERROR: AddressSanitizer;ERROR: LeakSanitizer;runtime error:")
    endforeach()
endif()
