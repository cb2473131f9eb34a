/* SPDX-License-Identifier: MIT */
/*
 * classify_bench - replies per second and core, with the memo off.
 *
 *   classify_bench [--more-rules DIR] [--rounds N] [--prove] FILE...
 *
 * Each line of each FILE is a reply.  All are read into events first; then
 * every round judges every one, template included, and the median round is
 * reported.  --more-rules adds a directory of rules, to see what they cost.
 * --prove tries every rule on every reply instead, and fails where the
 * classifier, which tries only the pre-filter's candidates, decides otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "classify/classifier.h"
#include "classify/template.h"

enum { MOST_ROUNDS = 101, LINE_ROOM = 16384 };

struct bench {
    struct knowledge *knowledge;
    struct rules *rules;
    struct classifier *classifier;
    struct arena *arena;
    struct event *events;
    size_t n_events;
    size_t room;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add_reply(struct bench *b, struct span line)
{
    if (b->n_events == b->room) {
        b->room = b->room * 2 + 1024;
        b->events = memory_grow(b->events, b->room, sizeof(*b->events));
    }
    struct event *e = &b->events[b->n_events++];
    classifier_read_text(
        b->classifier, DIRECTION_OUTBOUND, arena_copy(b->arena, line), e);
    e->reply.text = arena_copy(b->arena, e->reply.text);
}

static bool read_file(struct bench *b, const char *path)
{
    static char line[LINE_ROOM];
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        return false;
    }
    while (fgets(line, sizeof(line), f) != NULL) {
        size_t len = strcspn(line, "\n");
        if (len > 0) {
            add_reply(b, (struct span){line, len});
        }
    }
    fclose(f);
    return true;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Judge all replies once; return the processor seconds that took. */
static double judge_all(struct bench *b)
{
    double start = now();
    for (size_t i = 0; i < b->n_events; i++) {
        struct verdict v;
        classifier_judge(b->classifier, &b->events[i], &v);
    }
    return now() - start;
}

static void measure(struct bench *b, size_t n_rounds)
{
    double seconds[MOST_ROUNDS];
    judge_all(b); /* compiles the expressions */
    for (size_t i = 0; i < n_rounds; i++) {
        seconds[i] = judge_all(b);
    }
    qsort(seconds, n_rounds, sizeof(*seconds), by_value);
    double median = seconds[n_rounds / 2];
    printf("%zu rules, %zu replies, median of %zu rounds: "
           "%.0f replies/s, %.0f ns each (best round %.0f ns)\n",
        rules_count(b->rules), b->n_events, n_rounds,
        (double)b->n_events / median, median * 1e9 / (double)b->n_events,
        seconds[0] * 1e9 / (double)b->n_events);
}

/* Does rule ${i} match, asked without the pre-filter? */
static bool rule_matches(struct bench *b, size_t i,
    const struct rules_facts *facts, struct span text,
    struct regex_workspace *w)
{
    const struct regex *unless = rules_regex(b->rules, i, RULES_UNLESS);
    return rules_applies(b->rules, i, facts) &&
           regex_match(rules_regex(b->rules, i, RULES_MATCH), w, text) ==
               REGEX_MATCH &&
           (unless == NULL || regex_match(unless, w, text) != REGEX_MATCH);
}

static size_t first_rule(
    struct bench *b, const struct event *e, struct regex_workspace *w)
{
    struct verdict v;
    classifier_judge(b->classifier, e, &v);
    struct rules_facts facts = {
        e->direction, e->stage, e->reply.code, event_status(e)};
    size_t i = 0;
    while (i < rules_count(b->rules) &&
           !rule_matches(b, i, &facts, v.template, w)) {
        i++;
    }
    return i;
}

static size_t prove(struct bench *b)
{
    struct regex_workspace *w = regex_workspace_create();
    size_t n_wrong = 0;
    for (size_t i = 0; i < b->n_events; i++) {
        const struct event *e = &b->events[i];
        uint32_t got = 0;
        size_t n = classifier_explain(b->classifier, e, &got, 1);
        size_t want = first_rule(b, e, w);
        bool positive = e->reply.code >= 250 && e->reply.code <= 259;
        positive |= e->reply.code == 0 && e->reply.status.class == 2;
        if (!positive && want != (n > 0 ? got : rules_count(b->rules))) {
            n_wrong++;
            printf("lost: %s: %.*s\n",
                want < rules_count(b->rules) ? rules_at(b->rules, want)->id
                                             : "none",
                (int)e->reply.raw.len, e->reply.raw.ptr);
        }
    }
    regex_workspace_free(w);
    printf("%zu replies, %zu decided otherwise than without the pre-filter\n",
        b->n_events, n_wrong);
    return n_wrong;
}

static bool start(struct bench *b, const char *more_rules)
{
    *b = (struct bench){.knowledge = knowledge_load(more_rules)};
    if (b->knowledge == NULL) {
        return false;
    }
    b->rules = rules_load(b->knowledge, more_rules);
    if (b->rules == NULL) {
        return false;
    }
    b->classifier = classifier_create(b->rules, b->knowledge);
    classifier_use_memo(b->classifier, false);
    b->arena = arena_create();
    return true;
}

static void finish(struct bench *b)
{
    free(b->events);
    arena_free(b->arena);
    classifier_free(b->classifier);
    rules_free(b->rules);
    knowledge_free(b->knowledge);
}

int main(int argc, char **argv)
{
    const char *more_rules = NULL;
    size_t n_rounds = 11;
    bool proves = false;
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--prove") == 0) {
            proves = true;
        } else if (strcmp(argv[i], "--more-rules") == 0 && i + 1 < argc) {
            more_rules = argv[++i];
        } else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
            n_rounds = strtoul(argv[++i], NULL, 10);
        }
    }
    struct bench b;
    if (n_rounds < 1 || n_rounds > MOST_ROUNDS || !start(&b, more_rules)) {
        return 2;
    }
    bool ok = i < argc;
    for (; i < argc; i++) {
        ok = read_file(&b, argv[i]) && ok;
    }
    if (ok && proves) {
        ok = prove(&b) == 0;
    } else if (ok) {
        measure(&b, n_rounds);
    }
    finish(&b);
    return ok ? 0 : 1;
}
