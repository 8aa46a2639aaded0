# Google: Gemini Omni on the Interactions API, Veo 3.1 on Vertex AI.
file(GLOB veo_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/veo/*.c)
provider_plugin(veo ${veo_sources})
install(TARGETS plugin_veo LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/genengine/plugins)
