/* A fact takes its number: the event row with its link of the chain, the story's new state, the counts, who is in it.
 */
#include <ctype.h>
#include <string.h>

#include "common/domain/name.h"
#include "common/domain/nik.h"
#include "services/journal/journal.h"

static bool
is_application (const struct story *story)
{
    return strcmp (story->kind, "application") == 0;
}

static const char *
ticket_key (const char *ticket, struct arena *arena)
{
    char *key = arena_string (arena, ticket), *out = key;
    MUST (key);
    for (const char *c = ticket; *c; c++)
        if (isalnum ((unsigned char)*c))
            *out++ = (char)toupper ((unsigned char)*c);
    *out = '\0';
    return key;
}

/* ------------------------------------------------------------ who is in it */

static void
words_add (struct unit *unit, struct story *story, const char *normal, int64_t version)
{
    char *rest = arena_string (unit_arena (unit), normal);
    MUST (rest);
    for (char *word; (word = strsep (&rest, " "));)
        if (*word)
            story_word (unit, story, word)->version = version;
}

static void
people_write (struct unit *unit, struct story *story, const struct fact *fact)
{
    const Padan__Common__V1__Dossier *dossier = fact->dossier;
    int64_t kk = kk_parse (dossier->kk).number;
    story->people_version = fact->version;
    for (size_t i = 0; i < dossier->n_members; i++) {
        const Padan__Common__V1__Member *member = dossier->members[i];
        char normal[NAME_SIZE];
        name_normalise (member->name, normal, sizeof normal);
        struct person *person = story_person (unit, story, (int32_t)i);
        person->version = fact->version;
        person->name = arena_string (unit_arena (unit), member->name);
        person->normal = arena_string (unit_arena (unit), normal);
        MUST (person->name && person->normal);
        person->nik = nik_parse (member->nik).number;
        person->kk = kk;
        person->head = member->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD;
        words_add (unit, story, normal, fact->version);
    }
}

static void
people_count (struct unit *unit, struct story *story, struct head *head, const struct fact *fact)
{
    const struct event_type *type = fact->type;
    int32_t named = fact->dossier ? (int32_t)fact->dossier->n_members : 0, before = story->people;
    if (!fact->dossier && (type->people == PEOPLE_ARE || type->people == PEOPLE_GO))
        return;
    switch (type->people) {
    case PEOPLE_SAME:
        return;
    case PEOPLE_ARE:
        head_count (unit, head, "member", "excluded", -story->excluded);
        story->excluded = 0;
        story->people = named;
        break;
    case PEOPLE_GO:
        head_count (unit, head, "member", type->outcome, before - named);
        story->excluded += before - named;
        story->people = named;
        break;
    case PEOPLE_ONE:
        head_count (unit, head, "member", type->outcome, 1);
        story->people--;
        break;
    case PEOPLE_ALL:
        head_count (unit, head, "member", type->outcome, before);
        story->people = 0;
        break;
    }
    head_count (unit, head, "member", "open", story->people - before);
}

/* ------------------------------------------------------------ where it stands */

static void
story_move (struct unit *unit, struct story *story, struct head *head, const struct fact *fact)
{
    const struct event_type *type = fact->type;
    if (type->state && strcmp (type->state, story->state) != 0) {
        head_count (unit, head, story->kind, story->state, -1);
        head_count (unit, head, story->kind, type->state, 1);
        story->state = type->state;
    }
    if (type->holder) {
        story->holder = type->holder;
        story->waits_for = fact->waits_for ? fact->waits_for : type->waits_for ? type->waits_for : "";
        story->due_at = fact->due_at;
    }
    people_count (unit, story, head, fact);
    if (!is_application (story))
        return;
    if (!uuid_is_nil (fact->letter_id))
        story_letter_add (unit, story, fact->letter_id);
    if (!fact->dossier)
        return;
    if (*fact->place)
        story->place = fact->place;
    if (*fact->dossier->ticket && strcmp (story->ticket, fact->dossier->ticket) != 0) {
        story->ticket = fact->dossier->ticket;
        story->ticket_key = ticket_key (story->ticket, unit_arena (unit));
    }
    if (type->people == PEOPLE_ARE)
        people_write (unit, story, fact);
}

static void
story_advance (struct unit *unit, struct story *story, const struct fact *fact)
{
    enum event_order order = fact->type ? fact->type->order : ORDER_VERSION;
    if (order == ORDER_AFTER)
        story->follower_id = fact->event_id;
    if (order == ORDER_LOG && fact->version > story->version)
        story->version = fact->version;
    if (order == ORDER_VERSION) {
        story_ids_add (unit, story, fact->event_id);
        story->version = fact->version;
    }
    story->changed_at = fact->at;
}

static void
event_write (struct unit *unit, struct story *story, struct head *head, const struct fact *fact,
             const struct story *application)
{
    struct event_row *row = story_event_add (unit, story);
    if (head->number == head->signed_number)
        checkpoint_schedule (unit, head);
    bool is_its = application && uuid_compare (application->id, fact->application_id) == 0;
    row->number = head->number + 1;
    row->event_id = fact->event_id;
    row->type = fact->type_name;
    row->kind = story->kind;
    row->version = fact->version;
    row->application_id = is_application (story) ? story->id : fact->application_id;
    row->state = story->state;
    row->place = *story->place || !is_its ? story->place : application->place;
    row->code = fact->code;
    row->role = fact->role;
    row->at = fact->at;
    row->personal_hash = fact->personal_hash;
    row->salt = fact->salt;
    row->detail = fact->detail;
    row->actor = fact->actor;
    uint8_t *chain = arena_alloc (unit_arena (unit), CHAIN_SIZE);
    MUST (chain);
    chain_next (row, head->chain.data, unit_arena (unit), chain);
    row->chain = head->chain = (struct bytes){ chain, CHAIN_SIZE };
    head->number = row->number;
}

void
fact_place (struct unit *unit, struct story *story, const struct fact *fact, const struct story *application)
{
    struct head *head = head_edit (unit, story->tenant);
    if (!*story->kind)
        story->kind = fact->type ? fact->type->kind : fact->log;
    story_advance (unit, story, fact);
    if (fact->type)
        story_move (unit, story, head, fact);
    event_write (unit, story, head, fact, application);
}
