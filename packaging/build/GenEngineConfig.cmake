# GenEngineConfig.cmake - find_package(GenEngine 1.0): the headers for provider plugins.
#
#   genengine_plugin(NAME SOURCE...)   builds NAME.so in the current binary folder
get_filename_component(GenEngine_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
find_path(GenEngine_INCLUDE_DIR gen/provider.h HINTS ${GenEngine_PREFIX}/include
    ${GenEngine_PREFIX}/../include)
if(NOT TARGET GenEngine::GenEngine)
    add_library(GenEngine::GenEngine INTERFACE IMPORTED)
    set_target_properties(GenEngine::GenEngine PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${GenEngine_INCLUDE_DIR}")
endif()

function(genengine_plugin name)
    add_library(${name} MODULE ${ARGN})
    set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden C_STANDARD 11)
    target_link_libraries(${name} PRIVATE GenEngine::GenEngine)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
endfunction()
