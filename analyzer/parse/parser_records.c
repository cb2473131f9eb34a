/* SPDX-License-Identifier: MIT */
/*
 * Lines that are records with named values.  An object of JSON is of an MTA
 * that writes such, of journald, or of docker, whose objects hold lines that
 * are read like any other.
 */
#include "parse/parser_inside.h"

#include "parse/csv_record.h"
#include "parse/docker_wrap.h"
#include "parse/json_record.h"

void parser_read_record(struct parser *p, const struct format *format,
    const struct record *record, struct span line, struct parsed_line *out)
{
    const struct program *program = programs_of_format(p->programs, format);
    parser_set_program(out, program);
    p->looks_back = p->looks_back || format->looks_back;
    out->message = line;
    out->event.line = line;
    extractor_line(p->extractor, SPAN_NONE, p->stamps.last * 1000000);
    out->class = parser_class(
        extractor_run_record(p->extractor, program, record, &out->event));
    out->unsure = keeping_is_unsure(extractor_keeping(p->extractor));
    out->key = keeping_key(extractor_keeping(p->extractor));
    struct span stamp = extractor_field(p->extractor, FIELD_stamp);
    out->event.host = extractor_field(p->extractor, FIELD_host);
    bool dated = out->class == LINE_EVENT || out->unsure;
    if (dated && stamp_read(&p->stamps, stamp, &out->event.time) == 0) {
        out->class = LINE_UNKNOWN;
        out->unsure = false;
    }
}

/* Does the record have every name that ${format} is recognised by? */
static bool has_names(const struct record *record, const struct format *format)
{
    for (unsigned i = 0; i < format->pack->recognise_count; i++) {
        if (!span_is_known(record_find(record, format->recognise[i]))) {
            return false;
        }
    }
    return true;
}

static void read_docker(struct parser *p, struct parsed_line *out)
{
    struct docker_wrap_line inner;
    p->looks_back = true;
    switch (docker_wrap_read(p->docker, &p->record, &inner)) {
    case DOCKER_WRAP_LINE:
        parser_read_line(p, inner.text, true, out);
        break;
    case DOCKER_WRAP_OVERLONG:
        out->class = LINE_OVERLONG;
        break;
    default:
        out->class = LINE_UNSET;
        break;
    }
}

void parser_read_json(
    struct parser *p, struct span line, bool nested, struct parsed_line *out)
{
    struct record *record = nested ? &p->inner : &p->record;
    struct journal_export_entry entry;
    out->class = LINE_MALFORMED;
    out->message = line;
    if (!json_record_read(p->json, line, record)) {
        return;
    }
    if (!nested && docker_wrap_recognise(record)) {
        read_docker(p, out);
        return;
    }
    if (journal_export_from_json(record, &entry)) {
        parser_read_entry(p, &entry, out);
        return;
    }
    for (size_t i = 0; i < p->formats->n_formats; i++) {
        const struct format *f = &p->formats->formats[i];
        if (f->shape == SHAPE_JSON && has_names(record, f)) {
            parser_read_record(p, f, record, line, out);
            return;
        }
    }
    out->class = LINE_FOREIGN;
}

bool parser_take_header(struct parser *p, struct span line)
{
    for (size_t i = 0; i < p->formats->n_formats; i++) {
        const struct format *f = &p->formats->formats[i];
        if (f->shape == SHAPE_CSV &&
            csv_record_header(
                p->csv, line, f->recognise, f->pack->recognise_count)) {
            p->csv_format = f;
            return true;
        }
    }
    return false;
}

void parser_read_csv(
    struct parser *p, struct span line, struct parsed_line *out)
{
    if (parser_take_header(p, line)) {
        parser_set_program(out, programs_of_format(p->programs, p->csv_format));
        out->class = LINE_IGNORED;
    } else if (p->csv_format == NULL) {
        out->class = LINE_MALFORMED;
    } else if (csv_record_read(p->csv, line, &p->record, NULL)) {
        parser_read_record(p, p->csv_format, &p->record, line, out);
    } else {
        parser_set_program(out, programs_of_format(p->programs, p->csv_format));
        out->class = LINE_IGNORED; /* a comment */
    }
}

void parser_sample_record(struct parser *p, const struct format *format,
    struct span line, struct parsed_line *out)
{
    struct span header = span_of(format->pack->header);
    if (format->shape == SHAPE_CSV && span_is_known(header)) {
        csv_record_header(
            p->csv, header, format->recognise, format->pack->recognise_count);
    }
    bool ok = format->shape == SHAPE_CSV
                  ? csv_record_read(p->csv, line, &p->record, NULL)
                  : json_record_read(p->json, line, &p->record);
    if (ok) {
        parser_read_record(p, format, &p->record, line, out);
    }
}
