/* SPDX-License-Identifier: MIT */
/*
 * Of the sixty fields of an entry the few in ${wanted} are kept, in a record.
 * There are two records, taken in turns: a line may both end one entry and
 * begin the next.
 *
 * Whoever feeds this has cut binary fields at their line feeds, so the LF
 * before each further line is put back while the length asks for more.  What
 * does not fit its length is damage (or lost CRs, see the header), and after
 * damage only the line that begins an entry is trusted again.
 */
#include "parse/journal_export.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"
#include "parse/json_record.h"

#include <stdlib.h>

/* systemd, journal_field_valid(): 64 bytes at most. */
enum { MAX_NAME_LEN = 64 };

enum { LENGTH_LEN = 8 };

static const struct span cursor_name = SPAN_INIT("__CURSOR");
static const struct span time_name = SPAN_INIT("__REALTIME_TIMESTAMP");

static const struct span wanted[] = {
    SPAN_INIT("__REALTIME_TIMESTAMP"),
    SPAN_INIT("_HOSTNAME"),
    SPAN_INIT("SYSLOG_IDENTIFIER"),
    SPAN_INIT("SYSLOG_PID"),
    SPAN_INIT("_PID"),
    SPAN_INIT("_COMM"),
    SPAN_INIT("MESSAGE"),
};

enum { N_WANTED = sizeof(wanted) / sizeof(wanted[0]) };

enum state {
    BETWEEN_ENTRIES = 0,
    IN_ENTRY,
    IN_BINARY, /* behind the name of a binary field */
    LOST       /* damage: wait for the beginning of an entry */
};

/* A binary field, as far as it has come. */
struct binary {
    struct span name; /* one of wanted; unknown: skip the field */
    unsigned char length[LENGTH_LEN];
    size_t length_len;
    uint64_t left; /* bytes to come, once the length is known */
    uint64_t n_lines;
    struct buffer data;
};

struct journal_export {
    enum state state;
    struct record records[2];
    int filling; /* which of them */
    bool too_large;
    struct binary binary;
    uint64_t n_dropped;
};

struct journal_export *journal_export_create(void)
{
    struct journal_export *j = memory_zalloc(1, sizeof(*j));
    record_init(&j->records[0]);
    record_init(&j->records[1]);
    buffer_init(&j->binary.data, LIMIT_LINE_LEN);
    return j;
}

void journal_export_free(struct journal_export *j)
{
    if (j == NULL) {
        return;
    }
    record_free(&j->records[0]);
    record_free(&j->records[1]);
    buffer_free(&j->binary.data);
    free(j);
}

/* True if ${line} is "NAME=...". */
static bool sets(struct span line, struct span name)
{
    return line.len > name.len && span_starts(line, name) &&
           line.ptr[name.len] == '=';
}

bool journal_export_recognise(struct span line)
{
    return sets(line, cursor_name) || sets(line, time_name);
}

/* The name of a field at the start of ${line}, empty if there is none. */
static struct span field_name(struct span line)
{
    size_t n = 0;
    while (
        n < line.len && n <= MAX_NAME_LEN &&
        ((line.ptr[n] >= 'A' && line.ptr[n] <= 'Z') ||
            (line.ptr[n] >= '0' && line.ptr[n] <= '9') || line.ptr[n] == '_')) {
        n++;
    }
    bool whole = n <= MAX_NAME_LEN && (n == line.len || line.ptr[n] == '=');
    return (struct span){line.ptr, whole ? n : 0};
}

/* The one of wanted that is called ${name}, or SPAN_NONE. */
static struct span find_wanted(struct span name)
{
    for (int i = 0; i < N_WANTED; i++) {
        if (span_equal(wanted[i], name)) {
            return wanted[i];
        }
    }
    return SPAN_NONE;
}

/* Text that is numbers in JSON comes first: its numbers are values, too. */
static struct span value_of(const struct record *r, struct span name)
{
    struct span bytes = json_record_bytes(r, name);
    return span_is_known(bytes) ? bytes : record_find(r, name);
}

bool journal_export_from_json(
    const struct record *r, struct journal_export_entry *entry)
{
    *entry = (struct journal_export_entry){.time = 0};
    if (!span_number(record_find(r, time_name), &entry->time)) {
        return false;
    }
    entry->host = value_of(r, SPAN_LITERAL("_HOSTNAME"));
    entry->identifier = value_of(r, SPAN_LITERAL("SYSLOG_IDENTIFIER"));
    entry->pid = value_of(r, SPAN_LITERAL("SYSLOG_PID"));
    if (!span_is_known(entry->pid)) {
        entry->pid = value_of(r, SPAN_LITERAL("_PID"));
    }
    entry->command = value_of(r, SPAN_LITERAL("_COMM"));
    entry->message = value_of(r, SPAN_LITERAL("MESSAGE"));
    return true;
}

static void lose(struct journal_export *j)
{
    j->state = LOST;
    j->n_dropped++;
}

