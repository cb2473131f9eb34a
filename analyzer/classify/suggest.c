/* SPDX-License-Identifier: MIT */
/*
 * A template is not understood if no rule and no enhanced code gave its cause:
 * the reply code alone is a guess.  The examples of all rules are taken in as
 * what is understood, beside what the caller adds, so that nothing is proposed
 * that would take a reply from another rule, and so that a neighbour can be
 * named even if the caller has met nothing but trouble.
 */
#include "classify/suggest.h"

#include "base/buffer.h"
#include "base/intern.h"
#include "base/limits.h"
#include "classify/refill.h"

#include <stdio.h>
#include <stdlib.h>

enum { ID_LEN = 48, ID_WORDS = 4, COUNTED_NEIGHBOURS = 5 };

/* A neighbour less like than this proves nothing about the cause; with less
 * than the second it is not worth naming. */
static const double convincing = 0.4;
static const double worth_naming = 0.15;

struct suggest {
    const struct rules *rules;
    const struct knowledge *knowledge;
    struct classifier *classifier;
    struct arena *arena;
    struct specimen *list;
    size_t n;
    size_t room;
    size_t n_examples;   /* of rules: the first in the list */
    struct intern *keys; /* of the others; the first one has number 1 */
    size_t n_known;      /* of these, those understood */
    struct wording_weights *weights;
    struct suggestion *made;
    struct suggest_counts counts;
};

static void add_specimen(struct suggest *s, const struct specimen *specimen)
{
    if (s->n == s->room) {
        s->room = s->room * 2 + 1024;
        s->list = memory_grow(s->list, s->room, sizeof(*s->list));
    }
    s->list[s->n++] = *specimen;
}

/* An example of rule ${i}, as what is understood. */
static void add_example(struct suggest *s, size_t i, const char *example)
{
    const struct rule *rule = rules_at(s->rules, i);
    struct event e;
    struct verdict v;
    enum direction direction = DIRECTION_OUTBOUND;
    if (rule->direction != NULL) {
        direction_parse(span_of(rule->direction), &direction);
    }
    classifier_read_text(s->classifier, direction, span_of(example), &e);
    classifier_judge(s->classifier, &e, &v);
    struct specimen specimen = {.understood = true,
        .rule = span_of(rule->id),
        .cause = rules_cause(s->rules, i),
        .detail = rules_detail(s->rules, i),
        .reply = span_of(example)};
    specimen.facts = (struct reply_facts){.direction = direction,
        .code = e.reply.code,
        .status = e.reply.status,
        .template = arena_copy(s->arena, v.template)};
    wording_read(s->arena, specimen.facts.template, &specimen.wording);
    add_specimen(s, &specimen);
}

struct suggest *suggest_create(const struct rules *r, const struct knowledge *k)
{
    struct suggest *s = memory_zalloc(1, sizeof(*s));
    s->rules = r;
    s->knowledge = k;
    s->classifier = classifier_create(r, k);
    s->arena = arena_create();
    s->keys = intern_create();
    for (size_t i = 0; i < rules_count(r); i++) {
        const struct rule *rule = rules_at(r, i);
        for (unsigned j = 0; j < rule->n_examples; j++) {
            add_example(s, i, rule->examples[j]);
        }
    }
    s->n_examples = s->n;
    return s;
}

void suggest_free(struct suggest *s)
{
    if (s == NULL) {
        return;
    }
    wording_weights_free(s->weights);
    classifier_free(s->classifier);
    arena_free(s->arena);
    intern_free(s->keys);
    free(s->list);
    free(s->made);
    free(s);
}

static bool is_understood(const struct verdict *v)
{
    return !span_equal(v->cause, SPAN_LITERAL("unknown")) &&
           !span_starts(v->rule, SPAN_LITERAL("code-"));
}

/* All of ${facts} that a proposed rule can look at. */
static void write_key(const struct reply_facts *facts, struct buffer *out)
{
    char status[STATUS_TEXT_LEN];
    status_format(facts->status, status);
    buffer_addf(out, "%s %d %s ", direction_name(facts->direction), facts->code,
        status);
    buffer_add(out, facts->template);
}

/* The specimen of ${key}, if there is one. */
static struct specimen *find_specimen(const struct suggest *s, struct span key)
{
    uint32_t number = 0;
    bool found = intern_find(s->keys, key, &number);
    return found ? &s->list[s->n_examples + number - 1] : NULL;
}

