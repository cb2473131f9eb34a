/* SPDX-License-Identifier: MIT */
/*
 * The page is made from the packs, so that it cannot say anything else than
 * what they do; a test compares it with the file in docs/.
 */
#include "cli/causes.h"

static const char head[] =
    "<!-- SPDX-License-Identifier: MIT -->\n"
    "<!-- Made by `smtpscope patterns causes`: change the packs, not this. "
    "-->\n"
    "# Causes\n"
    "What smtpscope says of a reply: a cause, and a detail of it. "
    "*Permanence* tells whether a retry can help, *side* who has to act: us "
    "(the sending side), them (the receiving side) or the addressee. *Rules* "
    "is how many rules give the detail; where none matches, the enhanced "
    "status code decides, then the reply code (`patterns/codes.yaml`). "
    "Numbers before advice are the steps of the guide.\n";

/* ${text} in a cell of a table. */
static void add_cell(struct buffer *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '|') {
            buffer_add_char(out, '\\');
        }
        buffer_add_char(out, *text == '\n' ? ' ' : *text);
    }
}

/* How many rules give this detail; ${example} is that of the first. */
static size_t count_rules(const struct rules *r, const struct cause_entry *c,
    const struct detail_entry *d, const char **example)
{
    size_t n = 0;
    for (size_t i = 0; i < rules_count(r); i++) {
        if (rules_cause(r, i).ptr != c->name ||
            rules_detail(r, i).ptr != d->name) {
            continue;
        }
        if (n++ == 0 && rules_at(r, i)->n_examples > 0) {
            *example = rules_at(r, i)->examples[0];
        }
    }
    return n;
}

static void add_advice(
    struct buffer *out, const struct knowledge *k, const struct detail_entry *d)
{
    for (unsigned i = 0; i < d->n_advice; i++) {
        const struct advice_entry *a =
            knowledge_advice(k, span_of(d->advice[i]));
        buffer_add_string(out, i > 0 ? "; " : "");
        if (a->step > 0) {
            buffer_addf(out, "%u ", a->step);
        }
        add_cell(out, a->title);
    }
}

static void add_detail(struct buffer *out, const struct knowledge *k,
    const struct rules *r, const struct cause_entry *c,
    const struct detail_entry *d)
{
    const char *example = NULL;
    size_t n = count_rules(r, c, d, &example);
    buffer_addf(out, "| `%s` | ", d->name);
    add_cell(out, d->definition);
    buffer_addf(out, " | %s | %s | ", d->permanence, d->side);
    add_advice(out, k, d);
    buffer_addf(out, " | %zu | ", n);
    if (example != NULL) {
        buffer_add_string(out, "`` ");
        add_cell(out, example);
        buffer_add_string(out, " ``");
    }
    buffer_add_string(out, " |\n");
}

void causes_write(
    struct buffer *out, const struct knowledge *k, const struct rules *r)
{
    buffer_add_string(out, head);
    for (unsigned i = 0; i < knowledge_n_causes(k); i++) {
        const struct cause_entry *c = knowledge_cause_at(k, i);
        buffer_addf(
            out, "\n## %s (`%s`)\n%s\n\n", c->title, c->name, c->definition);
        buffer_add_string(out,
            "| detail | meaning | permanence | side | advice | rules | "
            "example |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        for (unsigned j = 0; j < c->n_details; j++) {
            add_detail(out, k, r, c, &c->details[j]);
        }
    }
}
