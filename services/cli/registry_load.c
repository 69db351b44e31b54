/* padan registry load: a delivery of DTSEN or of BPJS's members becomes the current snapshot. The files go into the
 * content store, LoadRegistry to validation, and its progress to the terminal. The same files for the same period are
 * the same load until another snapshot is current: repeating it is harmless, and an older delivery loaded again after a
 * wrong newer one becomes current again. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "common.pb-c.h"
#include "common/base/clock.h"
#include "common/base/store.h"
#include "services/cli/cli.h"
#include "validation.pb-c.h"

#define NAME "registry load"

enum {
    CHUNK = 1 << 20,
    LOOK_MICROSECONDS = 300000,
};
static const uint64_t file_limit = UINT64_C (64) << 30; /* Jabar's delivery has 51 million people: about 10 GB */

struct load {
    const char *config, *store, *families, *file;
    int64_t tenant;
    Padan__Validation__V1__LoadRegistry command;
    uint8_t digest[STORE_DIGEST], family_digest[STORE_DIGEST];
};

static enum rc
file_store (struct store *store, const char *path, uint8_t ret_digest[STORE_DIGEST], int64_t *ret_size, struct err *err)
{
    STORE_WRITER_AUTO struct store_writer *writer = NULL;
    static char chunk[CHUNK];
    uint64_t size = 0;
    ssize_t got = 1;
    int file = open (path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return err_set (err, RC_INVALID, "%s: %s", path, strerror (errno));
    enum rc rc = store_begin (store, file_limit, &writer, err);
    while (rc == RC_OK && (got = read (file, chunk, sizeof chunk)) > 0)
        rc = store_append (writer, chunk, (size_t)got, err);
    if (rc == RC_OK && got < 0)
        rc = err_set (err, RC_INVALID, "%s: %s", path, strerror (errno));
    close (file);
    if (rc == RC_OK)
        rc = store_commit (&writer, ret_digest, &size, err);
    *ret_size = (int64_t)size;
    return rc;
}

static enum rc
files_store (struct load *load, struct err *err)
{
    STORE_AUTO struct store *store = NULL;
    Padan__Validation__V1__LoadRegistry *command = &load->command;
    enum rc rc = store_open (load->store, clock_now (), &store, err);
    if (rc == RC_OK)
        rc = file_store (store, load->file, load->digest, &command->size, err);
    if (rc != RC_OK)
        return rc;
    command->file_sha256 = (ProtobufCBinaryData){ .len = STORE_DIGEST, .data = load->digest };
    if (!load->families)
        return RC_OK;
    command->family_sha256 = (ProtobufCBinaryData){ .len = STORE_DIGEST, .data = load->family_digest };
    return file_store (store, load->families, load->family_digest, &command->family_size, err);
}

/* The snapshot that this load would replace; 0 none yet. */
static enum rc
current_read (const struct load *load, struct cli_link *link, int64_t *ret_version, struct err *err)
{
    Padan__Validation__V1__ListRegistries question = PADAN__VALIDATION__V1__LIST_REGISTRIES__INIT;
    const void *answer;
    enum rc rc = cli_ask (link, "validation", load->tenant, (struct uuid){ 0 }, &question,
                          &padan__validation__v1__registries__descriptor, &answer, err);
    if (rc != RC_OK)
        return rc;
    const Padan__Validation__V1__Registries *list = answer;
    *ret_version = 0;
    for (size_t i = 0; i < list->n_registries; i++)
        if (list->registries[i]->current && strcmp (list->registries[i]->registry, load->command.registry) == 0)
            *ret_version = list->registries[i]->version;
    return RC_OK;
}

/* The load's id follows from what it says and what it would replace, so that a repeat finds the first. */
static struct uuid
load_id (const struct load *load, int64_t replaced)
{
    crypto_generichash_state state;
    uint8_t digest[32];
    crypto_generichash_init (&state, NULL, 0, sizeof digest);
    crypto_generichash_update (&state, (const uint8_t *)&load->tenant, sizeof load->tenant);
    crypto_generichash_update (&state, (const uint8_t *)load->command.registry, strlen (load->command.registry) + 1);
    crypto_generichash_update (&state, (const uint8_t *)load->command.period, strlen (load->command.period) + 1);
    crypto_generichash_update (&state, (const uint8_t *)&replaced, sizeof replaced);
    crypto_generichash_update (&state, load->digest, sizeof load->digest);
    crypto_generichash_update (&state, load->family_digest, sizeof load->family_digest);
    crypto_generichash_final (&state, digest, sizeof digest);
    return uuid_of (digest, sizeof digest);
}

/* How it ended, if it did; *ret_code is then the command's. */
static bool
load_ended (const char *state, int *ret_code)
{
    if (strcmp (state, "superseded") == 0)
        fprintf (stderr, "padan: a newer load became current first: this one is not\n");
    *ret_code = strcmp (state, "done") == 0 ? CLI_DONE : CLI_FAILED;
    return *ret_code == CLI_DONE || strcmp (state, "failed") == 0 || strcmp (state, "superseded") == 0;
}

/* Until it ends; says how far it is whenever that changes. */
static int
load_follow (const struct load *load, struct cli_link *link, struct uuid id)
{
    Padan__Validation__V1__GetImport question = PADAN__VALIDATION__V1__GET_IMPORT__INIT;
    for (int64_t said = -1;;) {
        const void *answer;
        struct err err = { 0 };
        enum rc rc = cli_ask (link, "validation", load->tenant, id, &question,
                              &padan__common__v1__import_progress__descriptor, &answer, &err);
        if (rc != RC_OK && rc != RC_BUSY && rc != RC_EXPIRED)
            return cli_fail (&err);
        if (rc == RC_OK) {
            const Padan__Common__V1__ImportProgress *progress = answer;
            int code;
            const bool ended = load_ended (progress->state, &code);
            if (progress->rows != said || ended)
                printf ("%s: %lld rows, %lld refused, %lld of %lld bytes\n", progress->state, (long long)progress->rows,
                        (long long)progress->refused, (long long)progress->bytes, (long long)progress->size);
            said = progress->rows;
            if (ended)
                return code;
        }
        usleep (LOOK_MICROSECONDS);
    }
}

static int
load_run (struct load *load)
{
    CLI_LINK_AUTO struct cli_link link = { 0 };
    struct err err = { 0 };
    char key[UUID_TEXT];
    enum rc rc = files_store (load, &err);
    if (rc == RC_OK)
        rc = cli_link_open (load->config, &link, &err);
    int64_t replaced = 0;
    if (rc == RC_OK)
        rc = current_read (load, &link, &replaced, &err);
    if (rc != RC_OK)
        return cli_fail (&err);
    struct uuid id = load_id (load, replaced);
    uuid_format (id, key);
    rc = cli_give (&link, "validation", load->tenant, id, key, &load->command, NULL, NULL, &err);
    if (rc != RC_OK && strcmp (err.code, "common.exists") != 0) /* begun before its reply was forgotten */
        return cli_fail (&err);
    return load_follow (load, &link, id);
}

int
cli_registry_load (int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },   { "store", required_argument, NULL, 's' },
        { "tenant", required_argument, NULL, 't' },   { "registry", required_argument, NULL, 'r' },
        { "period", required_argument, NULL, 'p' },   { "source", required_argument, NULL, 'o' },
        { "families", required_argument, NULL, 'f' }, { 0 },
    };
    struct load load = { .command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT };
    load.command.source = (char *)"padan";
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            load.config = optarg;
            break;
        case 's':
            load.store = optarg;
            break;
        case 't':
            if (!cli_number (optarg, &load.tenant))
                return cli_usage (NAME, "a tenant is a number above zero");
            break;
        case 'r':
            load.command.registry = optarg;
            break;
        case 'p':
            load.command.period = optarg;
            break;
        case 'o':
            load.command.source = optarg;
            break;
        case 'f':
            load.families = optarg;
            break;
        default:
            return cli_usage (NAME, "unknown option");
        }
    }
    if (!load.config || !load.store || !load.tenant || !load.command.registry[0] || optind + 1 != argc)
        return cli_usage (NAME, "something is missing, or too much");
    load.file = argv[optind];
    return load_run (&load);
}
