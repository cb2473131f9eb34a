/* SPDX-License-Identifier: MIT */
/*
 * The report layer may not read pattern packs, so it asks through function
 * pointers (findings/lexicon.h); here they meet the knowledge of the packs.
 */
#include "cli/glossary.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

struct glossary {
    const struct knowledge *k;
    struct buffer text; /* the last answer that had to be put together */
    struct lexicon lexicon;
};

static const struct detail_entry *find_detail(
    const struct glossary *g, const char *cause, const char *detail)
{
    return knowledge_detail(g->k, span_of(cause), span_of(detail));
}

/* The enhanced code says more than the reply code. */
static const char *meaning(void *state, const char *code, const char *status)
{
    const struct glossary *g = state;
    struct status_code parsed = {0};
    int64_t number = 0;
    const struct status_entry *by_status = NULL;
    if (status_parse(span_of(status), &parsed) > 0 &&
        (by_status = knowledge_status(g->k, parsed)) != NULL) {
        return by_status->title;
    }
    const struct code_entry *by_code = NULL;
    if (span_number(span_of(code), &number) && number > 0 && number < 1000) {
        by_code = knowledge_reply_code(g->k, (int)number);
    }
    return by_code != NULL ? by_code->title : NULL;
}

static const char *delist_url(void *state, const char *zone, const char *unused)
{
    const struct glossary *g = state;
    (void)unused;
    const struct dnsbl_entry *list =
        dnsbl_by_zone(knowledge_dnsbls(g->k), span_of(zone), NULL);
    return list != NULL ? list->delist : NULL;
}

static const char *cause_title(void *state, const char *name, const char *of)
{
    struct glossary *g = state;
    const struct cause_entry *cause = knowledge_cause(g->k, span_of(name));
    const struct detail_entry *detail = find_detail(g, name, of);
    if (cause == NULL || detail == NULL) {
        return cause != NULL ? cause->title : NULL;
    }
    buffer_reset(&g->text);
    buffer_addf(&g->text, "%s: %s", cause->title, detail->title);
    return buffer_string(&g->text);
}

static const char *definition(void *state, const char *name, const char *of)
{
    const struct glossary *g = state;
    const struct cause_entry *cause = knowledge_cause(g->k, span_of(name));
    const struct detail_entry *detail = find_detail(g, name, of);
    if (detail != NULL) {
        return detail->definition;
    }
    return cause != NULL ? cause->definition : NULL;
}

static const char *side(void *state, const char *cause, const char *name)
{
    const struct detail_entry *detail = find_detail(state, cause, name);
    return detail != NULL ? detail->side : NULL;
}

static unsigned marks(void *state, struct span cause, struct span detail)
{
    const struct glossary *g = state;
    return knowledge_marks(g->k, cause, detail);
}

static bool marked(
    void *state, enum cause_mark mark, struct span *cause, struct span *detail)
{
    const struct glossary *g = state;
    return knowledge_marked(g->k, mark, cause, detail);
}

/* The steps of the ${n} ids of ${advice}; NULL if there are none. */
static const char *steps_of(
    struct glossary *g, char *const *advice_ids, unsigned n)
{
    buffer_reset(&g->text);
    for (unsigned i = 0; i < n; i++) {
        const struct advice_entry *step =
            knowledge_advice(g->k, span_of(advice_ids[i]));
        buffer_addf(&g->text, "%s%s\t%s\t%s", i > 0 ? "\n" : "", step->title,
            step->text, step->command != NULL ? step->command : "");
    }
    return n > 0 ? buffer_string(&g->text) : NULL;
}

static const char *advice(void *state, const char *cause, const char *name)
{
    const struct detail_entry *detail = find_detail(state, cause, name);
    return detail != NULL ? steps_of(state, detail->advice, detail->n_advice)
                          : NULL;
}

static const char *together(
    void *state, const char *direction, const char *cause)
{
    struct glossary *g = state;
    const struct together_entry *t =
        knowledge_together(g->k, span_of(direction), span_of(cause));
    if (t == NULL) {
        return NULL;
    }
    buffer_reset(&g->text);
    buffer_addf(&g->text, "%s\t%s\t%s\t%u\t%u", t->name, t->title, t->meaning,
        t->destinations, t->own_words);
    return buffer_string(&g->text);
}

static const char *together_advice(
    void *state, const char *direction, const char *cause)
{
    const struct glossary *g = state;
    const struct together_entry *t =
        knowledge_together(g->k, span_of(direction), span_of(cause));
    return t != NULL ? steps_of(state, t->advice, t->n_advice) : NULL;
}

struct glossary *glossary_create(const struct knowledge *k)
{
    struct glossary *g = memory_zalloc(1, sizeof(*g));
    g->k = k;
    buffer_init(&g->text, LIMIT_PACK_LEN);
    g->lexicon = (struct lexicon){.state = g,
        .meaning = meaning,
        .delist_url = delist_url,
        .cause_title = cause_title,
        .definition = definition,
        .side = side,
        .advice = advice,
        .together = together,
        .together_advice = together_advice,
        .marks = marks,
        .marked = marked};
    return g;
}

const struct lexicon *glossary_lexicon(const struct glossary *g)
{
    return &g->lexicon;
}

void glossary_free(struct glossary *g)
{
    if (g != NULL) {
        buffer_free(&g->text);
        free(g);
    }
}
