# The contract with plugins: plugins made for the tests, the tool that asks a plugin about a brief, and
# the headers of the SDK by themselves.
#   lib/contract/good/*.so  fit; fake.so is the priced provider that other tests use too
#   lib/contract/bad/*.so   must be refused, or are loaded and then break the contract (crooked.so)
set(contract_dir ${CMAKE_SOURCE_DIR}/tests/contract)
set(contract_output ${CMAKE_BINARY_DIR}/lib/contract)

# contract_plugin(NAME good|bad SOURCE [DEFINITIONS...])
function(contract_plugin name kind source)
    set(target contract_${name})
    add_library(${target} MODULE ${contract_dir}/plugins/${source})
    set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY ${contract_output}/${kind} C_VISIBILITY_PRESET hidden)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
    target_compile_definitions(${target} PRIVATE ${ARGN})
    if(GEN_SANITIZE MATCHES "thread")
        target_compile_options(${target} PRIVATE -fno-sanitize=thread)
    endif()
    if(NOT GEN_SANITIZE)
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
    set_property(GLOBAL APPEND PROPERTY contract_plugins ${target})
endfunction()

contract_plugin(fake good fake.c)
contract_plugin(older good misfit.c MISFIT=11)
contract_plugin(filmer film filmer.c) # apart from the others: it makes real clips
contract_plugin(crooked bad crooked.c)
set(number 1)
foreach(misfit other_major no_entry newer_minor truncated no_size no_verb bad_id duplicate declines
        no_program)
    contract_plugin(${misfit} bad misfit.c MISFIT=${number})
    math(EXPR number "${number} + 1")
endforeach()
contract_plugin(bad_name bad misfit.c MISFIT=12)
# What a trial must find, number by number: see naughty.c and trial_test.sh.
foreach(deed RANGE 0 26)
    contract_plugin(naughty${deed} naughty naughty.c NAUGHTY=${deed})
    target_compile_options(contract_naughty${deed} PRIVATE -Wno-missing-noreturn
        -fno-sanitize=all)
endforeach()
contract_plugin(wayward wayward wayward.c)
target_compile_options(contract_wayward PRIVATE -fno-sanitize=all)
get_property(contract_plugins GLOBAL PROPERTY contract_plugins)

add_library(contract_sample STATIC ${CMAKE_SOURCE_DIR}/sdk/testkit/sample.c)
target_link_libraries(contract_sample PUBLIC gen_host)
target_include_directories(contract_sample PUBLIC ${CMAKE_SOURCE_DIR}/sdk/testkit ${CMAKE_SOURCE_DIR}/sdk/include)

