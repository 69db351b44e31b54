/* accounts: tenants, people, their roles and places, sessions and keys. Signs principals. */
#include "services/accounts/accounts.h"

int
main (int argc, char **argv)
{
    return service_main (&accounts_service, argc, argv);
}
