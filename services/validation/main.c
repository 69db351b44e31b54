#include "services/validation/validation.h"

int
main (int argc, char **argv)
{
    return service_main (&validation_service, argc, argv);
}
