#include "common/engine/batch.h"

Padan__Outcome
outcome_of (enum rc rc)
{
    static const Padan__Outcome outcomes[RC_END] = {
        [RC_OK] = PADAN__OUTCOME__OUTCOME_OK,
        [RC_INVALID] = PADAN__OUTCOME__OUTCOME_INVALID,
        [RC_UNAUTHENTICATED] = PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED,
        [RC_FORBIDDEN] = PADAN__OUTCOME__OUTCOME_FORBIDDEN,
        [RC_NOT_FOUND] = PADAN__OUTCOME__OUTCOME_NOT_FOUND,
        [RC_CONFLICT] = PADAN__OUTCOME__OUTCOME_CONFLICT,
        [RC_STALE] = PADAN__OUTCOME__OUTCOME_STALE,
        [RC_UNPROCESSABLE] = PADAN__OUTCOME__OUTCOME_UNPROCESSABLE,
        [RC_KEY_REUSED] = PADAN__OUTCOME__OUTCOME_KEY_REUSED,
        [RC_BUSY] = PADAN__OUTCOME__OUTCOME_BUSY,
        [RC_EXPIRED] = PADAN__OUTCOME__OUTCOME_EXPIRED,
        [RC_RETRY] = PADAN__OUTCOME__OUTCOME_BUSY,
        [RC_LOST] = PADAN__OUTCOME__OUTCOME_BUSY,
        [RC_UNKNOWN] = PADAN__OUTCOME__OUTCOME_EXPIRED,
        [RC_CORRUPT] = PADAN__OUTCOME__OUTCOME_INTERNAL,
        [RC_INTERNAL] = PADAN__OUTCOME__OUTCOME_INTERNAL,
    };
    return (unsigned)rc < RC_END ? outcomes[rc] : PADAN__OUTCOME__OUTCOME_INTERNAL;
}

static struct bytes
reply_pack (struct arena *arena, const Padan__Reply *reply)
{
    size_t size = padan__reply__get_packed_size (reply);
    uint8_t *data = arena_alloc (arena, size ? size : 1);
    MUST (data);
    padan__reply__pack (reply, data);
    return (struct bytes){ data, size };
}

static void
field_tell (struct arena *arena, Padan__Problem *problem, struct err_field told)
{
    Padan__FieldProblem *field = arena_alloc (arena, sizeof *field);
    char **arguments = arena_alloc (arena, sizeof *arguments);
    MUST (field && arguments);
    padan__field_problem__init (field);
    field->pointer = (char *)told.field;
    field->code = (char *)told.code;
    arguments[0] = (char *)told.argument;
    field->arguments = arguments;
    field->n_arguments = told.argument && *told.argument;
    problem->fields[problem->n_fields++] = field;
}

struct bytes
reply_refusal (struct arena *arena, const struct err *err)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__Problem problem = PADAN__PROBLEM__INIT;
    char *arguments[] = { (char *)err->argument };
    problem.code = (char *)(err->code[0] ? err->code : rc_name (err->rc));
    problem.arguments = arguments;
    problem.n_arguments = err->argument[0] != '\0';
    problem.fields = arena_array (arena, err->n_fields + 1, sizeof *problem.fields);
    MUST (problem.fields);
    if (err->field[0])
        field_tell (arena, &problem, (struct err_field){ problem.code, err->field, err->argument });
    for (size_t i = 0; i < err->n_fields; i++)
        field_tell (arena, &problem, err->fields[i]);
    problem.retry_after = err->retry_after;
    reply.outcome = outcome_of (err->rc);
    reply.problem = &problem;
    return reply_pack (arena, &reply);
}

struct bytes
reply_accepted (struct arena *arena, const char *type, struct bytes data)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    reply.outcome = PADAN__OUTCOME__OUTCOME_OK;
    reply.type = (char *)(type ? type : "");
    reply.data = (ProtobufCBinaryData){ .len = data.size, .data = (uint8_t *)data.data };
    return reply_pack (arena, &reply);
}
