# The submission protocol as a model: its states and moves are the engine's, and every interleaving of it is
# looked at by the checker `spin`.
add_executable(model_table ${CMAKE_SOURCE_DIR}/tests/model/table_test.c)
target_link_libraries(model_table PRIVATE gen_model PkgConfig::CRITERION)
target_compile_definitions(model_table PRIVATE GEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_compile_options(model_table PRIVATE -Wno-missing-prototypes -Wno-conversion -Wno-write-strings
    -Wno-pedantic)
add_test(NAME model/table COMMAND model_table --jobs 1)

find_program(SPIN spin)
if(NOT SPIN)
    message(STATUS "spin is not here (packaging/deps.sh test): the model tests are left out")
    return()
endif()

# model_checker(NAME [SPIN OPTIONS...] [PAN OPTIONS...]): bin/model_NAME, made from submission.pml
function(model_checker name)
    cmake_parse_arguments(M "" "" "SPIN;PAN" ${ARGN})
    set(folder ${CMAKE_BINARY_DIR}/tests/model/${name})
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${folder}/pan.c
        COMMAND ${SPIN} ${M_SPIN} -a ${CMAKE_SOURCE_DIR}/tests/model/submission.pml
        WORKING_DIRECTORY ${folder} DEPENDS ${CMAKE_SOURCE_DIR}/tests/model/submission.pml VERBATIM)
    add_executable(model_${name} ${folder}/pan.c)
    # It is spin's code, and it works through millions of states.
    target_compile_options(model_${name} PRIVATE -w -O1 -g0 -fno-stack-protector -fno-sanitize=all)
    target_link_options(model_${name} PRIVATE -fno-sanitize=all)
    target_compile_definitions(model_${name} PRIVATE MEMLIM=4000 ${M_PAN})
endfunction()

function(model_test name checker)
    add_test(NAME model/${name} COMMAND bash ${CMAKE_SOURCE_DIR}/tests/model/check.sh ${ARGN}
        $<TARGET_FILE:model_${checker}> ${CMAKE_SOURCE_DIR}/tests/model/submission.pml)
    set_tests_properties(model/${name} PROPERTIES TIMEOUT 300)
endfunction()

model_checker(states PAN SAFETY)
model_checker(cycles SPIN -DWAITS=1 -DCRASHES=1 -DFAULTS=1 PAN NP NOFAIR)
model_test(submission states safety)
model_test(mutants states mutants)
model_test(progress cycles progress)
