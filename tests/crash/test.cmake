# A real gend against a strict vendor: killed at random and at named stages, then the books are
# compared; and situations that every machine meets once. Needs gend, gen-media, fake.so, ffmpeg.
if(TARGET gend AND TARGET gen-media AND TARGET contract_fake)
    find_package(Threads REQUIRED)
    file(GLOB crash_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/crash/*.c)
    add_executable(crash_run ${crash_sources})
    set_target_properties(crash_run PROPERTIES OUTPUT_NAME run
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/crash)
    target_include_directories(crash_run PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(crash_run PRIVATE gen_store Threads::Threads)
    target_compile_definitions(crash_run PRIVATE CRASH_GEND="$<TARGET_FILE:gend>"
        CRASH_PLUGINS="${CMAKE_BINARY_DIR}/lib/contract/good")
    add_dependencies(crash_run gend gen-media gen-trial contract_fake)

    function(crash_test name label)
        add_test(NAME crash/${name} COMMAND crash_run ${ARGN})
        set_tests_properties(crash/${name} PROPERTIES TIMEOUT 3600 LABELS "${label}"
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endfunction()

    crash_test(kills_recovering "" --kills 12 --recover yes)
    crash_test(kills_alone "" --kills 8 --recover no --seed 2)
    crash_test(second_daemon "" --second)
    crash_test(no_ffmpeg "" --no-ffmpeg)
    crash_test(full_disk "" --full-disk)
    set_tests_properties(crash/full_disk PROPERTIES SKIP_REGULAR_EXPRESSION "SKIPPED:")
    crash_test(many_recovering long --kills 150 --recover yes --seed 11 --faults 15)
    crash_test(many_alone long --kills 100 --recover no --seed 12 --faults 15)
endif()

# Unit tests of the engine that use what other targets make.
foreach(room admission chain delivery engine entrance flight intake lineup material outlook programs rules
        splice sweep)
    if(TARGET unit_engine_${room} AND TARGET gen-media AND TARGET contract_fake)
        add_dependencies(unit_engine_${room} gen-media contract_fake)
    endif()
endforeach()
foreach(room chain lineup) # shots on models that film, finished by the local renderer
    if(TARGET unit_engine_${room} AND TARGET contract_filmer AND TARGET plugin_local)
        add_dependencies(unit_engine_${room} contract_filmer plugin_local gen-typeset)
    endif()
endforeach()
