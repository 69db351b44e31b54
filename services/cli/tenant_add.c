/* padan tenant add: AddTenant to accounts. The same again is harmless. */
#include <getopt.h>
#include <stdio.h>

#include "accounts.pb-c.h"
#include "common/base/clock.h"
#include "services/cli/cli.h"

#define NAME "tenant add"

int
cli_tenant_add (int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' }, { "tenant", required_argument, NULL, 't' },
        { "code", required_argument, NULL, 'k' },   { "name", required_argument, NULL, 'n' },
        { "zone", required_argument, NULL, 'z' },   { 0 },
    };
    const char *config = NULL;
    Padan__Accounts__V1__AddTenant add = PADAN__ACCOUNTS__V1__ADD_TENANT__INIT;
    add.zone = (char *)"Asia/Jakarta";
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            config = optarg;
            break;
        case 't':
            if (!cli_number (optarg, &add.tenant))
                return cli_usage (NAME, "a tenant is a number above zero");
            break;
        case 'k':
            add.code = optarg;
            break;
        case 'n':
            add.name = optarg;
            break;
        case 'z':
            add.zone = optarg;
            break;
        default:
            return cli_usage (NAME, "unknown option");
        }
    }
    if (!config || !add.tenant || !add.code[0] || !add.name[0] || optind != argc)
        return cli_usage (NAME, "something is missing, or too much");
    CLI_LINK_AUTO struct cli_link link = { 0 };
    struct err err = { 0 };
    char key[UUID_TEXT];
    struct uuid none = { 0 };
    uuid_format (uuid_new (clock_now ()), key); /* accounts knows a repeat by what it says */
    enum rc rc = cli_link_open (config, &link, &err);
    if (rc == RC_OK)
        rc = cli_give (&link, "accounts", add.tenant, none, key, &add, NULL, NULL, &err);
    if (rc != RC_OK)
        return cli_fail (&err);
    printf ("tenant %lld %s %s\n", (long long)add.tenant, add.code, add.name);
    return CLI_DONE;
}
