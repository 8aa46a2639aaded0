# The vendors' own client libraries drive gen-sim, exchanges transcribed from the fact sheets are played
# against it, and its books are audited. All of it runs on Node 22, which comes with the clients (packaging/test.sh installs them).
if(TARGET gen-sim)
    foreach(client google runway)
        add_test(NAME clients/${client} COMMAND ${CMAKE_COMMAND} -E env GEN_SIM=$<TARGET_FILE:gen-sim>
            bash ${CMAKE_SOURCE_DIR}/tests/clients/node.sh --test --test-reporter=spec
            ${CMAKE_SOURCE_DIR}/tests/clients/${client}_test.mjs)
        set_tests_properties(clients/${client} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
    foreach(name books mutations)
        add_test(NAME contract/${name} COMMAND ${CMAKE_COMMAND} -E env GEN_SIM=$<TARGET_FILE:gen-sim>
            bash ${CMAKE_SOURCE_DIR}/tests/clients/node.sh --test --test-reporter=spec
            ${CMAKE_SOURCE_DIR}/tests/contract/simulator/${name}_test.mjs)
        set_tests_properties(contract/${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
    foreach(provider google heygen kling runway)
        add_test(NAME contract/exchanges/${provider} COMMAND bash ${CMAKE_SOURCE_DIR}/tests/clients/node.sh
            ${CMAKE_SOURCE_DIR}/tests/contract/simulator/exchanges_test.mjs $<TARGET_FILE:gen-sim> ${provider})
        set_tests_properties(contract/exchanges/${provider} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
            FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
    endforeach()
endif()
# Session tokens: gend against the verifier of Clerk's own package.
if(TARGET gend)
    add_test(NAME clients/clerk COMMAND ${CMAKE_COMMAND} -E env GEND=$<TARGET_FILE:gend>
        bash ${CMAKE_SOURCE_DIR}/tests/clients/node.sh --test --test-reporter=spec
        ${CMAKE_SOURCE_DIR}/tests/clients/clerk_test.mjs)
    set_tests_properties(clients/clerk PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endif()
# Webhooks: what gend posts, against the package standardwebhooks and the example in docs/webhooks.md.
if(TARGET gend)
    add_test(NAME clients/webhooks COMMAND ${CMAKE_COMMAND} -E env GEND=$<TARGET_FILE:gend>
        bash ${CMAKE_SOURCE_DIR}/tests/clients/node.sh --test --test-reporter=spec
        ${CMAKE_SOURCE_DIR}/tests/clients/webhooks_test.mjs)
    set_tests_properties(clients/webhooks PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
        FAIL_REGULAR_EXPRESSION "${GEN_SANITIZER_REPORT}")
endif()
