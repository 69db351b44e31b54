#include "common/http/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OTHERS = 4 }; /* routes that match one path: more are not told in Allow */

struct entry {
    const struct http_route *route;
    char *names[HTTP_PARAMS_MAX]; /* of its parameters, in the order of the path */
};

/* Routes that differ only in method share a leaf. */
struct leaf {
    struct entry *entries;
    size_t count;
};

/* One place in the tree of segments. Fixed children are tried first, then the parameter, then the rest. */
struct node {
    char *segment; /* fixed text; NULL for a parameter */
    struct node **children;
    size_t child_count;
    struct node *parameter;
    struct leaf here, rest;
};

struct http_router {
    struct node root;
};

struct walk {
    const char *method;
    char *segments[HTTP_SEGMENTS_MAX];
    size_t count;
    size_t captured[HTTP_SEGMENTS_MAX], captures; /* segments that stood for parameters */
    const struct entry *found;
    const struct leaf *others[OTHERS]; /* matched the path with other methods */
    size_t other_count;
};

static void
leaf_free (struct leaf *leaf)
{
    for (size_t i = 0; i < leaf->count; i++)
        for (size_t j = 0; j < HTTP_PARAMS_MAX; j++)
            free (leaf->entries[i].names[j]);
    free (leaf->entries);
}

static void
node_free (struct node *node)
{
    for (size_t i = 0; i < node->child_count; i++) {
        node_free (node->children[i]);
        free (node->children[i]);
    }
    free (node->children);
    if (node->parameter)
        node_free (node->parameter);
    free (node->parameter);
    free (node->segment);
    leaf_free (&node->here);
    leaf_free (&node->rest);
}

void
http_router_destroy (struct http_router **router)
{
    if (!*router)
        return;
    node_free (&(*router)->root);
    free (*router);
    *router = NULL;
}

static struct node *
node_parameter (struct node *node)
{
    if (!node->parameter)
        node->parameter = calloc (1, sizeof *node->parameter);
    return node->parameter;
}

static struct node *
node_child (struct node *node, const char *segment, size_t size)
{
    for (size_t i = 0; i < node->child_count; i++)
        if (!strncmp (node->children[i]->segment, segment, size) && !node->children[i]->segment[size])
            return node->children[i];
    struct node **children = realloc (node->children, (node->child_count + 1) * sizeof *children);
    if (!children)
        return NULL;
    node->children = children;
    struct node *child = calloc (1, sizeof *child);
    if (!child || !(child->segment = strndup (segment, size))) {
        free (child);
        return NULL;
    }
    return children[node->child_count++] = child;
}

static enum rc
leaf_add (struct leaf *leaf, const struct http_route *route, struct err *err)
{
    for (size_t i = 0; i < leaf->count; i++)
        if (!strcmp (leaf->entries[i].route->method, route->method))
            return err_set (err, RC_INVALID, "route %s %s is the same as %s", route->method, route->path,
                            leaf->entries[i].route->path);
    struct entry *entries = realloc (leaf->entries, (leaf->count + 1) * sizeof *entries);
    if (!entries)
        return err_set (err, RC_INTERNAL, "no memory for routes");
    leaf->entries = entries;
    struct entry *entry = &entries[leaf->count++];
    *entry = (struct entry){ .route = route };
    size_t count = 0;
    for (const char *at = strchr (route->path, '{'); at; at = strchr (at + 1, '{'))
        if (!(entry->names[count++] = strndup (at + 1, strcspn (at + 1, "*}"))))
            return err_set (err, RC_INTERNAL, "no memory for routes");
    return RC_OK;
}

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

/* "{name}" → its kind: 0 fixed, 1 one segment, 2 all that is left, -1 malformed. */
static int
segment_kind (const char *segment, size_t size)
{
    if (!memchr (segment, '{', size) && !memchr (segment, '}', size))
        return memchr (segment, '*', size) ? -1 : 0;
    if (size < 3 || segment[0] != '{' || segment[size - 1] != '}')
        return -1;
    bool rest = segment[size - 2] == '*';
    size_t name = strspn (segment + 1, name_characters);
    return name && name == size - 2 - rest ? 1 + rest : -1;
}

static enum rc
route_add (struct http_router *router, const struct http_route *route, struct err *err)
{
    struct node *node = &router->root;
    const char *at = route->path;
    size_t params = 0, segments = 0;
    while (node && *at) {
        const char *segment = ++at;
        size_t size = strcspn (segment, "/");
        int kind = segment_kind (segment, size);
        at += size;
        params += kind > 0;
        if (kind < 0 || ++segments > HTTP_SEGMENTS_MAX || params > HTTP_PARAMS_MAX || (kind == 2 && *at))
            return err_set (err, RC_INVALID, "route %s %s: segment \"%.*s\" is not possible here", route->method,
                            route->path, (int)size, segment);
        if (kind == 2)
            return leaf_add (&node->rest, route, err);
        node = kind ? node_parameter (node) : node_child (node, segment, size);
    }
    if (!node)
        return err_set (err, RC_INTERNAL, "no memory for routes");
    return leaf_add (&node->here, route, err);
}

