/* distribution: cards, couriers and proof. */
#include "services/distribution/distribution.h"

int
main (int argc, char **argv)
{
    return service_main (&distribution_service, argc, argv);
}
