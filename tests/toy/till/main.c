#include "tests/toy/till/till.h"

int
main (int argc, char **argv)
{
    return service_main (&till_service, argc, argv);
}