/* End the entry; false if it had to be dropped. */
static bool complete(
    struct journal_export *j, struct journal_export_entry *entry)
{
    struct record *r = &j->records[j->filling];
    j->state = BETWEEN_ENTRIES;
    j->filling = 1 - j->filling;
    if (j->too_large || !journal_export_from_json(r, entry)) {
        j->n_dropped++;
        return false;
    }
    return true;
}

static void keep(struct journal_export *j, struct span name, struct span value)
{
    if (!record_add(&j->records[j->filling], name, value)) {
        j->too_large = true;
    }
}

static void begin_entry(struct journal_export *j)
{
    j->state = IN_ENTRY;
    j->too_large = false;
    record_reset(&j->records[j->filling]);
}

static void begin_binary(struct journal_export *j, struct span name)
{
    j->state = IN_BINARY;
    j->binary.name = name;
    j->binary.length_len = 0;
    j->binary.left = 0;
    j->binary.n_lines = 0;
    buffer_reset(&j->binary.data);
}

static void end_binary(struct journal_export *j)
{
    struct binary *b = &j->binary;
    j->state = IN_ENTRY;
    if (b->data.overflowed) {
        j->too_large = true;
    } else if (span_is_known(b->name)) {
        keep(j, b->name, buffer_span(&b->data));
    }
}

/* A line between or in entries that is not empty. */
static void take_field(struct journal_export *j, struct span line)
{
    struct span name = field_name(line);
    if (name.len == 0) {
        lose(j);
        return;
    }
    if (j->state == BETWEEN_ENTRIES) {
        begin_entry(j);
    }
    struct span known = find_wanted(name);
    if (name.len == line.len) {
        begin_binary(j, known);
    } else if (span_is_known(known)) {
        keep(j, known, span_skip(line, name.len + 1));
    }
}

static bool take_line(struct journal_export *j, struct span line,
    struct journal_export_entry *entry)
{
    bool begins = journal_export_recognise(line);
    if (j->state == LOST && !begins) {
        return false;
    }
    if (j->state == LOST) {
        j->state = BETWEEN_ENTRIES;
    }
    if (line.len == 0) {
        return j->state == IN_ENTRY && complete(j, entry);
    }
    /* The empty line before it may have been taken for a lost CR. */
    bool done =
        j->state == IN_ENTRY && sets(line, cursor_name) && complete(j, entry);
    take_field(j, line);
    return done;
}

/* Take what is left of the length off ${s}. */
static void take_length(struct binary *b, struct span *s)
{
    while (b->length_len < LENGTH_LEN && s->len > 0) {
        b->length[b->length_len++] = (unsigned char)s->ptr[0];
        *s = span_skip(*s, 1);
        if (b->length_len == LENGTH_LEN) {
            for (int i = LENGTH_LEN - 1; i >= 0; i--) {
                b->left = b->left << 8 | b->length[i];
            }
        }
    }
}

static void take_data(struct binary *b, struct span s)
{
    b->left -= s.len;
    if (span_is_known(b->name)) {
        buffer_add(&b->data, s);
    }
}

/* How ${line} fits in the binary field. */
enum fit { FITS, ENDS, MISFITS };

/* ${s} is a line of ${b}, or the LF before it. */
static enum fit take_binary(struct binary *b, struct span s)
{
    take_length(b, &s);
    if (b->left > LIMIT_JOURNAL_FIELD_LEN || s.len > b->left) {
        return MISFITS;
    }
    take_data(b, s);
    return b->length_len == LENGTH_LEN && b->left == 0 ? ENDS : FITS;
}

/* Do LF and ${line} overshoot an end that only lost CRs can have hidden? */
static bool has_lost_returns(const struct binary *b, struct span line)
{
    return b->length_len == LENGTH_LEN && b->left <= b->n_lines &&
           line.len + 1 > b->left;
}

static bool feed_binary(struct journal_export *j, struct span line,
    struct journal_export_entry *entry)
{
    struct binary *b = &j->binary;
    if (b->n_lines > 0 && has_lost_returns(b, line)) {
        end_binary(j);
        return take_line(j, line, entry);
    }
    enum fit fit = FITS;
    if (b->n_lines > 0) {
        fit = take_binary(b, SPAN_LITERAL("\n"));
    }
    b->n_lines++;
    /* An end before the line is one only if the line adds nothing. */
    if (fit != MISFITS) {
        fit = take_binary(b, line);
    }
    if (fit == MISFITS) {
        lose(j);
        return take_line(j, line, entry);
    }
    if (fit == ENDS) {
        end_binary(j);
    }
    return false;
}

bool journal_export_feed(struct journal_export *j, struct span line,
    struct journal_export_entry *entry)
{
    if (j->state == IN_BINARY) {
        return feed_binary(j, line, entry);
    }
    return take_line(j, line, entry);
}

bool journal_export_in_entry(const struct journal_export *j)
{
    return j->state == IN_ENTRY || j->state == IN_BINARY;
}

void journal_export_end(struct journal_export *j)
{
    if (journal_export_in_entry(j)) {
        j->n_dropped++;
    }
    j->state = BETWEEN_ENTRIES;
}

uint64_t journal_export_n_dropped(const struct journal_export *j)
{
    return j->n_dropped;
}
