/* SPDX-License-Identifier: MIT */
/*
 * What is reported here is no fault: a specific rule before a general one of
 * the same file claims its examples by right.  But where two rules are close,
 * a counterexample keeps a later change from moving replies unseen.
 */
#include "classify/coverage.h"

#include "classify/classifier.h"
#include "classify/wording.h"
#include "pattern/literals.h"

#include <stdlib.h>

enum { MOST_MATCHES = 64, SHORTEST_LITERAL = 4 };

/* Two examples more alike than this are easily taken for each other. */
static const double close_enough = 0.7;

struct pair_list {
    struct coverage_pair *items;
    size_t n;
    size_t room;
};

static void add_pair(struct pair_list *list, struct coverage_pair pair)
{
    if (list->n == list->room) {
        list->room = list->room * 2 + 64;
        list->items =
            memory_grow(list->items, list->room, sizeof(*list->items));
    }
    list->items[list->n++] = pair;
}

static bool same_detail(const struct rules *r, size_t a, size_t b)
{
    return span_equal(rules_cause(r, a), rules_cause(r, b)) &&
           span_equal(rules_detail(r, a), rules_detail(r, b));
}

static void count_layers(const struct rules *r, struct coverage *c)
{
    c->layers = memory_zalloc(rules_count(r) + 1, sizeof(*c->layers));
    for (size_t i = 0; i < rules_count(r); i++) {
        const char *file = rules_file(r, i);
        if (c->n_layers == 0 || c->layers[c->n_layers - 1].file != file) {
            c->layers[c->n_layers++].file = file;
        }
        struct coverage_layer *layer = &c->layers[c->n_layers - 1];
        layer->n_rules++;
        layer->n_examples += rules_at(r, i)->n_examples;
        layer->n_counterexamples += rules_at(r, i)->n_counterexamples;
    }
}

/* An example as words. */
struct sample {
    size_t rule;
    const char *text;
    struct wording wording;
};

struct samples {
    struct sample *items;
    struct wording *wordings;
    size_t n;
};

/* Read the example and note who claims it besides its rule. */
static void read_example(const struct rules *r, struct classifier *classifier,
    struct sample *s, struct arena *arena, struct pair_list *claims)
{
    struct event e;
    struct verdict v;
    uint32_t numbers[MOST_MATCHES];
    enum direction direction = DIRECTION_OUTBOUND;
    if (rules_at(r, s->rule)->direction != NULL) {
        direction_parse(span_of(rules_at(r, s->rule)->direction), &direction);
    }
    classifier_read_text(classifier, direction, span_of(s->text), &e);
    size_t n = classifier_explain(classifier, &e, numbers, MOST_MATCHES);
    for (size_t i = 0; i < n; i++) {
        if (numbers[i] != s->rule && !same_detail(r, numbers[i], s->rule) &&
            rules_file(r, numbers[i]) == rules_file(r, s->rule)) {
            add_pair(claims,
                (struct coverage_pair){s->rule, numbers[i], 1, s->text});
        }
    }
    classifier_judge(classifier, &e, &v);
    wording_read(arena, arena_copy(arena, v.template), &s->wording);
}

static void read_examples(const struct rules *r, const struct knowledge *k,
    struct arena *arena, struct samples *samples, struct pair_list *claims)
{
    struct classifier *classifier = classifier_create(r, k);
    for (size_t i = 0; i < rules_count(r); i++) {
        samples->n += rules_at(r, i)->n_examples;
    }
    samples->items = memory_zalloc(samples->n + 1, sizeof(*samples->items));
    samples->wordings =
        memory_zalloc(samples->n + 1, sizeof(*samples->wordings));
    size_t n = 0;
    for (size_t i = 0; i < rules_count(r); i++) {
        for (unsigned j = 0; j < rules_at(r, i)->n_examples; j++) {
            struct sample *s = &samples->items[n];
            *s =
                (struct sample){.rule = i, .text = rules_at(r, i)->examples[j]};
            read_example(r, classifier, s, arena, claims);
            samples->wordings[n++] = s->wording;
        }
    }
    classifier_free(classifier);
}

