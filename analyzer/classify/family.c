/* SPDX-License-Identifier: MIT */
/*
 * A family grows around its most frequent template: another one joins the
 * family it is most like, unless the words that all share would become too
 * few.  The expression begins with the run of words that tells most, and
 * takes in further runs until nobody else's reply matches.
 */
#include "classify/family.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "pattern/regex.h"

#include <stdio.h>
#include <stdlib.h>

enum { FEWEST_WORDS = 3, EXPRESSION_LEN = 1024, PREFIX_LEN = 16 };

/* Templates less alike than this are not of one family. */
static const double alike = 0.6;

static void add_member(
    struct family *f, struct arena *arena, const struct specimen *s)
{
    if (f->n_members == f->room) {
        size_t room = f->room * 2 + 4;
        const struct specimen **more =
            arena_alloc(arena, room * sizeof(struct specimen *));
        if (f->n_members > 0) {
            memcpy(more, f->members, f->n_members * sizeof(*more));
        }
        f->members = more;
        f->room = room;
    }
    f->members[f->n_members++] = s;
    f->attempts += s->attempts;
}

/* The family that ${s} is most like, if any is like it enough. */
static struct family *nearest(const struct family_list *list,
    const struct specimen *s, const struct wording_weights *weights)
{
    struct family *best = NULL;
    double most = alike;
    for (size_t i = 0; i < list->n; i++) {
        double similarity = wording_similarity(
            weights, list->items[i].kernel.leader, &s->wording);
        if (similarity >= most) {
            best = &list->items[i];
            most = similarity;
        }
    }
    return best;
}

static int by_attempts(const void *a, const void *b)
{
    const struct family *x = a;
    const struct family *y = b;
    if (x->attempts != y->attempts) {
        return x->attempts > y->attempts ? -1 : 1;
    }
    struct span s = x->kernel.leader->text;
    struct span t = y->kernel.leader->text;
    int cmp = memcmp(s.ptr, t.ptr, s.len < t.len ? s.len : t.len);
    return cmp != 0 ? cmp : s.len < t.len ? -1 : s.len > t.len;
}

struct family_list family_group(const struct specimen *list, size_t n,
    const struct wording_weights *weights, struct arena *arena)
{
    struct family_list families = {.items = NULL};
    size_t n_unknown = 0;
    for (size_t i = 0; i < n; i++) {
        n_unknown += !list[i].understood;
    }
    families.items =
        arena_alloc(arena, (n_unknown + 1) * sizeof(struct family));
    for (size_t i = 0; i < n; i++) {
        const struct specimen *s = &list[i];
        if (s->understood || s->wording.n_bag == 0) {
            continue;
        }
        struct family *f = nearest(&families, s, weights);
        if (f == NULL || !kernel_narrow(&f->kernel, &s->wording)) {
            f = &families.items[families.n++];
            *f = (struct family){.members = NULL};
            kernel_init(&f->kernel, arena, &s->wording);
        }
        add_member(f, arena, s);
    }
    if (families.n > 1) {
        qsort(families.items, families.n, sizeof(*families.items), by_attempts);
    }
    return families;
}

/* Add ${text} to ${prefixes} unless it is there; false if there is no room. */
static bool add_prefix(
    char **prefixes, unsigned *n, struct arena *arena, const char *text)
{
    for (unsigned i = 0; i < *n; i++) {
        if (strcmp(prefixes[i], text) == 0) {
            return true;
        }
    }
    if (*n == FAMILY_MAX_PREFIXES) {
        return false;
    }
    prefixes[(*n)++] = arena_string(arena, text);
    return true;
}

/* The members' reply codes, each as its first ${width} digits; false if they
 * are too many or one has none. */
static bool collect_codes(const struct family *f, struct arena *arena,
    int width, struct family_codes *codes)
{
    char text[PREFIX_LEN];
    codes->n_codes = 0;
    bool fits = true;
    for (size_t i = 0; fits && i < f->n_members; i++) {
        snprintf(text, sizeof(text), "%d", f->members[i]->facts.code);
        text[width] = '\0';
        fits = f->members[i]->facts.code != 0 &&
               add_prefix(codes->codes, &codes->n_codes, arena, text);
    }
    codes->n_codes = fits ? codes->n_codes : 0;
    return fits;
}

/* The same of the enhanced codes, each as its first ${depth} numbers. */
static bool collect_status(const struct family *f, struct arena *arena,
    int depth, struct family_codes *codes)
{
    codes->n_status = 0;
    bool fits = true;
    for (size_t i = 0; fits && i < f->n_members; i++) {
        char text[STATUS_TEXT_LEN];
        struct status_code status = f->members[i]->facts.status;
        fits = status_format(status, text) > 0;
        char *cut = fits && depth < 3 ? strrchr(text, '.') : NULL;
        if (cut != NULL) {
            *cut = '\0';
        }
        fits = fits && add_prefix(codes->status, &codes->n_status, arena, text);
    }
    codes->n_status = fits ? codes->n_status : 0;
    return fits;
}

