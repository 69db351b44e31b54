#include "services/journal/journal.h"

int
main (int argc, char **argv)
{
    return service_main (&journal_service, argc, argv);
}
