/* SPDX-License-Identifier: MIT */
#include "mail/event.h"

#define NAME(name, text) SPAN_INIT(text),

static const struct span directions[] = {DIRECTION_LIST(NAME)};
static const struct span dispositions[] = {DISPOSITION_LIST(NAME)};
static const struct span stages[] = {STAGE_LIST(NAME)};
static const struct span kinds[] = {EVENT_KIND_LIST(NAME)};

/* The index of ${s} in ${names}, or -1; the empty name is never found.  Packs
 * hold the names themselves (event_word()), so the address tells most. */
static int find(struct span s, const struct span *names, int n)
{
    for (int i = 1; i < n && span_is_known(s); i++) {
        if (s.ptr == names[i].ptr) {
            return i;
        }
    }
    for (int i = 1; i < n && s.len > 0; i++) {
        if (span_equal(s, names[i])) {
            return i;
        }
    }
    return -1;
}

const char *direction_name(enum direction d)
{
    return directions[d].ptr;
}

const char *disposition_name(enum disposition d)
{
    return dispositions[d].ptr;
}

const char *stage_name(enum stage s)
{
    return stages[s].ptr;
}

const char *event_kind_name(enum event_kind k)
{
    return kinds[k].ptr;
}

bool direction_parse(struct span s, enum direction *d)
{
    int i = find(s, directions, DIRECTION_COUNT);
    *d = i > 0 ? (enum direction)i : DIRECTION_UNKNOWN;
    return i > 0;
}

bool disposition_parse(struct span s, enum disposition *d)
{
    int i = find(s, dispositions, DISPOSITION_COUNT);
    *d = i > 0 ? (enum disposition)i : DISPOSITION_UNKNOWN;
    return i > 0;
}

bool stage_parse(struct span s, enum stage *stage)
{
    int i = find(s, stages, STAGE_COUNT);
    *stage = i > 0 ? (enum stage)i : STAGE_UNKNOWN;
    return i > 0;
}

bool event_kind_parse(struct span s, enum event_kind *k)
{
    int i = find(s, kinds, EVENT_KIND_COUNT);
    *k = i > 0 ? (enum event_kind)i : EVENT_UNKNOWN;
    return i > 0;
}

struct span event_word(struct span s)
{
    static const struct {
        const struct span *names;
        int n;
    } lists[] = {{directions, DIRECTION_COUNT},
        {dispositions, DISPOSITION_COUNT}, {stages, STAGE_COUNT},
        {kinds, EVENT_KIND_COUNT}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        int found = find(s, lists[i].names, lists[i].n);
        if (found > 0) {
            return lists[i].names[found];
        }
    }
    return s;
}
