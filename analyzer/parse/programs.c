/* SPDX-License-Identifier: MIT */
#include "parse/programs.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

/* Tags come from logs: past this many distinct ones the table starts anew. */
enum { MAX_TAGS = 1024 };

/* Tags that were met lately, each in the place that its bytes choose; a power
 * of two. */
enum { N_RECENT = 64, RECENT_TAG_LEN = 40 };

struct recent {
    const struct program *program; /* NULL: the place is free */
    size_t len;
    char tag[RECENT_TAG_LEN];
};

struct programs {
    const struct formats *formats;
    struct regex_workspace *workspace;
    struct intern *tags;        /* number of a tag = index in by_tag */
    struct program **by_tag;    /* NULL: not worked out yet */
    struct program *named;      /* of programs_named(), a list */
    struct program **by_format; /* index as in formats */
    struct recent recent[N_RECENT];
};

struct programs *programs_create(const struct formats *formats)
{
    struct programs *t = memory_zalloc(1, sizeof(*t));
    t->formats = formats;
    t->workspace = regex_workspace_create();
    t->tags = intern_create();
    t->by_tag = memory_zalloc(MAX_TAGS, sizeof(struct program *));
    t->by_format = memory_zalloc(formats->n_formats, sizeof(struct program *));
    return t;
}

/* Which of a pack's patterns apply to its lines, or to a field of them. */
static void select_patterns(const struct program *program, bool parts,
    enum field of, struct dispatch *out)
{
    const struct format *f = program->format;
    const struct pattern **chosen =
        memory_zalloc(f->n_patterns, sizeof(*chosen));
    size_t n = 0;
    for (size_t i = 0; i < f->n_patterns; i++) {
        const struct pattern *p = &f->patterns[i];
        if ((p->role == ROLE_PART) == parts && (!parts || p->of == of) &&
            formats_pattern_applies(p, program->name)) {
            chosen[n++] = p;
        }
    }
    dispatch_init(out, chosen, n);
    free(chosen);
}

void programs_init(
    struct program *program, const struct format *format, struct span name)
{
    *program = (struct program){.format = format, .name = name};
    select_patterns(program, false, FIELD_text, &program->lines);
    select_patterns(program, true, FIELD_relay, &program->relays);
    select_patterns(program, true, FIELD_text, &program->texts);
}

void programs_reset(struct program *program)
{
    dispatch_reset(&program->lines);
    dispatch_reset(&program->relays);
    dispatch_reset(&program->texts);
}

/* Does ${format} know the program that writes ${tag}? */
static bool recognise(struct programs *t, const struct format *format,
    struct span tag, struct span *name)
{
    for (unsigned i = 0; i < format->pack->programs_count; i++) {
        const struct regex *re = format->programs[i];
        if (regex_match(re, t->workspace, tag) == REGEX_MATCH) {
            unsigned group = regex_group_number(re, "program");
            *name = group != 0 ? regex_group(t->workspace, tag, group)
                               : SPAN_LITERAL("");
            return true;
        }
    }
    return false;
}

static struct program *make_program(struct programs *t, struct span tag)
{
    struct program *first = NULL;
    struct program **link = &first;
    for (size_t i = 0; i < t->formats->n_formats; i++) {
        const struct format *f = &t->formats->formats[i];
        struct span name;
        if (recognise(t, f, tag, &name)) {
            *link = memory_zalloc(1, sizeof(**link));
            programs_init(*link, f, name);
            link = &(*link)->next;
        }
    }
    if (first == NULL) {
        first = memory_zalloc(1, sizeof(*first));
        first->name = tag;
    }
    return first;
}

static void free_program(struct program *program)
{
    while (program != NULL) {
        struct program *next = program->next;
        programs_reset(program);
        free(program);
        program = next;
    }
}

static void forget_tags(struct programs *t)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        free_program(t->by_tag[i]);
        t->by_tag[i] = NULL;
    }
    intern_reset(t->tags);
    memset(t->recent, 0, sizeof(t->recent));
}

static const struct program *look_up(struct programs *t, struct span tag)
{
    tag.len = tag.len < LIMIT_TAG_LEN ? tag.len : LIMIT_TAG_LEN;
    uint32_t id = intern_add(t->tags, tag);
    if (id >= MAX_TAGS) {
        forget_tags(t);
        id = intern_add(t->tags, tag);
    }
    if (t->by_tag[id] == NULL) {
        t->by_tag[id] = make_program(t, intern_text(t->tags, id));
    }
    return t->by_tag[id];
}

/* Tags differ in length and at their end: "postfix/smtp", "postfix/qmgr". */
static struct recent *recent_place(struct programs *t, struct span tag)
{
    unsigned place = (unsigned)tag.len;
    if (tag.len > 2) {
        place += 7u * (unsigned char)tag.ptr[tag.len - 1] +
                 31u * (unsigned char)tag.ptr[tag.len - 3];
    }
    return &t->recent[place & (N_RECENT - 1)];
}

const struct program *programs_find(struct programs *t, struct span tag)
{
    if (tag.len > RECENT_TAG_LEN) {
        return look_up(t, tag);
    }
    struct recent *r = recent_place(t, tag);
    if (r->program == NULL || r->len != tag.len ||
        !span_same_bytes(r->tag, tag.ptr, tag.len)) {
        const struct program *program = look_up(t, tag);
        *r = (struct recent){.program = program, .len = tag.len};
        memcpy(r->tag, tag.len > 0 ? tag.ptr : "", tag.len);
    }
    return r->program;
}

const struct program *programs_of_format(
    struct programs *t, const struct format *format)
{
    size_t i = (size_t)(format - t->formats->formats);
    if (t->by_format[i] == NULL) {
        t->by_format[i] = memory_zalloc(1, sizeof(struct program));
        programs_init(t->by_format[i], format, SPAN_LITERAL(""));
    }
    return t->by_format[i];
}

/* Few are asked for: those of packs that remember. */
const struct program *programs_named(
    struct programs *t, const struct format *format, struct span name)
{
    for (struct program *p = t->named; p != NULL; p = p->next) {
        if (p->format == format && span_equal(p->name, name)) {
            return p;
        }
    }
    struct program *p = memory_zalloc(1, sizeof(*p));
    programs_init(p, format, (struct span){memory_copy(name), name.len});
    p->next = t->named;
    t->named = p;
    return p;
}

static void free_named(struct programs *t)
{
    for (struct program *p = t->named; p != NULL; p = p->next) {
        free((char *)(uintptr_t)p->name.ptr);
    }
    free_program(t->named);
}

void programs_free(struct programs *t)
{
    if (t == NULL) {
        return;
    }
    forget_tags(t);
    free_named(t);
    for (size_t i = 0; i < t->formats->n_formats; i++) {
        free_program(t->by_format[i]);
    }
    free(t->by_tag);
    free(t->by_format);
    intern_free(t->tags);
    regex_workspace_free(t->workspace);
    free(t);
}
