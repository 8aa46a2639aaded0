# Kling: its models over both dialects of its API.
file(GLOB kling_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/kling/*.c)
provider_plugin(kling ${kling_sources})
install(TARGETS plugin_kling LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
