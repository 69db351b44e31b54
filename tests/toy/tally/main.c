#include "tests/toy/tally/tally.h"

int
main (int argc, char **argv)
{
    return service_main (&tally_service, argc, argv);
}
