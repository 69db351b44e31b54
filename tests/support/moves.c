#include "tests/support/moves.h"

#include <stdio.h>

#include "tests/support/test.h"

enum { PAGE = 64 * 1024 };

void
moves_page_is_true (const struct service *service)
{
    static char kept[PAGE + 1];
    char path[128];
    TEXT_AUTO struct text_buffer drawn = TEXT_BUFFER (PAGE);
    snprintf (path, sizeof path, "services/%s/moves.md", service->name);
    FILE *file = fopen (path, "re");
    if (file) {
        kept[fread (kept, 1, PAGE, file)] = '\0';
        fclose (file);
    }
    moves_page (service->name, service->moves, &drawn);
    if (strcmp (kept, drawn.data) != 0)
        fail_msg ("%s is not what the tables say: cmake --build --preset dev --target moves", path);
}