/* The nearest example of another detail for each rule that has no
 * counterexample. */
static void find_close(const struct rules *r, const struct samples *samples,
    struct pair_list *list)
{
    struct wording_weights *weights =
        wording_weights_create(samples->wordings, samples->n);
    struct coverage_pair best = {.rule = rules_count(r)};
    for (size_t i = 0; i < samples->n; i++) {
        const struct sample *a = &samples->items[i];
        if (a->rule != best.rule) {
            best = (struct coverage_pair){.rule = a->rule};
        }
        for (size_t j = 0; j < samples->n; j++) {
            const struct sample *b = &samples->items[j];
            double similarity =
                same_detail(r, a->rule, b->rule)
                    ? 0
                    : wording_similarity(weights, &a->wording, &b->wording);
            if (similarity > best.similarity) {
                best = (struct coverage_pair){
                    a->rule, b->rule, similarity, b->text};
            }
        }
        bool last =
            i + 1 == samples->n || samples->items[i + 1].rule != a->rule;
        if (last && best.similarity >= close_enough &&
            rules_at(r, a->rule)->n_counterexamples == 0) {
            add_pair(list, best);
        }
    }
    wording_weights_free(weights);
}

/* An alternative that is nothing but text, in lower case. */
struct literal {
    size_t rule;
    struct span text;
    const char *part;
};

static bool is_plain(const char *part)
{
    return strpbrk(part, "\\^$.|?*+()[]{}") == NULL;
}

static size_t collect_literals(
    const struct rules *r, struct arena *arena, struct literal **list)
{
    size_t n = 0;
    size_t room = 0;
    for (size_t i = 0; i < rules_count(r); i++) {
        const char *parts[LITERALS_MAX_PARTS];
        size_t n_parts = literals_split(rules_at(r, i)->match, arena, parts);
        for (size_t j = 0; j < n_parts; j++) {
            struct span text = span_of(parts[j]);
            if (!is_plain(parts[j]) || text.len < SHORTEST_LITERAL) {
                continue;
            }
            if (n == room) {
                room = room * 2 + 256;
                *list = memory_grow(*list, room, sizeof(**list));
            }
            char *lower = arena_alloc(arena, text.len);
            span_lower(text, lower);
            (*list)[n++] = (struct literal){i, {lower, text.len}, parts[j]};
        }
    }
    return n;
}

/* Does rule ${i} take every reply that its expression matches? */
static bool takes_all(const struct rule *rule)
{
    return rule->unless == NULL && rule->direction == NULL &&
           rule->n_stages == 0 && rule->n_codes == 0 && rule->n_status == 0;
}

static void find_dead(
    const struct rules *r, struct arena *arena, struct pair_list *list)
{
    struct literal *literals = NULL;
    size_t n = collect_literals(r, arena, &literals);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n && literals[j].rule < literals[i].rule; j++) {
            struct span text = literals[i].text;
            if (takes_all(rules_at(r, literals[j].rule)) &&
                span_find(text, literals[j].text) < text.len) {
                add_pair(list, (struct coverage_pair){literals[i].rule,
                                   literals[j].rule, 1, literals[i].part});
                break;
            }
        }
    }
    free(literals);
}

void coverage_find(
    const struct rules *r, const struct knowledge *k, struct coverage *c)
{
    *c = (struct coverage){.n_layers = 0};
    struct pair_list claims = {.n = 0};
    struct pair_list close = {.n = 0};
    struct pair_list dead = {.n = 0};
    struct samples samples = {.n = 0};
    c->arena = arena_create();
    count_layers(r, c);
    read_examples(r, k, c->arena, &samples, &claims);
    find_close(r, &samples, &close);
    find_dead(r, c->arena, &dead);
    free(samples.items);
    free(samples.wordings);
    c->claims = claims.items;
    c->n_claims = claims.n;
    c->close = close.items;
    c->n_close = close.n;
    c->dead = dead.items;
    c->n_dead = dead.n;
}

void coverage_reset(struct coverage *c)
{
    arena_free(c->arena);
    free(c->layers);
    free(c->claims);
    free(c->close);
    free(c->dead);
    *c = (struct coverage){.n_layers = 0};
}
