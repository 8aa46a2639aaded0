# HeyGen: presenters who speak, over its v3 API.
file(GLOB heygen_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/heygen/*.c)
provider_plugin(heygen ${heygen_sources})
install(TARGETS plugin_heygen LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
