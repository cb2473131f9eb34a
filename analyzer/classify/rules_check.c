/* SPDX-License-Identifier: MIT */
/*
 * An example proves its rule only over the whole set: a rule that stands
 * behind a wider one never wins.  The winner is found the way a run finds it,
 * pre-filter included.
 */
#include "classify/rules_check.h"

#include "base/diag.h"
#include "base/memory.h"
#include "classify/classifier.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_MATCHES = 64 };

struct check {
    const struct rules *rules;
    struct classifier *classifier;
    struct rules_check *result;
};

/* The event of an example, under the conditions its rule asks for. */
static void read_example(const struct check *c, const struct rule *rule,
    const char *example, struct event *e)
{
    enum direction direction = DIRECTION_OUTBOUND;
    if (rule->direction != NULL) {
        direction_parse(span_of(rule->direction), &direction);
    }
    classifier_read_text(c->classifier, direction, span_of(example), e);
    if (rule->n_stages > 0) {
        stage_parse(span_of(rule->stages[0]), &e->stage);
    }
}

/* The rules that match ${example} of rule ${i}, in order. */
static size_t matching(
    const struct check *c, size_t i, const char *example, uint32_t *numbers)
{
    struct event e;
    read_example(c, rules_at(c->rules, i), example, &e);
    return classifier_explain(c->classifier, &e, numbers, MOST_MATCHES);
}

static void report(const struct check *c, size_t i, const char *what,
    const char *winner, const char *example)
{
    diag_error("%s:%u: %s: %s%s: %.300s", rules_file(c->rules, i),
        rules_line(c->rules, i), rules_at(c->rules, i)->id, what, winner,
        example);
}

/* True if rule ${i} wins ${example}; otherwise says who does. */
static bool check_example(struct check *c, size_t i, const char *example)
{
    uint32_t numbers[MOST_MATCHES];
    size_t n = matching(c, i, example, numbers);
    c->result->n_examples++;
    if (n > 0 && numbers[0] == i) {
        return true;
    }
    bool matches = false;
    for (size_t j = 0; j < n; j++) {
        matches = matches || numbers[j] == i;
    }
    c->result->n_lost++;
    if (n == 0) {
        report(c, i, "no rule matches its example", "", example);
    } else {
        report(c, i,
            matches ? "its example is claimed before by "
                    : "it does not match its own example, which goes to ",
            rules_at(c->rules, numbers[0])->id, example);
    }
    return false;
}

static void check_counterexample(struct check *c, size_t i, const char *example)
{
    uint32_t numbers[MOST_MATCHES];
    size_t n = matching(c, i, example, numbers);
    c->result->n_counterexamples++;
    if (n > 0 && numbers[0] == i) {
        c->result->n_taken++;
        report(c, i, "it takes its counterexample", "", example);
    }
}

static void check_rule(struct check *c, size_t i)
{
    const struct rule *rule = rules_at(c->rules, i);
    unsigned won = 0;
    for (unsigned j = 0; j < rule->n_examples; j++) {
        won += check_example(c, i, rule->examples[j]);
    }
    for (unsigned j = 0; j < rule->n_counterexamples; j++) {
        check_counterexample(c, i, rule->counterexamples[j]);
    }
    if (won == 0) {
        c->result->n_never++;
        report(c, i, "it wins none of its examples", "", "");
    }
}

/* Report groups of ${re} that nobody reads; return how many. */
static size_t check_groups(const struct regex *re, const char **bad)
{
    size_t n = 0;
    for (unsigned i = 1; re != NULL && i <= regex_n_groups(re); i++) {
        const char *name = regex_group_name(re, i);
        if (name != NULL && !particulars_is_group(name)) {
            *bad = name;
            n++;
        }
    }
    return n;
}

/* The field that the expression is for: its first group with a meaning. */
static enum particular field_of(const struct regex *re)
{
    for (unsigned i = 1; re != NULL && i <= regex_n_groups(re); i++) {
        const char *name = regex_group_name(re, i);
        for (int p = 0; name != NULL && p < PARTICULAR_COUNT; p++) {
            if (strcmp(name, particulars_name((enum particular)p)) == 0) {
                return (enum particular)p;
            }
        }
    }
    return PARTICULAR_COUNT;
}