static enum rc
route_check (const struct http_route *route, struct err *err)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    bool known = false;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        known = known || (route->method && !strcmp (route->method, methods[i]));
    if (!known || !route->path || *route->path != '/' || !route->handler)
        return err_set (err, RC_INVALID, "route %s %s needs a known method, a path and a handler",
                        route->method ? route->method : "?", route->path ? route->path : "?");
    if (route->upload &&
        (!route->upload->begin || !route->upload->chunk || !route->upload->abort || !route->body_limit))
        return err_set (err, RC_INVALID, "route %s %s: an upload needs its three functions and a limit", route->method,
                        route->path);
    for (const char *at = route->query ? route->query : ""; *at;) {
        size_t size = strspn (at, name_characters);
        if (!size || (at[size] && at[size] != ' '))
            return err_set (err, RC_INVALID, "route %s %s: query names are lower case words separated by spaces",
                            route->method, route->path);
        at += size + (at[size] == ' ');
    }
    return RC_OK;
}

/* Next segment of a pattern; advances *at. */
static size_t
pattern_next (const char **at, const char **ret_segment)
{
    *ret_segment = *at + 1;
    size_t size = strcspn (*ret_segment, "/");
    *at = *ret_segment + size;
    return size;
}

/* Both match some path, and each is the more exact one somewhere: no rule could choose. */
static bool
routes_cross (const struct http_route *a, const struct http_route *b)
{
    const char *left = a->path, *right = b->path, *x, *y;
    bool left_wins = false, right_wins = false;
    while (*left && *right) {
        size_t left_size = pattern_next (&left, &x), right_size = pattern_next (&right, &y);
        int left_kind = segment_kind (x, left_size), right_kind = segment_kind (y, right_size);
        if (left_kind == 2 || right_kind == 2)
            return false; /* the rest is always the last choice */
        if (!left_kind && !right_kind && (left_size != right_size || strncmp (x, y, left_size)))
            return false;
        left_wins = left_wins || (!left_kind && right_kind);
        right_wins = right_wins || (left_kind && !right_kind);
    }
    return !*left && !*right && left_wins && right_wins;
}

enum rc
http_router_new (const struct http_route *routes, size_t count, struct http_router **ret_router, struct err *err)
{
    struct http_router *self = calloc (1, sizeof *self);
    if (!self)
        return err_set (err, RC_INTERNAL, "no memory for routes");
    enum rc rc = RC_OK;
    for (size_t i = 0; i < count && !rc; i++) {
        rc = route_check (&routes[i], err);
        if (!rc)
            rc = route_add (self, &routes[i], err);
        for (size_t j = 0; j < i && !rc; j++)
            if (routes_cross (&routes[i], &routes[j]))
                rc = err_set (err, RC_INVALID, "routes %s and %s are ambiguous", routes[j].path, routes[i].path);
    }
    if (rc) {
        http_router_destroy (&self);
        return rc;
    }
    *ret_router = self;
    return RC_OK;
}

static bool
leaf_take (struct walk *walk, const struct leaf *leaf)
{
    if (!leaf->count)
        return false;
    const char *method = !strcmp (walk->method, "HEAD") ? "GET" : walk->method;
    for (size_t i = 0; i < leaf->count; i++)
        if (!strcmp (leaf->entries[i].route->method, method)) {
            walk->found = &leaf->entries[i];
            return true;
        }
    if (walk->other_count < OTHERS)
        walk->others[walk->other_count++] = leaf;
    return false;
}

static bool
walk_node (struct walk *walk, const struct node *node, size_t depth)
{
    if (depth == walk->count && leaf_take (walk, &node->here))
        return true;
    if (depth < walk->count) {
        for (size_t i = 0; i < node->child_count; i++)
            if (!strcmp (node->children[i]->segment, walk->segments[depth])) {
                if (walk_node (walk, node->children[i], depth + 1))
                    return true;
                break;
            }
        if (node->parameter && *walk->segments[depth]) {
            walk->captured[walk->captures++] = depth;
            if (walk_node (walk, node->parameter, depth + 1))
                return true;
            walk->captures--;
        }
    }
    for (size_t i = depth; i < walk->count; i++)
        if (!*walk->segments[i] && walk->count > depth + 1)
            return false; /* "a//b" is no file of anybody's */
    if (!leaf_take (walk, &node->rest))
        return false;
    walk->captured[walk->captures++] = depth;
    return true;
}

