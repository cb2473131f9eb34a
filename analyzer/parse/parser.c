/* SPDX-License-Identifier: MIT */
/*
 * The tag of a syslog line ("postfix/submission/smtpd") tells the pack and
 * the program; what it means is worked out once for each distinct tag.  Lines
 * of programs that are no known MTA are dismissed by that look-up, before
 * anything else of them is read.
 */
#include "parse/parser.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/memory.h"
#include "parse/extractor.h"
#include "parse/syslog.h"

#include <stdlib.h>

/* Tags come from logs: past this many distinct ones the table starts anew. */
enum { MAX_TAGS = 1024 };

struct parser {
    const struct formats *formats;
    struct stamp_reader stamps;
    struct extractor *extractor;
    struct regex_workspace *workspace;
    struct intern *tags;       /* number of a tag = index in programs */
    struct program **programs; /* NULL: not worked out yet */
    char *message;             /* unescaped, LIMIT_LINE_LEN bytes */
};

struct parser *parser_create(const struct parser_options *options)
{
    struct parser *p = memory_zalloc(1, sizeof(*p));
    p->extractor = extractor_create();
    p->workspace = regex_workspace_create();
    p->tags = intern_create();
    p->programs = memory_zalloc(MAX_TAGS, sizeof(struct program *));
    p->message = memory_alloc(LIMIT_LINE_LEN);
    parser_restart(p, options);
    return p;
}

void parser_restart(struct parser *p, const struct parser_options *options)
{
    p->formats = options->formats;
    stamp_init(&p->stamps, options->zone, options->anchor,
        options->last_stamp / 1000000);
    p->stamps.years_back = options->years_back;
}

static void free_program(struct program *program)
{
    if (program == NULL) {
        return;
    }
    free(program->lines);
    free(program->parts);
    free(program);
}

static void forget_programs(struct parser *p)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        free_program(p->programs[i]);
        p->programs[i] = NULL;
    }
    intern_reset(p->tags);
}

void parser_free(struct parser *p)
{
    if (p == NULL) {
        return;
    }
    forget_programs(p);
    free(p->programs);
    intern_free(p->tags);
    regex_workspace_free(p->workspace);
    extractor_free(p->extractor);
    free(p->message);
    free(p);
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

/* The patterns of ${role}s line and ignore, or of parts, for the program. */
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

static void fill_program(struct program *program)
{
    size_t most = program->format->n_patterns;
    size_t n = 0;
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

/* Does ${format} know the program that writes ${tag}? */
static bool recognise(struct parser *p, const struct format *format,
    struct span tag, struct span *name)
{
    for (unsigned i = 0; i < format->pack->programs_count; i++) {
        const struct regex *re = format->programs[i];
        if (regex_match(re, p->workspace, tag) == REGEX_MATCH) {
            unsigned group = regex_group_number(re, "program");
            *name = group != 0 ? regex_group(p->workspace, tag, group)
                               : SPAN_LITERAL("");
            return true;
        }
    }
    return false;
}

static struct program *make_program(struct parser *p, struct span tag)
{
    struct program *program = memory_zalloc(1, sizeof(*program));
    program->name = tag;
    for (size_t i = 0; i < p->formats->n_formats; i++) {
        const struct format *f = &p->formats->formats[i];
        if (recognise(p, f, tag, &program->name)) {
            program->format = f;
            fill_program(program);
            break;
        }
    }
    return program;
}

static const struct program *find_program(struct parser *p, struct span tag)
{
    if (tag.len > LIMIT_TAG_LEN) {
        tag = span_first(tag, LIMIT_TAG_LEN);
    }
    uint32_t id = intern_add(p->tags, tag);
    if (id >= MAX_TAGS) {
        forget_programs(p);
        id = intern_add(p->tags, tag);
    }
    if (p->programs[id] == NULL) {
        p->programs[id] = make_program(p, intern_text(p->tags, id));
    }
    return p->programs[id];
}

static void read_message(struct parser *p, const struct program *program,
    struct span message, struct parsed_line *out)
{
    out->mta = program->format->name;
    out->program = program->name;
    out->event.mta = out->mta;
    out->event.program = out->program;
    message = syslog_unescape(message, p->message, LIMIT_LINE_LEN);
    out->event.repeat = syslog_repeated(message, &message);
    switch (extractor_run(p->extractor, program, message, &out->event)) {
    case EXTRACT_EVENT:
        out->class = LINE_EVENT;
        break;
    case EXTRACT_IGNORED:
        out->class = LINE_IGNORED;
        break;
    case EXTRACT_UNKNOWN:
        out->class = LINE_UNKNOWN;
        break;
    }
}

void parser_line(struct parser *p, struct span line, struct parsed_line *out)
{
    memset(out, 0, sizeof(*out));
    struct syslog_line s;
    if (!syslog_split(&p->stamps, line, &s)) {
        out->class = LINE_MALFORMED;
        out->message = line;
        return;
    }
    out->message = s.message;
    const struct program *program = find_program(p, s.tag);
    if (program->format == NULL) {
        out->class = LINE_FOREIGN;
        out->program = program->name;
        return;
    }
    out->event.time = s.time;
    out->event.host = s.host;
    read_message(p, program, s.message, out);
}

void parser_sample(struct parser *p, const struct format *format,
    struct span program_name, struct span message, struct parsed_line *out)
{
    memset(out, 0, sizeof(*out));
    struct program program = {.format = format, .name = program_name};
    fill_program(&program);
    out->message = message;
    out->event.host = SPAN_LITERAL("host");
    read_message(p, &program, message, out);
    free(program.lines);
    free(program.parts);
}

int64_t parser_last_stamp(const struct parser *p)
{
    return p->stamps.last * 1000000;
}

int parser_years_over(const struct parser *p)
{
    return stamp_years_over(&p->stamps);
}
