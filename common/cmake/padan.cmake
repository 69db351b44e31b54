# How this tree is built: warnings, layers, SQL constants.

# Warnings and language settings every target of ours takes; -Werror only in presets dev and asan.
add_library (padan_warnings INTERFACE)
target_compile_options (padan_warnings INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
    -Wvla -Wformat=2 -Wundef -Wno-unused-parameter -Wno-missing-field-initializers
    $<$<BOOL:${PADAN_WERROR}>:-Werror>)
target_compile_definitions (padan_warnings INTERFACE _GNU_SOURCE)
target_include_directories (padan_warnings INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")

if (PADAN_HARDEN)
    target_compile_options (padan_warnings INTERFACE
        -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
        -ftrivial-auto-var-init=zero -fPIE)
    target_link_options (padan_warnings INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
endif ()

# padan_layer (NAME LINKS...): the library made of every .c file of the calling directory's NAME/.
# A layer may link only to those before it in common/CMakeLists.txt; a name not yet defined stops the build.
function (padan_layer name)
    file (GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.c")
    foreach (link IN LISTS ARGN)
        if (link MATCHES "^padan_" AND NOT TARGET ${link})
            message (FATAL_ERROR "layer ${name} links ${link}, which is not below it")
        endif ()
    endforeach ()
    if (NOT sources)
        add_library (padan_${name} INTERFACE)
        target_link_libraries (padan_${name} INTERFACE padan_warnings ${ARGN})
        return ()
    endif ()
    add_library (padan_${name} STATIC ${sources})
    target_link_libraries (padan_${name} PUBLIC padan_warnings ${ARGN})
    padan_sql (padan_${name} "${CMAKE_CURRENT_SOURCE_DIR}/${name}/sql" ${name})
endfunction ()

# padan_sql (TARGET DIR PREFIX): DIR/x.sql becomes `const struct sql sql_x` declared in "<PREFIX>_sql.h".
function (padan_sql target dir prefix)
    file (GLOB statements CONFIGURE_DEPENDS "${dir}/*.sql")
    if (NOT statements)
        return ()
    endif ()
    set (generated "${CMAKE_BINARY_DIR}/generated")
    add_custom_command (
        OUTPUT "${generated}/${prefix}_sql.c" "${generated}/${prefix}_sql.h"
        COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DDIR=${dir} -DOUT=${generated}
                -P "${CMAKE_SOURCE_DIR}/common/cmake/sql.cmake"
        DEPENDS ${statements} "${CMAKE_SOURCE_DIR}/common/cmake/sql.cmake"
        COMMENT "SQL of ${prefix}" VERBATIM)
    target_sources (${target} PRIVATE "${generated}/${prefix}_sql.c" "${generated}/${prefix}_sql.h")
endfunction ()
