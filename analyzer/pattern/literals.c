/* SPDX-License-Identifier: MIT */
/*
 * "(?:user|mailbox)s? (?:\S+ ){0,4}(?:unknown|not found)" needs "user" or
 * "mailbox", and "unknown" or "not found".  Looking for hundreds of such
 * texts at once costs a fraction of what an automaton for the expressions
 * costs, and few enough expressions are left to be tried.
 *
 * The expression is read once.  For each part of it is known either all that
 * it can match, as long as that is a short list of texts (->exact), or some
 * clauses.  Parts that follow each other multiply their lists or add their
 * clauses; alternatives unite their lists, or the best clause of each.  Those
 * of the whole expression stay apart, as ways.
 */
#include "pattern/literals.h"

enum {
    MOST_TEXTS = 8,      /* of an exact part */
    MOST_IN_CLAUSE = 80, /* of a clause; beyond, it says too little */
    LONGEST_TEXT = 20,
    SHORTEST_TEXT = 2,
    DEEPEST_GROUP = 50
};

struct part {
    bool exact;
    struct literals_clause texts; /* if exact */
    struct literals_way way;      /* if not */
};

struct reader {
    const char *at;
    struct arena *arena;
    bool failed; /* met something it does not understand */
    unsigned depth;
};

static struct part read_alternatives(struct reader *r);

static struct literals_clause new_clause(struct reader *r, size_t n)
{
    return (struct literals_clause){
        arena_alloc(r->arena, (n + 1) * sizeof(struct span)), 0};
}

static struct part exact_text(struct reader *r, struct span text)
{
    struct part p = {.exact = true, .texts = new_clause(r, 1)};
    p.texts.texts[p.texts.n_texts++] = text;
    return p;
}

static struct part exact_byte(struct reader *r, char c)
{
    c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    return exact_text(r, arena_copy(r->arena, (struct span){&c, 1}));
}

static struct part exact_nothing(struct reader *r)
{
    return exact_text(r, SPAN_LITERAL(""));
}

static size_t shortest(const struct literals_clause *c)
{
    size_t n = c->n_texts > 0 ? c->texts[0].len : 0;
    for (unsigned i = 1; i < c->n_texts; i++) {
        n = c->texts[i].len < n ? c->texts[i].len : n;
    }
    return n;
}

static size_t longest(const struct literals_clause *c)
{
    size_t n = 0;
    for (unsigned i = 0; i < c->n_texts; i++) {
        n = c->texts[i].len > n ? c->texts[i].len : n;
    }
    return n;
}

/* How rare a clause is: long texts, and few of them. */
static long score(const struct literals_clause *c)
{
    return (long)shortest(c) * 16 - (long)c->n_texts;
}

static bool is_useful(const struct literals_clause *c)
{
    return c->n_texts > 0 && c->n_texts <= MOST_IN_CLAUSE &&
           shortest(c) >= SHORTEST_TEXT;
}

/* Add ${c} to the end of ${way}, which keeps its best clauses in order. */
static void add_clause(struct literals_way *way, struct literals_clause c)
{
    if (!is_useful(&c)) {
        return;
    }
    if (way->n_clauses == LITERALS_MAX_CLAUSES) {
        unsigned worst = 0;
        for (unsigned i = 1; i < way->n_clauses; i++) {
            bool worse = score(&way->clauses[i]) < score(&way->clauses[worst]);
            worst = worse ? i : worst;
        }
        if (score(&c) <= score(&way->clauses[worst])) {
            return;
        }
        way->n_clauses--;
        memmove(&way->clauses[worst], &way->clauses[worst + 1],
            (way->n_clauses - worst) * sizeof(c));
    }
    way->clauses[way->n_clauses++] = c;
}

