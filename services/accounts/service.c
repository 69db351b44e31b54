/* The tables of accounts, apart from main.c so that tests see them. */
#include "common/base/clock.h"
#include "common/base/config.h"
#include "services/accounts/messages.h"
#include "services/accounts/password.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"
#include "services/accounts/signing.h"
#include "services/accounts/tenant_store.h"
#include "services/accounts/throttle.h"

#define TYPE(NAME) &padan__accounts__v1__##NAME##__descriptor

static const struct table *const tables[] = {
    &person_table, &login_table, &throttle_table, &tenant_table, &session_table, &api_key_table, NULL,
};

static const struct command commands[] = {
    { TYPE (add_tenant), NULL, on_add_tenant, .services = SERVICES ("padan"), .keys = keys_add_tenant },
    { TYPE (add_person), TYPE (person_reply), on_add_person, ACCOUNTS_ADMIN, .services = SERVICES ("padan"),
      .keys = keys_add_person, .gather = gather_add_person, .secret = true },
    { TYPE (change_grants), TYPE (person_reply), on_change_grants, ACCOUNTS_ADMIN, .services = SERVICES ("padan"),
      .keys = keys_person },
    { TYPE (disable_person), TYPE (person_reply), on_disable_person, ACCOUNTS_ADMIN, .services = SERVICES ("padan"),
      .keys = keys_person },
    { TYPE (change_password), TYPE (person_reply), on_change_password, .anyone = true, .keys = keys_change_password,
      .gather = gather_change_password, .secret = true },
    { TYPE (sign_in), TYPE (session_reply), on_sign_in, .anyone = true, .keys = keys_sign_in, .gather = gather_sign_in,
      .secret = true },
    { TYPE (sign_out), NULL, on_sign_out, .anyone = true, .keys = keys_sign_out, .gather = gather_sign_out,
      .secret = true },
    { TYPE (touch_session), NULL, on_touch_session, .services = SERVICES ("accounts"), .keys = keys_session,
      .lane = LANE_BULK, .secret = true },
    { TYPE (create_key), TYPE (key_reply), on_create_key, ACCOUNTS_ADMIN, .keys = keys_create_key },
    { TYPE (revoke_key), NULL, on_revoke_key, ACCOUNTS_ADMIN, .keys = keys_revoke_key, .gather = gather_revoke_key },
    { 0 },
};

static const struct query_handler queries[] = {
    { TYPE (authenticate), TYPE (authenticated), query_authenticate, .services = SERVICES ("gateway"),
      .everywhere = true },
    { TYPE (list_people), TYPE (people), query_list_people, ACCOUNTS_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR },
    { TYPE (list_keys), TYPE (keys), query_list_keys, ACCOUNTS_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR },
    { TYPE (list_tenants), TYPE (tenants), query_list_tenants, ACCOUNTS_EVERYBODY },
    { 0 },
};

static const struct config_row rows[] = {
    CONFIG_ROW (struct accounts_settings, session_idle, CONFIG_SPAN, "1h", "a session ends when not used for so long",
                .min = 60 * (int64_t)CLOCK_SECOND, .max = 24 * 3600 * (int64_t)CLOCK_SECOND),
    CONFIG_ROW (struct accounts_settings, session_absolute, CONFIG_SPAN, "12h", "and in any case after so long",
                .min = 60 * (int64_t)CLOCK_SECOND, .max = 7 * 24 * 3600 * (int64_t)CLOCK_SECOND),
    CONFIG_ROW (struct accounts_settings, key_days, CONFIG_INT, "365", "days an API key may live at most", .min = 1,
                .max = 3650),
    { 0 },
};

static enum rc
start (struct gather *gather, struct err *err)
{
    enum rc rc = signing_start (gather, err);
    return rc == RC_OK ? password_start (err) : rc;
}

const struct service accounts_service = {
    .name = "accounts",
    .tables = tables,
    .followers = (const char *const[]){ "gateway", "journal", "distribution", NULL },
    .commands = commands,
    .queries = queries,
    .moves = (const struct moves *const[]){ &person_moves, NULL },
    .migrations = "services/accounts/migrations",
    .config = rows,
    .settings = &accounts_settings,
    .start = start,
};