static void add_new(struct suggest *s, const struct reply_facts *facts,
    int64_t attempts, struct span key)
{
    struct verdict v;
    classifier_judge_facts(s->classifier, facts, &v);
    bool understood = is_understood(&v);
    size_t *n = understood ? &s->n_known : &s->counts.n_unknown;
    if (span_equal(v.cause, SPAN_LITERAL("ok"))) {
        return;
    }
    if (*n == (understood ? LIMIT_SUGGEST_KNOWN : LIMIT_SUGGEST_UNKNOWN)) {
        s->counts.n_left_out++;
        return;
    }
    ++*n;
    struct specimen specimen = {.facts = *facts,
        .understood = understood,
        .rule = arena_copy(s->arena, v.rule),
        .cause = v.cause, /* of the knowledge */
        .detail = v.detail,
        .attempts = attempts};
    specimen.facts.template = arena_copy(s->arena, facts->template);
    wording_read(s->arena, specimen.facts.template, &specimen.wording);
    intern_add(s->keys, key);
    add_specimen(s, &specimen);
}

void suggest_add(
    struct suggest *s, const struct reply_facts *facts, int64_t attempts)
{
    struct buffer key;
    buffer_init(&key, 2 * LIMIT_TEMPLATE_LEN);
    write_key(facts, &key);
    struct specimen *known = find_specimen(s, buffer_span(&key));
    if (known != NULL) {
        known->attempts += attempts;
    } else {
        add_new(s, facts, attempts, buffer_span(&key));
    }
    buffer_free(&key);
}

void suggest_add_text(struct suggest *s, struct span text)
{
    struct event e;
    struct verdict v;
    classifier_read_text(s->classifier, DIRECTION_OUTBOUND, text, &e);
    classifier_judge(s->classifier, &e, &v);
    char *template = memory_copy(v.template);
    struct reply_facts facts = {.direction = DIRECTION_OUTBOUND,
        .code = e.reply.code,
        .status = e.reply.status,
        .template = {template, v.template.len}};
    suggest_add(s, &facts, 1);
    free(template);
}

/* Put ${near} into the ${n} neighbours, nearest first, each rule once. */
static void offer(struct suggest_neighbour *list, size_t *n, size_t room,
    const struct suggest_neighbour *near)
{
    size_t same = 0;
    while (same < *n && !span_equal(list[same].rule, near->rule)) {
        same++;
    }
    if (same < *n) {
        if (list[same].similarity >= near->similarity) {
            return;
        }
        memmove(list + same, list + same + 1, (*n - same - 1) * sizeof(*list));
        --*n;
    }
    size_t at = *n;
    while (at > 0 && list[at - 1].similarity < near->similarity) {
        at--;
    }
    if (at == room) {
        return;
    }
    *n += *n < room;
    memmove(list + at + 1, list + at, (*n - at - 1) * sizeof(*list));
    list[at] = *near;
}

static size_t find_neighbours(const struct suggest *s,
    const struct wording *wording, struct suggest_neighbour *list)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct specimen *other = &s->list[i];
        if (!other->understood) {
            continue;
        }
        struct suggest_neighbour near = {other->rule, other->cause,
            other->detail,
            wording_similarity(s->weights, wording, &other->wording),
            other->reply};
        if (near.similarity >= worth_naming) {
            offer(list, &n, COUNTED_NEIGHBOURS, &near);
        }
    }
    return n;
}

/* The cause that the neighbours' similarities add up to most for. */
static bool by_neighbours(
    const struct suggest_neighbour *list, size_t n, struct suggestion *made)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++) {
            bool same = span_equal(list[i].cause, list[j].cause) &&
                        span_equal(list[i].detail, list[j].detail);
            sum += same ? list[j].similarity : 0;
        }
        if (list[i].similarity >= convincing && sum > most) {
            most = sum;
            made->cause = list[i].cause;
            made->detail = list[i].detail;
            made->basis = SUGGEST_BASIS_NEIGHBOURS;
        }
    }
    return most > 0;
}

/* The usual cause, which the codes' tables give first. */
static bool by_usual(const struct suggest *s, char **usual, unsigned n,
    enum suggest_basis basis, struct suggestion *made)
{
    if (n == 0 || !knowledge_split(s->knowledge, span_of(usual[0]),
                      &made->cause, &made->detail)) {
        return false;
    }
    made->basis = basis;
    return true;
}

static void choose_cause(const struct suggest *s, const struct family *f,
    const struct suggest_neighbour *near, size_t n, struct suggestion *made)
{
    const struct specimen *first = f->members[0];
    if (by_neighbours(near, n, made)) {
        return;
    }
    const struct status_entry *status =
        knowledge_status(s->knowledge, specimen_status(first));
    if (status != NULL && specimen_status(first).subject != 0 &&
        by_usual(
            s, status->usual, status->n_usual, SUGGEST_BASIS_STATUS, made)) {
        return;
    }
    const struct code_entry *code =
        knowledge_reply_code(s->knowledge, first->facts.code);
    if (code != NULL &&
        by_usual(s, code->usual, code->n_usual, SUGGEST_BASIS_CODE, made)) {
        return;
    }
    made->cause = SPAN_LITERAL("unknown");
    made->detail = SPAN_LITERAL("unknown");
}