static const struct literals_clause *best_clause(const struct part *p)
{
    if (p->exact) {
        return is_useful(&p->texts) ? &p->texts : NULL;
    }
    const struct literals_clause *best = NULL;
    for (unsigned i = 0; i < p->way.n_clauses; i++) {
        const struct literals_clause *c = &p->way.clauses[i];
        best = best == NULL || score(c) > score(best) ? c : best;
    }
    return best;
}

static struct literals_clause unite(struct reader *r,
    const struct literals_clause *a, const struct literals_clause *b)
{
    struct literals_clause c = new_clause(r, a->n_texts + b->n_texts);
    memcpy(c.texts, a->texts, a->n_texts * sizeof(*a->texts));
    memcpy(c.texts + a->n_texts, b->texts, b->n_texts * sizeof(*b->texts));
    c.n_texts = a->n_texts + b->n_texts;
    return c;
}

static struct span join(struct reader *r, struct span a, struct span b)
{
    char *text = arena_alloc(r->arena, a.len + b.len + 1);
    memcpy(text, a.ptr, a.len);
    memcpy(text + a.len, b.ptr, b.len);
    return (struct span){text, a.len + b.len};
}

static bool multiplies(
    const struct literals_clause *a, const struct literals_clause *b)
{
    return a->n_texts * b->n_texts <= MOST_TEXTS &&
           longest(a) + longest(b) <= LONGEST_TEXT;
}

static struct literals_clause multiply(struct reader *r,
    const struct literals_clause *a, const struct literals_clause *b)
{
    struct literals_clause c = new_clause(r, a->n_texts * b->n_texts);
    for (unsigned i = 0; i < a->n_texts; i++) {
        for (unsigned j = 0; j < b->n_texts; j++) {
            c.texts[c.n_texts++] = join(r, a->texts[i], b->texts[j]);
        }
    }
    return c;
}

/* Behind the class that begins at ${p}, or NULL. */
static const char *class_end(const char *p)
{
    p += p[1] == '^' ? 2 : 1;
    p += *p == ']' ? 1 : 0;
    while (*p != '\0' && *p != ']') {
        const char *named = p[0] == '[' && p[1] == ':' ? strstr(p, ":]") : NULL;
        if (p[0] == '\\' && p[1] != '\0') {
            p += 2;
        } else {
            p = named != NULL ? named + 2 : p + 1;
        }
    }
    return *p == ']' ? p + 1 : NULL;
}

/* "[ -]", "[ea]": the bytes themselves; other classes say nothing. */
static struct part read_class(struct reader *r)
{
    const char *p = r->at + 1;
    const char *end = class_end(r->at);
    struct part part = {.exact = true, .texts = new_clause(r, MOST_TEXTS)};
    r->failed = r->failed || end == NULL;
    r->at = end != NULL ? end : r->at;
    if (r->failed || end - p > 5 || *p == '^' || *p == ']') {
        return (struct part){.exact = false};
    }
    for (; p < end - 1; p++) {
        bool range = *p == '-' && p > r->at && p[1] != ']';
        if (*p == '\\' || *p == '[' || range || (p[1] == '-' && p[2] != ']')) {
            return (struct part){.exact = false};
        }
        part.texts.texts[part.texts.n_texts++] =
            exact_byte(r, *p).texts.texts[0];
    }
    return part;
}