# The unit tests of core/host speak the contract too.
file(GLOB host_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/host/*_test.c)
foreach(source ${host_tests})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    target_link_libraries(unit_host_${name} PRIVATE contract_sample)
endforeach()

# And one of the engine, which makes a provider of its own.
target_link_libraries(unit_engine_remote_account PRIVATE contract_sample)

add_executable(contract_drive ${contract_dir}/drive.c)
target_link_libraries(contract_drive PRIVATE contract_sample)

file(GLOB contract_tests CONFIGURE_DEPENDS ${contract_dir}/*_test.c)
foreach(source ${contract_tests})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    set(target contract_test_${name})
    add_executable(${target} ${source})
    target_link_libraries(${target} PRIVATE contract_sample PkgConfig::CRITERION)
    target_compile_definitions(${target} PRIVATE CONTRACT_PLUGINS="${contract_output}"
        CONTRACT_BIN="${CMAKE_BINARY_DIR}/bin")
    target_compile_options(${target} PRIVATE -Wno-missing-prototypes -Wno-conversion
        -Wno-write-strings)
    add_dependencies(${target} ${contract_plugins} gen-trial)
    if(name MATCHES "^provider_(.*)$") # of a plugin that is shipped, with the bed of provider_bed.h
        add_dependencies(${target} plugin_${CMAKE_MATCH_1})
        target_compile_definitions(${target} PRIVATE
            CONTRACT_SHIPPED="${CMAKE_BINARY_DIR}/lib/plugins"
            GEN_EXCHANGES="${CMAKE_SOURCE_DIR}/tests/data/exchanges")
        target_compile_options(${target} PRIVATE -Wno-missing-field-initializers) # short rows
    endif()
    add_test(NAME contract/${name} COMMAND ${target} --jobs 2)
    set_tests_properties(contract/${name} PROPERTIES TIMEOUT 120
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endforeach()

# The SDK's headers alone, under strict flags, in every language that a plugin may be written in.
add_test(NAME contract/headers COMMAND ${CMAKE_COMMAND} -E env
    ${contract_dir}/headers.sh ${CMAKE_SOURCE_DIR}/sdk/include)

add_test(NAME contract/trial COMMAND ${contract_dir}/trial_test.sh ${CMAKE_BINARY_DIR}/bin
    ${contract_output})
set_tests_properties(contract/trial PROPERTIES TIMEOUT 180)

add_test(NAME contract/functions COMMAND ${contract_dir}/functions_test.sh
    ${CMAKE_BINARY_DIR}/bin/gen-trial $<TARGET_FILE:contract_wayward> ${CMAKE_SOURCE_DIR}/sdk/include)
set_tests_properties(contract/functions PROPERTIES TIMEOUT 600)

# gend, and plugins that hang when they are loaded, or passed their trial and then end it.
if(TARGET gend)
    add_test(NAME contract/startup COMMAND ${contract_dir}/startup_test.sh ${CMAKE_BINARY_DIR}
        ${CMAKE_SOURCE_DIR}/policies)
    set_tests_properties(contract/startup PROPERTIES TIMEOUT 300)
endif()

# gen-sim as clients meet it: tests/contract/simulator/*_test.sh, each with the program as its argument.
if(TARGET gen-sim)
    file(GLOB simulator_tests CONFIGURE_DEPENDS ${contract_dir}/simulator/*_test.sh)
    foreach(source ${simulator_tests})
        get_filename_component(name ${source} NAME_WE)
        string(REGEX REPLACE "_test$" "" name ${name})
        add_test(NAME contract/simulator_${name} COMMAND bash ${source} $<TARGET_FILE:gen-sim>)
        set_tests_properties(contract/simulator_${name} PROPERTIES TIMEOUT 400
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
endif()

# The plugins that are shipped fit, with their recordings where they have some.
foreach(name heygen kling runway veo)
    set(shipped ${CMAKE_SOURCE_DIR}/plugins/${name})
    if(TARGET plugin_${name})
        set(arguments)
        if(EXISTS ${shipped}/recordings)
            list(APPEND arguments --recordings ${shipped}/recordings)
        endif()
        if(EXISTS ${shipped}/recordings/settings.json)
            list(APPEND arguments --settings ${shipped}/recordings/settings.json)
        endif()
        add_test(NAME plugins/${name}/trial COMMAND ${CMAKE_BINARY_DIR}/bin/gen-trial ${arguments}
            $<TARGET_FILE:plugin_${name}>)
        set_tests_properties(plugins/${name}/trial PROPERTIES TIMEOUT 180)
    endif()
endforeach()

# A plugin that was built against the frozen header of 1.0 loads in every later 1.x and fits.
if(EXISTS ${contract_dir}/frozen/gen/provider.h)
    add_library(contract_frozen MODULE ${contract_dir}/plugins/naughty.c)
    set_target_properties(contract_frozen PROPERTIES PREFIX "" OUTPUT_NAME frozen
        LIBRARY_OUTPUT_DIRECTORY ${contract_output}/frozen C_VISIBILITY_PRESET hidden)
    target_include_directories(contract_frozen BEFORE PRIVATE ${contract_dir}/frozen)
    target_compile_definitions(contract_frozen PRIVATE NAUGHTY=0)
    target_compile_options(contract_frozen PRIVATE -fno-sanitize=all)
    add_test(NAME contract/frozen COMMAND ${CMAKE_COMMAND} -E env
        ${contract_dir}/frozen_test.sh ${CMAKE_BINARY_DIR}/bin/gen-trial
        $<TARGET_FILE:contract_frozen> ${CMAKE_SOURCE_DIR}/sdk/include ${contract_dir}/frozen)
    set_tests_properties(contract/frozen PROPERTIES TIMEOUT 120)
endif()
