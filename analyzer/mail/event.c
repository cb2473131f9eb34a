/* SPDX-License-Identifier: MIT */
#include "mail/event.h"

/* A name in a table, so that its place there is known by its address. */
struct word {
    char text[15];
    char len;
};

#define WORD(name, text) {text, sizeof(text) - 1},

static const struct word directions[] = {DIRECTION_LIST(WORD)};
static const struct word dispositions[] = {DISPOSITION_LIST(WORD)};
static const struct word stages[] = {STAGE_LIST(WORD)};
static const struct word kinds[] = {EVENT_KIND_LIST(WORD)};

static struct span text_of(const struct word *w)
{
    return (struct span){w->text, (size_t)w->len};
}

/* The index of ${s} in ${words}, or -1; the empty name is never found.  Packs
 * hold the names themselves (event_word()), so the address tells most. */
static inline int find(struct span s, const struct word *words, int n)
{
    if (s.len == 0) {
        return -1;
    }
    uintptr_t at = (uintptr_t)s.ptr - (uintptr_t)words;
    if (at < (uintptr_t)n * sizeof(*words)) {
        return (int)(at / sizeof(*words));
    }
    for (int i = 1; i < n; i++) {
        if (span_equal(s, text_of(&words[i]))) {
            return i;
        }
    }
    return -1;
}

const char *direction_name(enum direction d)
{
    return directions[d].text;
}

const char *disposition_name(enum disposition d)
{
    return dispositions[d].text;
}

const char *stage_name(enum stage s)
{
    return stages[s].text;
}

const char *event_kind_name(enum event_kind k)
{
    return kinds[k].text;
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
        const struct word *words;
        int n;
    } lists[] = {{directions, DIRECTION_COUNT},
        {dispositions, DISPOSITION_COUNT}, {stages, STAGE_COUNT},
        {kinds, EVENT_KIND_COUNT}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        int found = find(s, lists[i].words, lists[i].n);
        if (found > 0) {
            return text_of(&lists[i].words[found]);
        }
    }
    return s;
}
