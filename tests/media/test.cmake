# gen-media: its rooms under criterion, the program itself on real files under bash.
file(GLOB media_rooms CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/media/*.c)
list(FILTER media_rooms EXCLUDE REGEX "/main\\.c$")
add_library(gen_media STATIC ${media_rooms})
target_include_directories(gen_media PUBLIC ${CMAKE_SOURCE_DIR}/core)
target_link_libraries(gen_media PUBLIC gen_base PkgConfig::MEDIA)

file(GLOB media_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/media/*_test.c)
foreach(source ${media_tests})
    get_filename_component(room ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" room ${room})
    add_executable(unit_media_${room} ${source})
    target_link_libraries(unit_media_${room} PRIVATE gen_media PkgConfig::CRITERION)
    target_compile_options(unit_media_${room} PRIVATE -Wno-missing-prototypes -Wno-conversion
        -Wno-write-strings)
    add_test(NAME media/${room} COMMAND unit_media_${room} --jobs 2)
    set_tests_properties(media/${room} PROPERTIES TIMEOUT 300
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endforeach()

foreach(name media launch)
    add_test(NAME media/${name}_program
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/media/${name}_test.sh $<TARGET_FILE:gen-media>)
    set_tests_properties(media/${name}_program PROPERTIES TIMEOUT 300
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endforeach()
