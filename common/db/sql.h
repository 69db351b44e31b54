/* One SQL statement, made from <name>.sql by the build. */
#pragma once

struct sql {
    const char *name; /* "intake.application_load": unique in the program, names the prepared statement */
    const char *text;
};