static struct part read_escape(struct reader *r)
{
    char c = r->at[1];
    bool word =
        (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    r->at += c != '\0' ? 2 : 1;
    if (c != '\0' && !word) {
        return exact_byte(r, c);
    }
    if (c != '\0' && strchr("bBAzZ", c) != NULL) {
        return exact_nothing(r);
    }
    r->failed = r->failed || c == '\0' || strchr("dDwWsShHvVntrfeR", c) == NULL;
    return (struct part){.exact = false};
}

/* Is the group at ${p} (behind its "(") a look-around? */
static bool is_look_around(const char *p)
{
    return p[0] == '?' && (p[1] == '=' || p[1] == '!' ||
                              (p[1] == '<' && (p[2] == '=' || p[2] == '!')));
}

static struct part read_group(struct reader *r)
{
    const char *p = r->at + 1;
    bool look_around = is_look_around(p);
    if (look_around) {
        p += p[1] == '<' ? 3 : 2;
    } else if (p[0] == '?' && p[1] == ':') {
        p += 2;
    } else if (p[0] == '?' && p[1] == '<') {
        p += strcspn(p, ">");
        p += *p == '>';
    } else if (p[0] == '?' || p[0] == '*') {
        r->failed = true;
    }
    r->failed = r->failed || ++r->depth > DEEPEST_GROUP;
    if (r->failed) {
        return (struct part){.exact = false};
    }
    r->at = p;
    struct part part = read_alternatives(r);
    r->failed = r->failed || *r->at != ')';
    r->at += !r->failed;
    r->depth--;
    return look_around ? exact_nothing(r) : part;
}

/* Bytes that stand for themselves, as many as no quantifier follows. */
static struct part read_text(struct reader *r)
{
    static const char special[] = "\\[](){}|.^$*+?";
    size_t n = strcspn(r->at, special);
    n = n > LONGEST_TEXT ? LONGEST_TEXT : n;
    n -= n > 1 && r->at[n] != '\0' && strchr("*+?{", r->at[n]) != NULL;
    if (n <= 1) {
        return exact_byte(r, *r->at++);
    }
    char *lower = arena_alloc(r->arena, n);
    span_lower((struct span){r->at, n}, lower);
    r->at += n;
    return exact_text(r, (struct span){lower, n});
}

static struct part read_atom(struct reader *r)
{
    switch (*r->at) {
    case '\\':
        return read_escape(r);
    case '[':
        return read_class(r);
    case '(':
        return read_group(r);
    case '.':
        r->at++;
        return (struct part){.exact = false};
    case '^':
    case '$':
        r->at++;
        return exact_nothing(r);
    case '*':
    case '+':
    case '?':
        r->failed = true;
        return (struct part){.exact = false};
    default:
        return read_text(r);
    }
}

/* Read the quantifier, if there is one: how often at least and at most, as
 * far as that matters (0, 1, 2 for more). */
static bool read_quantifier(struct reader *r, unsigned *least, unsigned *most)
{
    const char *p = r->at;
    *least = *p == '+';
    *most = *p == '?' ? 1 : 2;
    if (*p == '*' || *p == '+' || *p == '?') {
        p++;
    } else if (*p == '{' && p[1] >= '0' && p[1] <= '9') {
        const char *close = p + 1 + strspn(p + 1, "0123456789,");
        if (*close != '}') {
            return false; /* "{1x" is text */
        }
        *least = p[1] != '0';
        *most = close - p == 4 && p[1] == '0' && p[3] == '1' ? 1 : 2;
        p = close + 1;
    } else {
        return false;
    }
    p += *p == '?' || *p == '+';
    r->at = p;
    return true;
}

/* What ${p} comes to when it may be missing or repeated. */
static struct part repeat(
    struct reader *r, struct part p, unsigned least, unsigned most)
{
    if (least == 0) {
        struct part nothing = exact_nothing(r);
        if (most == 1 && p.exact && p.texts.n_texts < MOST_TEXTS) {
            p.texts = unite(r, &p.texts, &nothing.texts);
            return p;
        }
        return (struct part){.exact = false};
    }
    if (p.exact) {
        struct part some = {.exact = false};
        add_clause(&some.way, p.texts);
        return some;
    }
    return p;
}

/* A sequence in the making: the clauses so far, and the list that the last
 * exact parts make together. */
struct sequence {
    struct part whole;
    struct literals_clause run;
};

static void add_part(struct reader *r, struct sequence *s, const struct part *p)
{
    if (p->exact && multiplies(&s->run, &p->texts)) {
        s->run = multiply(r, &s->run, &p->texts);
        return;
    }
    s->whole.exact = false;
    add_clause(&s->whole.way, s->run);
    if (p->exact) {
        s->run = p->texts;
        return;
    }
    for (unsigned i = 0; i < p->way.n_clauses; i++) {
        add_clause(&s->whole.way, p->way.clauses[i]);
    }
    s->run = exact_nothing(r).texts;
}

static struct part read_sequence(struct reader *r)
{
    struct sequence s = {
        .whole = {.exact = true}, .run = exact_nothing(r).texts};
    while (!r->failed && *r->at != '\0' && *r->at != '|' && *r->at != ')') {
        struct part p = read_atom(r);
        unsigned least = 1;
        unsigned most = 1;
        if (!r->failed && read_quantifier(r, &least, &most)) {
            p = repeat(r, p, least, most);
        }
        add_part(r, &s, &p);
    }
    if (s.whole.exact) {
        s.whole.texts = s.run;
    } else {
        add_clause(&s.whole.way, s.run);
    }
    return s.whole;
}

/* Unite two alternatives. */
static struct part either(
    struct reader *r, const struct part *a, const struct part *b)
{
    if (a->exact && b->exact &&
        a->texts.n_texts + b->texts.n_texts <= MOST_TEXTS) {
        return (struct part){
            .exact = true, .texts = unite(r, &a->texts, &b->texts)};
    }
    struct part p = {.exact = false};
    const struct literals_clause *x = best_clause(a);
    const struct literals_clause *y = best_clause(b);
    if (x != NULL && y != NULL) {
        add_clause(&p.way, unite(r, x, y));
    }
    return p;
}

static struct part read_alternatives(struct reader *r)
{
    struct part all = read_sequence(r);
    while (!r->failed && *r->at == '|') {
        r->at++;
        struct part next = read_sequence(r);
        all = either(r, &all, &next);
    }
    return all;
}

size_t literals_read(
    const char *pattern, struct arena *arena, struct literals_way **ways)
{
    struct reader r = {.at = pattern, .arena = arena};
    *ways = arena_alloc(arena, LITERALS_MAX_PARTS * sizeof(**ways));
    size_t n = 0;
    do {
        r.at += n > 0;
        struct part p = read_sequence(&r);
        if (p.exact) {
            p.way.n_clauses = 0;
            add_clause(&p.way, p.texts);
        }
        if (r.failed || p.way.n_clauses == 0 || n == LITERALS_MAX_PARTS) {
            return 0;
        }
        (*ways)[n++] = p.way;
    } while (*r.at == '|');
    return *r.at == '\0' ? n : 0;
}

/* Behind what begins at ${p} at the top of an expression, groups apart; NULL
 * if that cannot be taken apart.  ${depth} counts the open groups. */
static const char *step_over(const char *p, unsigned *depth)
{
    switch (*p) {
    case '\\':
        return p[1] == '\0' || strchr("0123456789gkQEK", p[1]) != NULL ? NULL
                                                                       : p + 2;
    case '[':
        return class_end(p);
    case '(':
        ++*depth;
        return p[1] == '*' || (p[1] == '?' && (p[2] == '\0' ||
                                                  strchr(":=!<", p[2]) == NULL))
                   ? NULL
                   : p + 1;
    case ')':
        return (*depth)-- > 0 ? p + 1 : NULL;
    default:
        return p + 1;
    }
}

size_t literals_split(
    const char *pattern, struct arena *arena, const char **parts)
{
    size_t n = 0;
    unsigned depth = 0;
    const char *start = pattern;
    const char *p = pattern;
    while (p != NULL && *p != '\0' && n < LITERALS_MAX_PARTS - 1) {
        if (*p == '|' && depth == 0) {
            struct span part = {start, (size_t)(p - start)};
            parts[n++] = arena_copy(arena, part).ptr;
            start = p + 1;
        }
        p = step_over(p, &depth);
    }
    if (p == NULL || *p != '\0' || depth > 0) {
        n = 0;
        start = pattern;
    }
    parts[n++] = arena_string(arena, start);
    return n;
}
