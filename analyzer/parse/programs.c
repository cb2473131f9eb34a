/* SPDX-License-Identifier: MIT */
#include "parse/programs.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

/* Tags come from logs: past this many distinct ones the table starts anew. */
enum { MAX_TAGS = 1024 };

struct programs {
    const struct formats *formats;
    struct regex_workspace *workspace;
    struct intern *tags;        /* number of a tag = index in by_tag */
    struct program **by_tag;    /* NULL: not worked out yet */
    struct program **by_format; /* index as in formats */
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

/* Can ${p} claim a text that begins with ${byte}? */
static bool can_begin(const struct pattern *p, unsigned char byte)
{
    for (unsigned i = 0; i < p->def->starts_count; i++) {
        if (p->starts[i].len == 0 || (unsigned char)*p->starts[i].ptr == byte) {
            return true;
        }
    }
    return p->def->starts_count == 0;
}

/* The parts for the program, or the patterns of lines that begin so. */
static size_t select_patterns(const struct program *program, bool parts,
    int byte, const struct pattern **out)
{
    const struct format *f = program->format;
    size_t n = 0;
    for (size_t i = 0; i < f->n_patterns; i++) {
        const struct pattern *p = &f->patterns[i];
        if ((p->role == ROLE_PART) == parts &&
            formats_pattern_applies(p, program->name) &&
            (parts || can_begin(p, (unsigned char)byte))) {
            out[n++] = p;
        }
    }
    return n;
}

void programs_init(
    struct program *program, const struct format *format, struct span name)
{
    size_t most = format->n_patterns;
    size_t n = 0;
    *program = (struct program){.format = format, .name = name};
    program->parts = memory_zalloc(most, sizeof(*program->parts));
    program->n_parts = select_patterns(program, true, 0, program->parts);
    program->lines = memory_zalloc(most * 256, sizeof(*program->lines));
    for (int byte = 0; byte < 256; byte++) {
        program->first[byte] = n;
        n += select_patterns(program, false, byte, program->lines + n);
    }
    program->first[256] = n;
    program->lines = memory_grow(program->lines, n, sizeof(*program->lines));
}

void programs_reset(struct program *program)
{
    free(program->lines);
    free(program->parts);
    program->lines = NULL;
    program->parts = NULL;
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
}

const struct program *programs_find(struct programs *t, struct span tag)
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

void programs_free(struct programs *t)
{
    if (t == NULL) {
        return;
    }
    forget_tags(t);
    for (size_t i = 0; i < t->formats->n_formats; i++) {
        free_program(t->by_format[i]);
    }
    free(t->by_tag);
    free(t->by_format);
    intern_free(t->tags);
    regex_workspace_free(t->workspace);
    free(t);
}