/* Cuts the path at its slashes and decodes every segment where it stands. */
static bool
path_cut (char *path, struct walk *walk)
{
    char *segment = path + 1;
    for (char more = *path; more;) {
        size_t size = strcspn (segment, "/");
        more = segment[size];
        if (walk->count == HTTP_SEGMENTS_MAX || !http_decode_segment (segment, size, segment))
            return false;
        walk->segments[walk->count++] = segment;
        segment += size + 1;
    }
    return true;
}

/* The segments from `first` on as one text again, moved together where they stand. */
static const char *
path_join (struct walk *walk, size_t first)
{
    if (first >= walk->count)
        return "";
    char *joined = walk->segments[first], *end = joined + strlen (joined);
    for (size_t i = first + 1; i < walk->count; i++) {
        size_t size = strlen (walk->segments[i]);
        *end++ = '/';
        memmove (end, walk->segments[i], size + 1);
        end += size;
    }
    return joined;
}

static void
match_allow (const struct leaf *leaf, struct http_match *match)
{
    size_t used = strlen (match->allow);
    for (size_t i = 0; i < leaf->count && used < sizeof match->allow; i++) {
        const char *method = leaf->entries[i].route->method;
        if (!strstr (match->allow, method)) /* no method's name is part of another's */
            used += (size_t)snprintf (match->allow + used, sizeof match->allow - used, "%s%s%s", used ? ", " : "",
                                      method, strcmp (method, "GET") ? "" : ", HEAD");
    }
}

void
http_router_match (const struct http_router *self, const char *method, char *path, struct http_match *ret_match)
{
    struct walk walk = { .method = method };
    *ret_match = (struct http_match){ .status = 404 };
    if (!path_cut (path, &walk))
        return;
    if (!walk_node (&walk, &self->root, 0)) {
        if (walk.other_count)
            ret_match->status = 405;
        for (size_t i = 0; i < walk.other_count; i++)
            match_allow (walk.others[i], ret_match);
        return;
    }
    ret_match->status = 200;
    ret_match->route = walk.found->route;
    ret_match->param_count = walk.captures;
    for (size_t i = 0; i < walk.captures; i++) {
        const char *name = walk.found->names[i];
        bool rest = i + 1 == walk.captures && strstr (ret_match->route->path, "*}");
        ret_match->params[i] =
            (struct http_field){ name, rest ? path_join (&walk, walk.captured[i]) : walk.segments[walk.captured[i]] };
    }
}

static bool
word_listed (const char *list, const char *word, int (*differ) (const char *, const char *, size_t))
{
    size_t size = strlen (word);
    for (const char *at = list; at && *at;) {
        size_t length = strcspn (at, " ");
        if (length == size && !differ (at, word, size))
            return true;
        at += length + strspn (at + length, " ");
    }
    return false;
}

struct http_fault
http_query_parse (const char *allowed, char *query, struct http_field fields[static HTTP_QUERY_MAX], size_t *ret_count)
{
    size_t count = 0;
    for (char *at = query, *next; at && *at; at = next) {
        size_t size = strcspn (at, "&");
        next = at[size] ? at + size + 1 : NULL;
        if (!size)
            continue;
        size_t name = strcspn (at, "=");
        name = name < size ? name : size;
        size_t value = name < size ? name + 1 : size;
        char *text = at + value; /* decoded first, for decoding the name ends it before the '=' */
        if (name == size)
            at[size] = 0;
        if ((value < size && !http_decode_query (text, size - value, text)) || !http_decode_query (at, name, at))
            return (struct http_fault){ "http.query_malformed", NULL };
        if (value >= size)
            text = at + strlen (at);
        if (!*at || !word_listed (allowed, at, strncmp))
            return (struct http_fault){ "http.query_unknown", at };
        for (size_t i = 0; i < count; i++)
            if (!strcmp (fields[i].name, at))
                return (struct http_fault){ "http.query_double", fields[i].name };
        if (count == HTTP_QUERY_MAX)
            return (struct http_fault){ "http.query_malformed", NULL };
        fields[count++] = (struct http_field){ at, text };
    }
    *ret_count = count;
    return (struct http_fault){ NULL, NULL };
}

bool
http_media_type_accepted (const char *content_type, const char *accepted)
{
    char type[128];
    size_t size = content_type ? strcspn (content_type, "; \t") : 0;
    if (!size || size >= sizeof type)
        return !accepted && !size;
    memcpy (type, content_type, size);
    type[size] = 0;
    const char *charset = strcasestr (content_type + size, "charset=");
    if (charset) {
        charset += strlen ("charset=");
        charset += *charset == '"';
        if (strncasecmp (charset, "utf-8", 5) || !(charset[5] == 0 || strchr ("\"; \t", charset[5])))
            return false;
    }
    return !accepted || word_listed (accepted, type, strncasecmp);
}
