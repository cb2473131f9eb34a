/* SPDX-License-Identifier: MIT */
/*
 * Log text is hostile, and rows are read by programs and by people at a
 * terminal: a TSV field is always one field of one line of valid UTF-8 with
 * nothing in it that steers a terminal, and still tells every byte.
 */
#include "cli/rows.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "report/utf8.h"

/* A row quotes a line a few times at most, each byte as up to four. */
#define ROW_LEN (16 * LIMIT_LINE_LEN)

struct rows {
    FILE *out;
    const char *const *columns;
    size_t n_columns;
    size_t column;              /* of this row, the next */
    struct buffer text;         /* the row in TSV; one value in JSON */
    struct json_object *object; /* the row in JSON, NULL between rows */
    bool json;
};

struct rows *rows_create(
    FILE *out, const char *format, const char *const *columns, size_t n_columns)
{
    struct rows *r = memory_zalloc(1, sizeof(*r));
    r->out = out;
    r->columns = columns;
    r->n_columns = n_columns;
    r->json = format != NULL && strcmp(format, "jsonl") == 0;
    buffer_init(&r->text, ROW_LEN);
    for (size_t i = 0; !r->json && i < n_columns; i++) {
        fprintf(out, "%s%c", columns[i], i + 1 < n_columns ? '\t' : '\n');
    }
    return r;
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '\\';
}

/* Nearly all text in logs is plain ASCII, so it goes a run at a time. */
static size_t plain_run(struct span s)
{
    size_t n = 0;
    while (n < s.len && is_plain(s.ptr[n])) {
        n++;
    }
    return n;
}

static void add_hex(struct buffer *out, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        buffer_addf(out, "\\x%02x", (unsigned char)s.ptr[i]);
    }
}

/* Append the character at the start of ${s}, escaped; return its length. */
static size_t add_tsv_character(struct buffer *out, struct span s)
{
    uint32_t code = 0;
    size_t len = utf8_next(s, &code);
    bool invalid = code == UTF8_INVALID && len == 1;
    if (code == '\t') {
        buffer_add_string(out, "\\t");
    } else if (code == '\n') {
        buffer_add_string(out, "\\n");
    } else if (code == '\\') {
        buffer_add_string(out, "\\\\");
    } else if (invalid || utf8_is_unsafe(code)) {
        add_hex(out, span_first(s, len));
    } else {
        buffer_add(out, span_first(s, len));
    }
    return len;
}

static void add_tsv(struct buffer *out, struct span s)
{
    while (s.len > 0) {
        size_t plain = plain_run(s);
        buffer_add(out, span_first(s, plain));
        s = span_skip(s, plain);
        if (s.len > 0) {
            s = span_skip(s, add_tsv_character(out, s));
        }
    }
}

/* JSON is UTF-8 (RFC 8259, 8.1); a byte that is not becomes U+FFFD. */
static void add_utf8(struct buffer *out, struct span s)
{
    while (s.len > 0) {
        uint32_t code = 0;
        size_t len = utf8_next(s, &code);
        if (code == UTF8_INVALID) {
            buffer_add_string(out, "\xef\xbf\xbd");
        } else {
            buffer_add(out, span_first(s, len));
        }
        s = span_skip(s, len);
    }
}

static void put_json(
    struct rows *r, const char *name, struct json_object *value)
{
    if (r->object == NULL) {
        r->object = json_object_new_object();
    }
    json_object_object_add_ex(r->object, name, value,
        JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT);
}

static struct json_object *json_text(struct rows *r, struct span value)
{
    if (!span_is_known(value)) {
        return NULL;
    }
    buffer_reset(&r->text);
    add_utf8(&r->text, value);
    struct span text = buffer_span(&r->text);
    return json_object_new_string_len(text.ptr, (int)text.len);
}

/* ${value} is a number in JSON's notation. */
static struct json_object *json_number(struct rows *r, struct span value)
{
    buffer_reset(&r->text);
    buffer_add(&r->text, value);
    return json_object_new_double_s(0.0, buffer_string(&r->text));
}

void rows_put(struct rows *r, struct span value)
{
    assert(r->column < r->n_columns);
    if (!r->json) {
        if (r->column > 0) {
            buffer_add_char(&r->text, '\t');
        }
        add_tsv(&r->text, value);
    } else {
        put_json(r, r->columns[r->column], json_text(r, value));
    }
    r->column++;
}

void rows_put_number(struct rows *r, struct span value)
{
    if (!r->json || !span_is_known(value)) {
        rows_put(r, value);
        return;
    }
    put_json(r, r->columns[r->column], json_number(r, value));
    r->column++;
}

void rows_put_more(struct rows *r, const char *name, struct span value)
{
    assert(r->column == r->n_columns);
    if (r->json && span_is_known(value)) {
        put_json(r, name, json_text(r, value));
    }
}

void rows_put_more_number(struct rows *r, const char *name, struct span value)
{
    assert(r->column == r->n_columns);
    if (r->json && span_is_known(value)) {
        put_json(r, name, json_number(r, value));
    }
}

static void write_json(struct rows *r)
{
    size_t len = 0;
    const char *text = json_object_to_json_string_length(r->object,
        JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    fwrite(text, 1, len, r->out);
    json_object_put(r->object);
    r->object = NULL;
}

bool rows_end(struct rows *r)
{
    assert(r->column == r->n_columns);
    if (r->json) {
        write_json(r);
    } else {
        struct span row = buffer_span(&r->text);
        fwrite(row.ptr, 1, row.len, r->out);
    }
    r->column = 0;
    buffer_reset(&r->text);
    if (fputc('\n', r->out) == EOF) {
        diag_error("writing failed: %s", strerror(errno));
        return false;
    }
    return true;
}

void rows_free(struct rows *r)
{
    if (r == NULL) {
        return;
    }
    json_object_put(r->object);
    buffer_free(&r->text);
    free(r);
}
