#include "tests/toy/mirror/mirror.h"

int
main (int argc, char **argv)
{
    return service_main (&mirror_service, argc, argv);
}
