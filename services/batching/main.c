/* batching: the waiting list, batches for BPJS Kesehatan and its replies. */
#include "services/batching/batching.h"

int
main (int argc, char **argv)
{
    return service_main (&batching_service, argc, argv);
}
