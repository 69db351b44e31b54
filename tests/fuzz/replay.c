/* Runs a fuzz target over every file of the folders named, in order of their names: the corpus as a test, with any
 * compiler. A crash, a failed MUST or an empty corpus fails. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { INPUT = 1 << 20 }; /* longer inputs belong to no corpus */

static int
input_replay (const char *folder, const char *name)
{
    static uint8_t data[INPUT];
    char path[4096];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "rb");
    if (!file) {
        perror (path);
        return -1;
    }
    size_t size = fread (data, 1, sizeof data, file);
    fclose (file);
    printf ("%s: %zu bytes\n", path, size);
    fflush (stdout);
    return LLVMFuzzerTestOneInput (data, size);
}

int
main (int count, char **arguments)
{
    int inputs = 0;
    for (int i = 1; i < count; i++) {
        struct dirent **entries;
        int found = scandir (arguments[i], &entries, NULL, alphasort);
        for (int j = 0; j < found; j++) {
            if (entries[j]->d_name[0] != '.') {
                if (input_replay (arguments[i], entries[j]->d_name) != 0)
                    return 1;
                inputs++;
            }
            free (entries[j]);
        }
        if (found >= 0)
            free (entries);
    }
    return inputs > 0 ? 0 : 1;
}
