/* SPDX-License-Identifier: MIT */
/*
 * What a line is shows in its first byte, or in what it fails to be: an
 * object of JSON (of an MTA, of docker, of journald), a field of journald's
 * export format, a line with a stamp of an MTA that writes its own files, a
 * line of syslog, a row under a CSV header.  All of them end as a message of
 * a program, or as a record, which the program's pack makes an event of.
 *
 * The tag of a syslog line ("postfix/submission/smtpd") tells pack and
 * program; lines of programs that are no known MTA are dismissed by that
 * look-up, before anything else of them is read.
 */
#include "parse/parser_inside.h"

#include "base/limits.h"
#include "base/memory.h"
#include "parse/csv_record.h"
#include "parse/docker_wrap.h"
#include "parse/joiner.h"
#include "parse/json_record.h"
#include "parse/syslog.h"
#include "parse/twins.h"

#include <stdlib.h>

struct parser *parser_create(const struct parser_options *options)
{
    struct parser *p = memory_zalloc(1, sizeof(*p));
    p->extractor = extractor_create();
    p->programs = programs_create(options->formats);
    p->workspace = regex_workspace_create();
    record_init(&p->record);
    record_init(&p->inner);
    p->csv = csv_record_create();
    p->json = json_record_create();
    p->docker = docker_wrap_create();
    p->journal = journal_export_create();
    p->joiner = joiner_create();
    p->twins = twins_create();
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
    extractor_reset(p->extractor);
    csv_record_reset(p->csv);
    p->csv_format = NULL;
    docker_wrap_reset(p->docker);
    journal_export_end(p->journal);
    joiner_reset(p->joiner);
    twins_reset(p->twins);
    p->continues = NULL;
    p->looks_back = false;
}

void parser_free(struct parser *p)
{
    if (p == NULL) {
        return;
    }
    free(p->message);
    twins_free(p->twins);
    joiner_free(p->joiner);
    journal_export_free(p->journal);
    docker_wrap_free(p->docker);
    json_record_free(p->json);
    csv_record_free(p->csv);
    record_free(&p->inner);
    record_free(&p->record);
    regex_workspace_free(p->workspace);
    programs_reset(&p->sample);
    programs_free(p->programs);
    extractor_free(p->extractor);
    free(p);
}

/* Drop what the pack says may stand before a message (Exim's own stamp). */
static struct span without_prefix(
    struct parser *p, const struct format *format, struct span message)
{
    if (format->prefix == NULL ||
        regex_match(format->prefix, p->workspace, message) != REGEX_MATCH) {
        return message;
    }
    return span_skip(message, regex_group(p->workspace, message, 0).len);
}

static void run_message(struct parser *p, const struct program *program,
    struct span message, struct parsed_line *out)
{
    extractor_line(p->extractor, out->event.host, out->event.time);
    out->event.line = message;
    out->class = parser_class(
        extractor_run(p->extractor, program, message, &out->event));
    out->unsure = keeping_is_unsure(extractor_keeping(p->extractor));
    out->key = keeping_key(extractor_keeping(p->extractor));
}

static void read_message(struct parser *p, const struct program *program,
    struct span message, struct parsed_line *out)
{
    parser_set_program(out, program);
    p->looks_back = p->looks_back || program->format->looks_back;
    message = syslog_unescape(message, p->message, LIMIT_LINE_LEN);
    out->event.repeat = syslog_repeated(message, &message);
    message = without_prefix(p, program->format, message);
    run_message(p, program, message, out);
}

/* The first pack of those that know the tag whose patterns claim it. */
static void read_by_any(struct parser *p, const struct program *program,
    struct span message, struct parsed_line *out)
{
    const struct program *first = program;
    if (program->next == NULL) {
        read_message(p, program, message, out);
        return;
    }
    const struct parsed_line blank = *out;
    read_message(p, program, message, out);
    while (out->class == LINE_UNKNOWN && program->next != NULL) {
        program = program->next;
        *out = blank;
        read_message(p, program, message, out);
    }
    if (out->class == LINE_UNKNOWN) {
        parser_set_program(out, first);
    }
}

