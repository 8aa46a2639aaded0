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
