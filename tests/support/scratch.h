/* A database of the test's own with the roles and schemas of the services it names, dropped at the end. */
#pragma once

struct scratch;

/* services: NULL-terminated names. admin: conninfo of a cluster's superuser; NULL: the one tests/run started
 * (PADAN_TEST_DATABASE). Fails the test when there is none. */
struct scratch *scratch_new (const char *admin, const char *const services[]);
/* Ends sessions that are left and drops the database. */
void scratch_destroy (struct scratch **scratch);
#define SCRATCH_AUTO __attribute__ ((cleanup (scratch_destroy)))

/* conninfo strings, owned by the scratch. service: one of those given. */
const char *scratch_admin (struct scratch *scratch);
const char *scratch_owner (struct scratch *scratch, const char *service);  /* padan_<service>_owner */
const char *scratch_login (struct scratch *scratch, const char *service);  /* padan_<service> */
const char *scratch_reader (struct scratch *scratch, const char *service); /* padan_<service>_reader */
const char *scratch_auditor (struct scratch *scratch);

/* Runs the migrations as the service's owner. dirs: NULL-terminated, relative to the root of the sources. */
void scratch_migrate (struct scratch *scratch, const char *service, const char *const dirs[]);

/* Text SQL as superuser; the first column of the first row, "" when there is none. Owned by the scratch until the next
 * call. Fails the test on any error. */
const char *scratch_sql (struct scratch *scratch, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The same as another role; returns the SQLSTATE of its failure, "" when it worked. */
const char *scratch_try (struct scratch *scratch, const char *conninfo, const char *text);
