# Plugins: one shared object each, standing on the SDK header alone. They land in lib/plugins of the
# build, which is where a daemon run from the build looks first.
function(provider_plugin name)
    add_library(plugin_${name} MODULE ${ARGN})
    set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/plugins C_VISIBILITY_PRESET hidden)
    target_include_directories(plugin_${name} PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
    if(GEN_SANITIZE MATCHES "thread") # gen-trial, which loads it, is built without
        target_compile_options(plugin_${name} PRIVATE -fno-sanitize=thread)
    endif()
    if(NOT GEN_SANITIZE)
        target_link_options(plugin_${name} PRIVATE -Wl,-z,defs)
    endif()
endfunction()

file(GLOB plugin_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/*/plugin.cmake)
foreach(list ${plugin_lists})
    include(${list})
endforeach()
