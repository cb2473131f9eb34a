/* SPDX-License-Identifier: MIT */
#include "parse/format_check.h"

#include "base/diag.h"
#include "parse/extractor.h"
#include "parse/parser.h"

#include <inttypes.h>
#include <stdio.h>

struct check {
    const struct formats *all;
    const struct format *format;
    struct parser *parser;
    struct extractor *extractor;
    struct format_check_result *result;
};

#define FAULT(c, p, ...)                                                       \
    do {                                                                       \
        (c)->result->n_faults++;                                               \
        pack_error((c)->format->file, "id", (p)->def->id, __VA_ARGS__);        \
    } while (0)

/* The program that a sample's line is read as. */
static struct span program_of(
    const struct pattern *p, const struct sample_def *sample)
{
    if (sample->program != NULL) {
        return span_of(sample->program);
    }
    return p->def->programs_count > 0 ? span_of(p->def->programs[0])
                                      : SPAN_LITERAL("");
}

static void want_text(struct check *c, const struct pattern *p,
    const char *name, const char *want, struct span got)
{
    if (want != NULL && !span_equal(span_of(want), got)) {
        FAULT(c, p, "sample gives %s \"%.*s\", not \"%s\"", name, (int)got.len,
            got.ptr != NULL ? got.ptr : "", want);
    }
}

static void want_number(struct check *c, const struct pattern *p,
    const char *name, const char *want, int64_t got)
{
    char text[32];
    snprintf(text, sizeof(text), "%" PRId64, got);
    want_text(c, p, name, want, span_of(text));
}

static void compare(struct check *c, const struct pattern *p,
    const struct want_texts *want, const struct event *e)
{
    char status[STATUS_TEXT_LEN];
    status_format(event_status(e), status);
    want_text(c, p, "kind", want->kind, span_of(event_kind_name(e->kind)));
    want_text(c, p, "direction", want->direction,
        span_of(direction_name(e->direction)));
    want_text(c, p, "disposition", want->disposition,
        span_of(disposition_name(e->disposition)));
    want_text(c, p, "stage", want->stage, span_of(stage_name(e->stage)));
    want_text(c, p, "queue_id", want->queue_id, e->queue_id);
    want_text(c, p, "sender", want->sender, e->sender);
    want_text(c, p, "recipient", want->recipient, e->recipient);
    want_text(c, p, "peer", want->peer, e->peer);
    want_text(c, p, "peer_ip", want->peer_ip, e->peer_ip);
    want_number(c, p, "reply_code", want->reply_code, e->reply.code);
    want_text(c, p, "enhanced_code", want->enhanced_code, span_of(status));
    want_number(c, p, "delay", want->delay, e->delay);
    want_text(c, p, "reply", want->reply, e->reply.text);
}

/* No other pattern of its role may claim the line of ${p}. */
static void check_rivals(struct check *c, const struct pattern *p,
    const struct program *program, struct span line)
{
    for (size_t i = 0; i < c->format->n_patterns; i++) {
        const struct pattern *other = &c->format->patterns[i];
        if (other != p && other->role == ROLE_LINE && p->role == ROLE_LINE &&
            formats_pattern_applies(other, program->name) &&
            extractor_claims(c->extractor, program, other, line)) {
            FAULT(c, p, "its sample is claimed by %s too", other->def->id);
        }
    }
}

static void check_line(
    struct check *c, const struct pattern *p, const struct sample_def *sample)
{
    struct span line = span_of(sample->line);
    struct program program = {
        .format = c->format, .name = program_of(p, sample)};
    struct parsed_line got;
    parser_sample(c->parser, c->format, program.name, line, &got);
    const struct pattern *claimed = parser_claimed_by(c->parser);
    if (claimed != p) {
        FAULT(c, p, "its sample goes to %s: %s",
            claimed != NULL ? claimed->def->id : "no pattern", sample->line);
        return;
    }
    if (c->format->shape == SHAPE_SYSLOG || c->format->shape == SHAPE_LINE) {
        check_rivals(c, p, &program, line);
    }
    bool kindless = !span_is_known(p->set[FIELD_kind]);
    bool silent = p->role == ROLE_IGNORE || p->memory == MEMORY_PUSH ||
                  p->memory == MEMORY_NEXT ||
                  (p->memory != MEMORY_NONE && kindless &&
                      (p->memory != MEMORY_SHIFT || sample->want == NULL));
    enum line_class want = silent ? LINE_IGNORED : LINE_EVENT;
    if (got.class != want) {
        FAULT(
            c, p, "sample is %s: %s", line_class_name(got.class), sample->line);
    } else if (sample->want != NULL) {
        compare(c, p, sample->want, &got.event);
    }
}

static void check_part(
    struct check *c, const struct pattern *p, const struct sample_def *sample)
{
    struct event event = {.delay = -1};
    struct program program = {
        .format = c->format, .name = program_of(p, sample)};
    if (!extractor_run_part(
            c->extractor, &program, p, span_of(sample->line), &event)) {
        FAULT(c, p, "does not claim its sample: %s", sample->line);
    } else if (sample->want != NULL) {
        compare(c, p, sample->want, &event);
    }
}

void format_check_run(
    const struct formats *all, struct format_check_result *result)
{
    *result = (struct format_check_result){0};
    struct zone *zone = zone_open("UTC"); /* for stamps without an offset */
    struct parser_options options = {.formats = all, .zone = zone};
    struct check c = {.all = all,
        .parser = parser_create(&options),
        .extractor = extractor_create(),
        .result = result};
    for (size_t i = 0; i < all->n_formats; i++) {
        c.format = &all->formats[i];
        for (size_t k = 0; k < c.format->n_patterns; k++) {
            const struct pattern *p = &c.format->patterns[k];
            result->n_patterns++;
            for (unsigned s = 0; s < p->def->samples_count; s++) {
                result->n_samples++;
                (p->role == ROLE_PART ? check_part : check_line)(
                    &c, p, &p->def->samples[s]);
            }
        }
    }
    extractor_free(c.extractor);
    parser_free(c.parser);
    zone_free(zone);
}