/* Rules that say nothing of a direction hold for both; what only we say
 * ourselves is kept to that. */
static enum direction direction_of(const struct family *f)
{
    for (size_t i = 0; i < f->n_members; i++) {
        if (f->members[i]->facts.direction != DIRECTION_INBOUND) {
            return DIRECTION_UNKNOWN;
        }
    }
    return DIRECTION_INBOUND;
}

void family_codes(
    const struct family *f, struct arena *arena, struct family_codes *codes)
{
    *codes = (struct family_codes){.n_codes = 0};
    if (!collect_codes(f, arena, 3, codes)) {
        collect_codes(f, arena, 1, codes);
    }
    if (!collect_status(f, arena, 3, codes)) {
        collect_status(f, arena, 2, codes);
    }
    struct rule rule = {.codes = codes->codes,
        .n_codes = codes->n_codes,
        .status = codes->status,
        .n_status = codes->n_status};
    conditions_read(&rule, &codes->conditions);
    codes->conditions.direction = direction_of(f);
}

static bool is_member(const struct family *f, const struct specimen *s)
{
    for (size_t i = 0; i < f->n_members; i++) {
        if (f->members[i] == s) {
            return true;
        }
    }
    return false;
}

static bool meets(const struct conditions *conditions, const struct specimen *s)
{
    struct rules_facts facts = {
        s->facts.direction, s->facts.stage, s->facts.code, specimen_status(s)};
    return conditions_hold(conditions, &facts);
}

/* Does ${expression} match the family, and nothing else that could be meant? */
static bool is_its_own(const struct family *f,
    const struct conditions *conditions, const struct family_search *search,
    struct span expression)
{
    char why[128];
    struct regex *re =
        regex_compile(expression, REGEX_CASELESS, why, sizeof(why));
    struct regex_workspace *w = regex_workspace_create();
    bool own = re != NULL;
    for (size_t i = 0; own && i < f->n_members; i++) {
        own = regex_match(re, w, f->members[i]->wording.text) == REGEX_MATCH;
    }
    for (size_t i = 0; own && i < search->n; i++) {
        const struct specimen *s = &search->list[i];
        own = !meets(conditions, s) ||
              regex_match(re, w, s->wording.text) != REGEX_MATCH ||
              is_member(f, s);
    }
    regex_workspace_free(w);
    regex_free(re);
    return own;
}

/* ${text} as an expression that stands for itself. */
static void add_literal(struct buffer *out, struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("\\^$.|?*+()[]{}", text.ptr[i], 14) != NULL) {
            buffer_add_char(out, '\\');
        }
        buffer_add_char(out, text.ptr[i]);
    }
}

static void write_expression(struct buffer *out, const struct kernel *k,
    const struct kernel_run *runs, size_t n, const bool *chosen)
{
    buffer_reset(out);
    for (size_t i = 0; i < n; i++) {
        if (chosen[i]) {
            buffer_add_string(out, out->len > 0 ? ".+" : "");
            add_literal(out, kernel_text(k, &runs[i]));
        }
    }
}

/* The run that tells most of those not chosen yet; ${n} if none is left. */
static size_t next_run(
    const struct kernel_run *runs, size_t n, const bool *chosen)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        if (!chosen[i] && (best == n || runs[i].weight > runs[best].weight)) {
            best = i;
        }
    }
    return best;
}

struct span family_expression(const struct family *f,
    const struct conditions *conditions, const struct family_search *search)
{
    struct kernel_run runs[KERNEL_MAX_RUNS];
    bool chosen[KERNEL_MAX_RUNS] = {false};
    size_t n = kernel_runs(&f->kernel, search->weights, runs);
    size_t n_words = 0;
    struct span found = SPAN_NONE;
    struct buffer text;
    buffer_init(&text, EXPRESSION_LEN);
    for (size_t i = 0; i < n && !span_is_known(found); i++) {
        size_t next = next_run(runs, n, chosen);
        chosen[next] = true;
        n_words += runs[next].n_words;
        if (n_words < FEWEST_WORDS && i + 1 < n) {
            continue;
        }
        write_expression(&text, &f->kernel, runs, n, chosen);
        if (!text.overflowed &&
            is_its_own(f, conditions, search, buffer_span(&text))) {
            found = arena_copy(search->arena, buffer_span(&text));
        }
    }
    buffer_free(&text);
    return found;
}
