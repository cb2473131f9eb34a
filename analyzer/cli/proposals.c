/* SPDX-License-Identifier: MIT */
/*
 * Texts are written between single quotes, where YAML knows one escape only
 * (two quotes for one); what they may hold is thus all that has to be checked.
 * Comments hold names of rules and causes and numbers, nothing of a log.
 */
#include "cli/proposals.h"

#include <inttypes.h>

#include "report/utf8.h"

/* A neighbour as near as this is a counter-sample. */
static const double confusable = 0.35;

static bool is_writable(struct span s)
{
    while (s.len > 0) {
        uint32_t code = 0;
        s = span_skip(s, utf8_next(s, &code));
        if (code == UTF8_INVALID || utf8_is_unsafe(code) ||
            (code & 0xfffe) == 0xfffe) {
            return false;
        }
    }
    return true;
}

static void add_quoted(struct buffer *out, struct span s)
{
    buffer_add_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        buffer_add_string(out, s.ptr[i] == '\'' ? "'" : "");
        buffer_add_char(out, s.ptr[i]);
    }
    buffer_add_char(out, '\'');
}

static void add_texts(
    struct buffer *out, const char *key, char *const *texts, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        buffer_addf(
            out, i == 0 ? "    %s: ['%s'" : "%.0s, '%s'", key, texts[i]);
    }
    buffer_add_string(out, n > 0 ? "]\n" : "");
}

static void add_cause(struct buffer *out, struct span cause, struct span detail)
{
    buffer_addf(out, "%.*s.%.*s", (int)cause.len, cause.ptr, (int)detail.len,
        detail.ptr);
}

static const char *basis_text(enum suggest_basis basis)
{
    return basis == SUGGEST_BASIS_NEIGHBOURS ? "as its neighbours"
           : basis == SUGGEST_BASIS_STATUS
               ? "what the enhanced code usually means"
           : basis == SUGGEST_BASIS_CODE ? "what the reply code usually means"
                                         : "nothing says it: decide";
}

/* What speaks for the rule. */
static void add_reasons(struct buffer *out, const struct suggestion *s)
{
    buffer_addf(out,
        "  # %" PRId64 " attempts, %zu template%s; the cause is %s.\n",
        s->attempts, s->n_templates, s->n_templates == 1 ? "" : "s",
        basis_text(s->basis));
    for (size_t i = 0; i < s->n_neighbours; i++) {
        const struct suggest_neighbour *near = &s->neighbours[i];
        buffer_addf(
            out, "  # near: %.*s (", (int)near->rule.len, near->rule.ptr);
        add_cause(out, near->cause, near->detail);
        buffer_addf(out, ") %.2f\n", near->similarity);
    }
}

/* Those examples of ${s} that can be written; how many. */
static size_t writable_examples(
    const struct suggestion *s, const struct span **list)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_examples; i++) {
        if (is_writable(s->examples[i])) {
            list[n++] = &s->examples[i];
        }
    }
    return n;
}

static bool add_rule(struct buffer *out, const struct suggestion *s)
{
    const struct span *examples[SUGGEST_MAX_EXAMPLES];
    size_t n = writable_examples(s, examples);
    if (n == 0 || !is_writable(s->match)) {
        return false;
    }
    buffer_add_char(out, '\n');
    add_reasons(out, s);
    buffer_addf(out, "  - id: %.*s\n    cause: ", (int)s->id.len, s->id.ptr);
    add_cause(out, s->cause, s->detail);
    buffer_add_string(out, "\n    match: ");
    add_quoted(out, s->match);
    buffer_add_char(out, '\n');
    if (s->codes.conditions.direction != DIRECTION_UNKNOWN) {
        buffer_addf(out, "    direction: %s\n",
            direction_name(s->codes.conditions.direction));
    }
    add_texts(out, "codes", s->codes.codes, s->codes.n_codes);
    add_texts(out, "status", s->codes.status, s->codes.n_status);
    buffer_add_string(out, "    examples:\n");
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, "      - ");
        add_quoted(out, *examples[i]);
        buffer_add_char(out, '\n');
    }
    const struct suggest_neighbour *near = &s->neighbours[0];
    if (s->n_neighbours > 0 && near->similarity >= confusable &&
        near->reply.len > 0 && is_writable(near->reply)) {
        buffer_add_string(out, "    counterexamples:\n      - ");
        add_quoted(out, near->reply);
        buffer_add_char(out, '\n');
    }
    return true;
}

size_t proposals_write(
    struct buffer *out, const struct suggestion *list, size_t n)
{
    size_t n_written = 0;
    buffer_add_string(out, n > 0 ? "rules:\n" : "rules: []\n");
    for (size_t i = 0; i < n; i++) {
        n_written += add_rule(out, &list[i]);
    }
    return n_written;
}
