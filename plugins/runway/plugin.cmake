# Runway: its own and hosted video models, over its public API.
file(GLOB runway_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/runway/*.c)
provider_plugin(runway ${runway_sources})
install(TARGETS plugin_runway LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
