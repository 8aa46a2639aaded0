# Providers by description: one plugin, as many providers as policy files that say `plugin: rest`.
file(GLOB rest_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/rest/*.c)
provider_plugin(rest ${rest_sources})
install(TARGETS plugin_rest LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