/* A piece of a message that was cut: false if more is to come. */
static bool join(struct parser *p, const struct format *format,
    const struct syslog_line *line, struct span *message)
{
    if (format->join == NULL ||
        regex_match(format->join, p->workspace, *message) != REGEX_MATCH) {
        return true;
    }
    unsigned newline = regex_group_number(format->join, "newline");
    struct joiner_part part = {.number = regex_group(p->workspace, *message,
                                   regex_group_number(format->join, "part")),
        .of = regex_group(
            p->workspace, *message, regex_group_number(format->join, "parts")),
        .newline = newline > 0 &&
                   span_is_known(regex_group(p->workspace, *message, newline))};
    struct span text =
        span_skip(*message, regex_group(p->workspace, *message, 0).len);
    return joiner_add(p->joiner, line, &part, text, message) != JOINER_PIECE;
}

static void read_syslog(
    struct parser *p, const struct syslog_line *line, struct parsed_line *out)
{
    out->message = line->message;
    const struct program *program = programs_find(p->programs, line->tag);
    p->continues = NULL;
    if (program->format == NULL) {
        out->class = LINE_FOREIGN;
        out->program = program->name;
        return;
    }
    struct span message = line->message;
    out->event.time = line->time;
    out->event.host = line->host;
    if (!join(p, program->format, line, &message) ||
        (program->format->has_twins && twins_again(p->twins, line, message))) {
        parser_set_program(out, program);
        out->class = LINE_IGNORED;
        return;
    }
    read_by_any(p, program, message, out);
}

/* A line of an MTA that stamps its own files. */
static bool read_stamped(
    struct parser *p, struct span line, struct parsed_line *out)
{
    for (size_t i = 0; i < p->formats->n_formats; i++) {
        const struct format *f = &p->formats->formats[i];
        if (f->shape != SHAPE_LINE ||
            regex_match(f->record, p->workspace, line) != REGEX_MATCH) {
            continue;
        }
        struct span fields[FIELD_COUNT];
        memset(fields, 0, sizeof(fields));
        for (unsigned n = 1; n <= regex_n_groups(f->record); n++) {
            if (f->record_field[n] != NO_FIELD) {
                fields[f->record_field[n]] = regex_group(p->workspace, line, n);
            }
        }
        if (stamp_read(&p->stamps, fields[FIELD_stamp], &out->event.time) ==
            0) {
            continue;
        }
        out->message = fields[FIELD_text];
        out->event.host = fields[FIELD_host];
        p->continues = f->continues ? f : NULL;
        read_message(p, programs_of_format(p->programs, f), out->message, out);
        return true;
    }
    return false;
}

void parser_read_entry(struct parser *p,
    const struct journal_export_entry *entry, struct parsed_line *out)
{
    struct syslog_line line = {.time = entry->time,
        .host = entry->host,
        .tag = span_is_known(entry->identifier) ? entry->identifier
                                                : entry->command,
        .pid = entry->pid,
        .message = entry->message};
    p->stamps.last = entry->time / 1000000;
    p->stamps.yearless = false;
    read_syslog(p, &line, out);
}

/* Neither JSON nor journald's. */
static void read_text(
    struct parser *p, struct span line, struct parsed_line *out)
{
    struct syslog_line s;
    char first = line.len > 0 ? line.ptr[0] : '\0';
    bool dated = first == '@' || (first >= '0' && first <= '9');
    if (dated && read_stamped(p, line, out)) {
        return;
    }
    if (syslog_split(&p->stamps, line, &s)) {
        read_syslog(p, &s, out);
        return;
    }
    out->message = line;
    if (!dated && read_stamped(p, line, out)) {
        return;
    }
    if (p->continues != NULL) {
        parser_set_program(out, programs_of_format(p->programs, p->continues));
        out->class = LINE_IGNORED;
        return;
    }
    parser_read_csv(p, line, out);
}

void parser_read_line(
    struct parser *p, struct span line, bool nested, struct parsed_line *out)
{
    if (line.len > 0 && line.ptr[0] == '{' && json_record_recognise(line)) {
        parser_read_json(p, line, nested, out);
    } else {
        read_text(p, line, out);
    }
}

