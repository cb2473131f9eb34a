/* SPDX-License-Identifier: MIT */
/* parse/parser_inside.h - what the files of the parser share. */
#ifndef PARSE_PARSER_INSIDE_H
#define PARSE_PARSER_INSIDE_H

#include "parse/extractor.h"
#include "parse/journal_export.h"
#include "parse/parser.h"
#include "parse/programs.h"

struct parser {
    const struct formats *formats;
    struct stamp_reader stamps;
    struct extractor *extractor;
    struct programs *programs;
    struct program sample; /* that parser_sample() was given last */
    struct regex_workspace *workspace;
    struct record record;
    struct record inner; /* of a line that docker wrapped */
    struct csv_record *csv;
    const struct format *csv_format; /* of the header seen last */
    struct json_record *json;
    struct docker_wrap *docker;
    struct journal_export *journal;
    struct joiner *joiner;
    struct twins *twins;
    const struct format *continues; /* lines without a stamp are its */
    bool looks_back;
    char *message; /* unescaped, LIMIT_LINE_LEN bytes */
};

/* What came of reading a line. */
static inline enum line_class parser_class(enum extract_result result)
{
    return result == EXTRACT_EVENT     ? LINE_EVENT
           : result == EXTRACT_IGNORED ? LINE_IGNORED
                                       : LINE_UNKNOWN;
}

/* ${program} is what wrote the line. */
static inline void parser_set_program(
    struct parsed_line *out, const struct program *program)
{
    out->mta = program->format->name;
    out->program = program->name;
    out->event.mta = out->mta;
    out->event.program = out->program;
    out->event.repeat = 1;
}

/* Of the functions below, ${out} is what is known of the line so far. */

/** parser_read_line(p, line, nested, out): Read ${line}; ${nested}: it was
 * within one of docker's. */
void parser_read_line(
    struct parser *p, struct span line, bool nested, struct parsed_line *out);

/** parser_read_entry(p, entry, out): Read an entry of journald. */
void parser_read_entry(struct parser *p,
    const struct journal_export_entry *entry, struct parsed_line *out);

/** parser_read_record(p, format, record, line, out): Read ${record}, which
 * ${line} was split into, by the pack of ${format}. */
void parser_read_record(struct parser *p, const struct format *format,
    const struct record *record, struct span line, struct parsed_line *out);

/** parser_read_json(p, line, nested, out): Read ${line}, an object of JSON. */
void parser_read_json(
    struct parser *p, struct span line, bool nested, struct parsed_line *out);

/** parser_read_csv(p, line, out): Read ${line}, a header or a row of CSV. */
void parser_read_csv(
    struct parser *p, struct span line, struct parsed_line *out);

/** parser_take_header(p, line): Is ${line} a header of CSV that some pack
 * knows?  Rows that follow are its. */
bool parser_take_header(struct parser *p, struct span line);

/** parser_sample_record(p, format, line, out): Read ${line}, a sample of
 * ${format}, whose lines are records. */
void parser_sample_record(struct parser *p, const struct format *format,
    struct span line, struct parsed_line *out);

#endif