/* Replies of which the members' templates come; false if there is none. */
static bool add_examples(
    struct suggest *s, const struct family *f, struct suggestion *made)
{
    struct buffer reply;
    buffer_init(&reply, LIMIT_REPLY_LEN);
    for (size_t i = 0;
         i < f->n_members && made->n_examples < SUGGEST_MAX_EXAMPLES; i++) {
        if (refill_reply(s->classifier, &f->members[i]->facts, &reply)) {
            made->examples[made->n_examples++] =
                arena_copy(s->arena, buffer_span(&reply));
        }
    }
    buffer_free(&reply);
    return made->n_examples > 0;
}

static bool id_is_used(const struct suggest *s, struct span id)
{
    for (size_t i = 0; i < s->counts.n_proposed; i++) {
        if (span_equal(s->made[i].id, id)) {
            return true;
        }
    }
    return rules_find(s->rules, id) < rules_count(s->rules);
}

/* "site-" and the first words of the expression. */
static struct span make_id(struct suggest *s, struct span expression)
{
    char id[ID_LEN + 8] = "site";
    size_t len = strlen(id);
    size_t n_words = 0;
    bool in_word = false;
    for (size_t i = 0; i < expression.len && len < ID_LEN; i++) {
        char c = (char)(expression.ptr[i] | 0x20);
        bool letter = (c >= 'a' && c <= 'z') ||
                      (expression.ptr[i] >= '0' && expression.ptr[i] <= '9');
        if (letter && !in_word) {
            if (n_words++ == ID_WORDS) {
                break;
            }
            id[len++] = '-';
        }
        if (letter) {
            id[len++] = expression.ptr[i] >= 'A' ? c : expression.ptr[i];
        }
        in_word = letter || (in_word && expression.ptr[i] == '\'');
    }
    for (unsigned i = 2; id_is_used(s, (struct span){id, strlen(id)}); i++) {
        snprintf(id + len, sizeof(id) - len, "-%u", i);
    }
    return arena_copy(s->arena, span_of(id));
}

/* Propose a rule for ${f}; false if it has no text of its own. */
static bool propose(
    struct suggest *s, const struct family *f, struct suggestion *made)
{
    *made = (struct suggestion){
        .n_templates = f->n_members, .attempts = f->attempts};
    struct family_search search = {s->list, s->n, s->weights, s->arena};
    family_codes(f, s->arena, &made->codes);
    made->match = family_expression(f, &made->codes.conditions, &search);
    if (!span_is_known(made->match) || !add_examples(s, f, made)) {
        return false;
    }
    struct suggest_neighbour near[COUNTED_NEIGHBOURS];
    size_t n = find_neighbours(s, f->kernel.leader, near);
    choose_cause(s, f, near, n, made);
    made->n_neighbours =
        n < SUGGEST_MAX_NEIGHBOURS ? n : SUGGEST_MAX_NEIGHBOURS;
    memcpy(made->neighbours, near, made->n_neighbours * sizeof(*near));
    made->id = make_id(s, made->match);
    return true;
}

static int by_attempts(const void *a, const void *b)
{
    const struct specimen *x = a;
    const struct specimen *y = b;
    if (x->attempts != y->attempts) {
        return x->attempts > y->attempts ? -1 : 1;
    }
    struct span s = x->facts.template;
    struct span t = y->facts.template;
    int cmp = memcmp(s.ptr, t.ptr, s.len < t.len ? s.len : t.len);
    cmp = cmp != 0 ? cmp : s.len < t.len ? -1 : s.len > t.len;
    return cmp != 0 ? cmp : x->facts.code - y->facts.code;
}

const struct suggestion *suggest_make(struct suggest *s, size_t max, size_t *n)
{
    struct wording *wordings = memory_zalloc(s->n + 1, sizeof(*wordings));
    if (s->n > 1) {
        qsort(s->list, s->n, sizeof(*s->list), by_attempts);
    }
    for (size_t i = 0; i < s->n; i++) {
        wordings[i] = s->list[i].wording;
        s->counts.attempts += s->list[i].understood ? 0 : s->list[i].attempts;
    }
    s->weights = wording_weights_create(wordings, s->n);
    free(wordings);
    struct family_list families =
        family_group(s->list, s->n, s->weights, s->arena);
    s->counts.n_families = families.n;
    s->made = memory_zalloc(families.n + 1, sizeof(*s->made));
    size_t *made = &s->counts.n_proposed;
    for (size_t i = 0; i < families.n && *made < max; i++) {
        bool proposed = propose(s, &families.items[i], &s->made[*made]);
        s->counts.proposed += proposed ? families.items[i].attempts : 0;
        *made += proposed;
        s->counts.n_unlike += !proposed;
    }
    *n = *made;
    return s->made;
}

struct suggest_counts suggest_counts(const struct suggest *s)
{
    return s->counts;
}