static void check_field_example(const struct check *c, size_t i,
    enum particular which, const struct rules_field_example *example)
{
    struct event e;
    struct verdict v;
    struct particulars found;
    classifier_read_text(
        c->classifier, DIRECTION_OUTBOUND, span_of(example->reply), &e);
    classifier_judge(c->classifier, &e, &v);
    classifier_particulars(c->classifier, &e, &v, &found);
    if (!span_equal(found.values[which], span_of(example->want))) {
        char what[128];
        snprintf(what, sizeof(what), "its example reads \"%.*s\"",
            (int)(found.values[which].len < 80 ? found.values[which].len : 80),
            found.values[which].len > 0 ? found.values[which].ptr : "");
        rules_field_error(c->rules, i, what, example->reply);
        c->result->n_unread++;
    }
}

static void check_field(const struct check *c, size_t i)
{
    const struct rules_field *field = rules_field(c->rules, i);
    const struct regex *re = rules_field_regex(c->rules, i);
    enum particular which = field_of(re);
    const char *bad = NULL;
    if (re != NULL && which == PARTICULAR_COUNT) {
        rules_field_error(c->rules, i, "it names no field", field->match);
        c->result->n_unread++;
        return;
    }
    if (check_groups(re, &bad) > 0) {
        rules_field_error(c->rules, i, "no such field", bad);
        c->result->n_unread++;
    }
    for (unsigned j = 0; re != NULL && j < field->n_examples; j++) {
        check_field_example(c, i, which, &field->examples[j]);
    }
}

/* An `extract` must name fields, and find them in an example of its rule. */
static void check_extract(const struct check *c, size_t i)
{
    const struct rule *rule = rules_at(c->rules, i);
    const struct regex *re = rules_regex(c->rules, i, RULES_EXTRACT);
    const char *bad = "";
    if (re == NULL) {
        return;
    }
    if (check_groups(re, &bad) > 0 || regex_n_groups(re) == 0) {
        report(c, i, "its extract has a group that is no field", "", bad);
        c->result->n_unread++;
    }
    struct regex_workspace *w = regex_workspace_create();
    bool found = false;
    for (unsigned j = 0; j < rule->n_examples && !found; j++) {
        struct event e;
        read_example(c, rule, rule->examples[j], &e);
        found = regex_match(re, w, e.reply.text) == REGEX_MATCH;
    }
    regex_workspace_free(w);
    if (!found) {
        report(c, i, "its extract finds nothing in its examples", "",
            rule->extract);
        c->result->n_unread++;
    }
}

/* Details that no rule gives; the codes may give them all the same. */
static size_t count_uncovered(const struct rules *r, const struct knowledge *k)
{
    size_t n = 0;
    for (unsigned i = 0; i < knowledge_n_causes(k); i++) {
        const struct cause_entry *cause = knowledge_cause_at(k, i);
        for (unsigned j = 0; j < cause->n_details; j++) {
            size_t rule = 0;
            while (rule < rules_count(r) &&
                   (rules_cause(r, rule).ptr != cause->name ||
                       rules_detail(r, rule).ptr != cause->details[j].name)) {
                rule++;
            }
            n += rule == rules_count(r);
        }
    }
    return n;
}

bool rules_check_run(const struct rules *r, const struct knowledge *k,
    struct rules_check *result)
{
    *result = (struct rules_check){.n_rules = rules_count(r)};
    result->n_faulty = rules_compile_all(r);
    result->n_fields = rules_n_fields(r);
    result->n_always = rules_n_always(r);
    result->n_causes = count_uncovered(r, k);
    struct check c = {r, classifier_create(r, k), result};
    for (size_t i = 0; i < rules_count(r); i++) {
        check_rule(&c, i);
        check_extract(&c, i);
    }
    for (size_t i = 0; i < rules_n_fields(r); i++) {
        check_field(&c, i);
    }
    classifier_free(c.classifier);
    return result->n_faulty + result->n_lost + result->n_taken +
               result->n_never + result->n_unread ==
           0;
}
