# The simulation: the real machine, lanes and store in a world that follows from a seed; see shell.h.
file(GLOB simulation_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/simulation/*.c)
add_executable(simulation_run ${simulation_sources})
set_target_properties(simulation_run PROPERTIES OUTPUT_NAME run
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/simulation)
target_include_directories(simulation_run PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(simulation_run PRIVATE gen_engine)

# simulation_test(NAME [LABEL] ARGUMENTS...)
function(simulation_test name label)
    add_test(NAME simulation/${name} COMMAND simulation_run ${ARGN})
    set_tests_properties(simulation/${name} PROPERTIES TIMEOUT 3600 LABELS "${label}"
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endfunction()

simulation_test(calm "" --seed 1 --seeds 60 --jobs 3 --crashes 0)
simulation_test(crashes "" --seed 1000 --seeds 200 --jobs 3 --crashes 5)
simulation_test(crowd "" --seed 5000 --seeds 6 --jobs 40 --crashes 10)
simulation_test(many long --seed 100000 --seeds 20000 --jobs 4 --crashes 6)
