# Target `lint` (preset lint): clang-tidy and cppcheck over our own sources. A file is read again when it, a header it
# includes or a list of checks changed. `cmake --workflow --preset lint` configures and runs it.
find_program (clang_tidy NAMES clang-tidy-14 clang-tidy REQUIRED)
set (lint "${CMAKE_BINARY_DIR}/lint")
file (MAKE_DIRECTORY "${lint}/generated")

# The headers that sources expect of the build, made again here: depending on those of the build builds its libraries.
set (headers)
set (messages) # of the services: what the fuzz targets know
foreach (folder proto tests/support tests/toy)
    file (GLOB protos CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.proto")
    foreach (proto IN LISTS protos)
        get_filename_component (name "${proto}" NAME_WE)
        add_custom_command (
            OUTPUT "${lint}/generated/${name}.pb-c.h"
            COMMAND protoc-c "--c_out=${lint}/generated" "--proto_path=${CMAKE_SOURCE_DIR}/${folder}" "${proto}"
            DEPENDS ${protos} VERBATIM)
        list (APPEND headers "${lint}/generated/${name}.pb-c.h")
        if (folder STREQUAL proto)
            list (APPEND messages "${lint}/generated/${name}.pb-c.h")
        endif ()
    endforeach ()
endforeach ()
add_custom_command (
    OUTPUT "${lint}/generated/fuzz_messages.h"
    COMMAND ${CMAKE_COMMAND} "-DHEADERS=${messages}" "-DOUT=${lint}/generated/fuzz_messages.h"
            -P "${CMAKE_SOURCE_DIR}/tests/fuzz/messages.cmake"
    DEPENDS ${messages} "${CMAKE_SOURCE_DIR}/tests/fuzz/messages.cmake" VERBATIM)
list (APPEND headers "${lint}/generated/fuzz_messages.h")
file (GLOB folders CONFIGURE_DEPENDS
      "${CMAKE_SOURCE_DIR}/common/*/sql" "${CMAKE_SOURCE_DIR}/services/*/sql" "${CMAKE_SOURCE_DIR}/tests/toy/*/sql")
foreach (folder IN LISTS folders)
    file (GLOB statements CONFIGURE_DEPENDS "${folder}/*.sql")
    get_filename_component (name "${folder}" DIRECTORY)
    get_filename_component (name "${name}" NAME)
    add_custom_command (
        OUTPUT "${lint}/generated/${name}_sql.h"
        COMMAND ${CMAKE_COMMAND} -DPREFIX=${name} -DDIR=${folder} -DOUT=${lint}/generated
                -P "${CMAKE_SOURCE_DIR}/common/cmake/sql.cmake"
        DEPENDS ${statements} VERBATIM)
    list (APPEND headers "${lint}/generated/${name}_sql.h")
endforeach ()
add_custom_target (lint_generated DEPENDS ${headers})

file (GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
      "${CMAKE_SOURCE_DIR}/common/*.c" "${CMAKE_SOURCE_DIR}/services/*.c" "${CMAKE_SOURCE_DIR}/tests/*.c")
set (stamps)
foreach (source IN LISTS sources)
    set (stamp "${lint}/${source}.tidy")
    get_filename_component (folder "${stamp}" DIRECTORY)
    file (MAKE_DIRECTORY "${folder}")
    add_custom_command (
        OUTPUT "${stamp}"
        COMMAND "${clang_tidy}" --quiet -p "${CMAKE_BINARY_DIR}" "--extra-arg=-I${lint}/generated" "${source}"
        COMMAND "${CMAKE_C_COMPILER}" -MM -MG -D_GNU_SOURCE -I . -I "${lint}/generated" -MT "${stamp}" -MF "${stamp}.d"
                "${source}"
        COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
        DEPENDS "${CMAKE_SOURCE_DIR}/${source}" "${CMAKE_SOURCE_DIR}/.clang-tidy" "${CMAKE_SOURCE_DIR}/tests/.clang-tidy"
                lint_generated
        DEPFILE "${stamp}.d"
        WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" COMMENT "clang-tidy ${source}" VERBATIM)
    list (APPEND stamps "${stamp}")
endforeach ()

add_custom_command (
    OUTPUT "${lint}/cppcheck.run"
    COMMAND tests/lint/cppcheck "${lint}/generated" "${lint}/cppcheck"
    DEPENDS lint_generated WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" COMMENT "cppcheck" VERBATIM)
set_source_files_properties ("${lint}/cppcheck.run" PROPERTIES SYMBOLIC TRUE) # runs each time: it knows what changed

add_custom_target (lint DEPENDS "${lint}/cppcheck.run" ${stamps})
