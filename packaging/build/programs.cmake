# The programs: gend, gen, and gen-media, which stands apart and links no floor above base.
foreach(pair "gend:daemon" "gen:cli")
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 program)
    list(GET pair 1 room)
    if(EXISTS ${CMAKE_SOURCE_DIR}/core/${room}/main.c)
        add_executable(${program} core/${room}/main.c)
        target_link_libraries(${program} PRIVATE gen_${room})
    endif()
endforeach()

file(GLOB media_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/media/*.c)
if(media_sources)
    pkg_check_modules(MEDIA REQUIRED IMPORTED_TARGET libavformat libavcodec libavutil libswscale
        libseccomp)
    add_executable(gen-media ${media_sources})
    target_include_directories(gen-media PRIVATE ${CMAKE_SOURCE_DIR}/core)
    target_link_libraries(gen-media PRIVATE gen_base PkgConfig::MEDIA)
endif()

# The SDK's own programs.
file(GLOB sdk_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/*/*.cmake)
foreach(list ${sdk_lists})
    include(${list})
endforeach()