void parser_line(struct parser *p, struct span line, struct parsed_line *out)
{
    memset(out, 0, sizeof(*out));
    if (!journal_export_in_entry(p->journal) &&
        (line.len == 0 || line.ptr[0] != '_' ||
            !journal_export_recognise(line))) {
        parser_read_line(p, line, false, out);
        return;
    }
    struct journal_export_entry entry;
    out->message = line;
    p->looks_back = true;
    if (journal_export_feed(p->journal, line, &entry)) {
        parser_read_entry(p, &entry, out);
    } /* else the line is part of an entry, and none by itself: LINE_UNSET */
}

bool parser_is_exact(const struct parser *p)
{
    return journal_export_in_entry(p->journal);
}

bool parser_looks_back(const struct parser *p)
{
    return p->looks_back;
}

bool parser_rest(struct parser *p, struct parsed_line *out)
{
    struct docker_wrap_line inner;
    memset(out, 0, sizeof(*out));
    if (docker_wrap_rest(p->docker, &inner)) {
        parser_read_line(p, inner.text, true, out);
        return true;
    }
    bool cut = journal_export_in_entry(p->journal);
    journal_export_end(p->journal);
    out->class = LINE_MALFORMED;
    return cut;
}

bool parser_more(struct parser *p, struct parsed_line *out)
{
    return extractor_more(p->extractor, &out->event);
}

const struct pattern *parser_claimed_by(const struct parser *p)
{
    return extractor_claimed_by(p->extractor);
}

struct keeping *parser_keeping(struct parser *p)
{
    return extractor_keeping(p->extractor);
}

static void read_again(struct parser *p, const struct format *format,
    const struct parser_unsure *line, struct parsed_line *out)
{
    memset(out, 0, sizeof(*out));
    out->event.time = line->time;
    out->event.host = line->host;
    p->stamps.last = line->time / 1000000;
    out->message = line->message;
    if (format->shape == SHAPE_JSON) {
        if (json_record_read(p->json, line->message, &p->record)) {
            parser_read_record(p, format, &p->record, line->message, out);
        }
    } else {
        const struct program *program =
            programs_named(p->programs, format, line->program);
        parser_set_program(out, program);
        run_message(p, program, line->message, out);
    }
    out->event.time = line->time;
    out->event.repeat = line->repeat;
}

/* An MTA may have several packs, one of which claims the line. */
bool parser_again(
    struct parser *p, const struct parser_unsure *line, struct parsed_line *out)
{
    bool there = false;
    keeping_give_key(extractor_keeping(p->extractor), line->key);
    for (size_t i = 0; i < p->formats->n_formats; i++) {
        const struct format *f = &p->formats->formats[i];
        if (!span_equal(f->name, line->mta)) {
            continue;
        }
        there = true;
        read_again(p, f, line, out);
        if (extractor_claimed_by(p->extractor) != NULL) {
            break;
        }
    }
    return there;
}

void parser_prime(struct parser *p, struct span head)
{
    while (head.len > 0) {
        size_t end = span_find(head, SPAN_LITERAL("\n"));
        struct span line = span_first(head, end);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
            line.len--;
        }
        parser_take_header(p, line);
        head = span_skip(head, end < head.len ? end + 1 : end);
    }
}

void parser_sample(struct parser *p, const struct format *format,
    struct span program_name, struct span message, struct parsed_line *out)
{
    memset(out, 0, sizeof(*out));
    out->class = LINE_UNKNOWN;
    out->message = message;
    if (format->shape == SHAPE_CSV || format->shape == SHAPE_JSON) {
        parser_sample_record(p, format, message, out);
        return;
    }
    /* parser_more() asks it for the next recipients */
    programs_reset(&p->sample);
    programs_init(&p->sample, format, program_name);
    out->event.host = SPAN_LITERAL("host");
    read_message(p, &p->sample, message, out);
}

int64_t parser_last_stamp(const struct parser *p)
{
    return p->stamps.last * 1000000;
}

int parser_years_over(const struct parser *p)
{
    return stamp_years_over(&p->stamps);
}
