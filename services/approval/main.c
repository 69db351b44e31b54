#include "services/approval/approval.h"

int
main (int argc, char **argv)
{
    return service_main (&approval_service, argc, argv);
}
