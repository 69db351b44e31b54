# Every message type of the headers given, as a table: fuzz_messages.h.
set (rows "")
set (includes "")
foreach (header IN LISTS HEADERS)
    get_filename_component (name "${header}" NAME)
    string (APPEND includes "#include \"${name}\"\n")
    file (STRINGS "${header}" lines REGEX "^extern const ProtobufCMessageDescriptor ")
    foreach (line IN LISTS lines)
        string (REGEX REPLACE "^extern const ProtobufCMessageDescriptor ([a-z0-9_]+).*" "\\1" descriptor "${line}")
        string (APPEND rows "    &${descriptor},\n")
    endforeach ()
endforeach ()
file (WRITE "${OUT}" "#pragma once\n${includes}static const ProtobufCMessageDescriptor *const fuzz_messages[] = {\n${rows}};\n"
    "enum { FUZZ_MESSAGES = sizeof fuzz_messages / sizeof *fuzz_messages };\n")
