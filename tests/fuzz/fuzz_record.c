/* SPDX-License-Identifier: MIT */
/* Lines of a record shape, without packs: CSV, JSON, docker's, journald's. */
#include "parse/csv_record.h"
#include "parse/docker_wrap.h"
#include "parse/journal_export.h"
#include "parse/json_record.h"

#include "base/limits.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* All of a span can be read, so that the sanitizer sees where it lies. */
static void touch(struct span s)
{
    static volatile unsigned char sum;
    for (size_t i = 0; i < s.len; i++) {
        sum = (unsigned char)(sum + (unsigned char)s.ptr[i]);
    }
}

static void check_record(const struct record *r)
{
    check(r->n_pairs <= LIMIT_RECORD_PAIRS && r->text_len <= LIMIT_RECORD_LEN);
    for (size_t i = 0; i < r->n_pairs; i++) {
        check(r->pairs[i].name.len <= LIMIT_RECORD_NAME);
        touch(r->pairs[i].name);
        touch(r->pairs[i].value);
        touch(json_record_bytes(r, r->pairs[i].name));
    }
}

static void check_entry(const struct journal_export_entry *e)
{
    const struct span spans[] = {
        e->host, e->identifier, e->pid, e->command, e->message};
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        touch(spans[i]);
    }
}

/* Readers of one source each. */
struct readers {
    struct record record;
    struct csv_record *csv;
    struct json_record *json;
    struct docker_wrap *docker;
    struct journal_export *journal;
};

static void read_csv(struct readers *r, struct span line)
{
    const struct span names[] = {SPAN_INIT("date-time"), SPAN_INIT("event-id")};
    struct csv_record_shape shape;
    if (csv_record_header(r->csv, line, names, 2)) {
        check(csv_record_n_columns(r->csv) <= LIMIT_CSV_COLUMNS);
    } else if (csv_record_read(r->csv, line, &r->record, &shape)) {
        check_record(&r->record);
    }
}

static void read_json(struct readers *r, struct span line)
{
    struct journal_export_entry entry;
    struct docker_wrap_line whole;
    if (!json_record_read(r->json, line, &r->record)) {
        return;
    }
    check_record(&r->record);
    if (journal_export_from_json(&r->record, &entry)) {
        check_entry(&entry);
    }
    if (docker_wrap_recognise(&r->record) &&
        docker_wrap_read(r->docker, &r->record, &whole) == DOCKER_WRAP_LINE) {
        check(whole.text.len <= LIMIT_LINE_LEN);
        touch(whole.text);
        touch(whole.time);
    }
}

static void read_journal(struct readers *r, struct span line)
{
    struct journal_export_entry entry;
    if (journal_export_feed(r->journal, line, &entry)) {
        check_entry(&entry);
    }
}

/* The first byte chooses the shape, the rest is lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static void (*const shapes[])(struct readers *, struct span) = {
        read_csv, read_json, read_journal};
    if (len == 0) {
        return 0;
    }
    struct readers r = {.csv = csv_record_create(),
        .json = json_record_create(),
        .docker = docker_wrap_create(),
        .journal = journal_export_create()};
    record_init(&r.record);
    struct span rest = {(const char *)data + 1, len - 1};
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        shapes[data[0] % 3](&r, span_first(rest, end));
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    journal_export_end(r.journal);
    record_free(&r.record);
    csv_record_free(r.csv);
    json_record_free(r.json);
    docker_wrap_free(r.docker);
    journal_export_free(r.journal);
    return 0;
}
