/* SPDX-License-Identifier: MIT */
/*
 * json-c reads the line into a tree, which is walked once and released.  The
 * depth limit is json-c's own, so the walk may recurse.
 *
 * An array of bytes stands in the record as one more pair, whose name is the
 * path with "[]" behind it.
 */
#include "parse/json_record.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

struct json_record {
    struct json_tokener *tokener;
    struct buffer path;
    struct buffer bytes;
};

/* One walk over a tree. */
struct walk {
    struct buffer *path;  /* of the value being looked at */
    struct buffer *bytes; /* of the array being joined */
    struct record *out;
};

static void add_value(struct walk *w, struct json_object *value);

struct json_record *json_record_create(void)
{
    struct json_record *j = memory_zalloc(1, sizeof(*j));
    /* json-c counts the top level as well. */
    j->tokener = json_tokener_new_ex(LIMIT_JSON_DEPTH + 1);
    if (j->tokener == NULL) {
        diag_error("out of memory");
        exit(4);
    }
    buffer_init(&j->path, LIMIT_RECORD_NAME);
    buffer_init(&j->bytes, LIMIT_LINE_LEN);
    return j;
}

void json_record_free(struct json_record *j)
{
    if (j == NULL) {
        return;
    }
    json_tokener_free(j->tokener);
    buffer_free(&j->path);
    buffer_free(&j->bytes);
    free(j);
}

/* Lengthen the path; false, undoing what was done, if it gets too long. */
static bool enter(struct walk *w, struct span step)
{
    size_t before = w->path->len;
    if (before > 0) {
        buffer_add_char(w->path, '.');
    }
    buffer_add(w->path, step);
    if (w->path->overflowed) {
        w->path->overflowed = false;
        w->path->len = before;
        w->out->overflowed = true;
        return false;
    }
    return true;
}

static void add_members(struct walk *w, struct json_object *object)
{
    size_t before = w->path->len;
    struct json_object_iterator at = json_object_iter_begin(object);
    struct json_object_iterator end = json_object_iter_end(object);
    while (!json_object_iter_equal(&at, &end)) {
        if (enter(w, span_of(json_object_iter_peek_name(&at)))) {
            add_value(w, json_object_iter_peek_value(&at));
            w->path->len = before;
        }
        json_object_iter_next(&at);
    }
}

/* Does ${array} hold nothing but numbers from 0 to 255? */
static bool holds_bytes(struct json_object *array)
{
    size_t n = json_object_array_length(array);
    for (size_t i = 0; i < n; i++) {
        struct json_object *e = json_object_array_get_idx(array, i);
        if (!json_object_is_type(e, json_type_int) ||
            json_object_get_int64(e) < 0 || json_object_get_int64(e) > 255) {
            return false;
        }
    }
    return n > 0;
}

static void add_bytes(struct walk *w, struct json_object *array)
{
    size_t n = json_object_array_length(array);
    buffer_reset(w->bytes);
    for (size_t i = 0; i < n; i++) {
        struct json_object *e = json_object_array_get_idx(array, i);
        buffer_add_char(w->bytes, (char)json_object_get_int(e));
    }
    char name[LIMIT_RECORD_NAME + 3];
    int len = snprintf(name, sizeof(name), "%s[]", buffer_string(w->path));
    record_add(w->out, (struct span){name, (size_t)len}, buffer_span(w->bytes));
}

static bool is_container(struct json_object *value)
{
    return json_object_is_type(value, json_type_object) ||
           json_object_is_type(value, json_type_array);
}

static void add_elements(struct walk *w, struct json_object *array)
{
    size_t n = json_object_array_length(array);
    if (holds_bytes(array)) {
        add_bytes(w, array);
        if (n > LIMIT_RECORD_SMALL_NUMBERS) {
            return;
        }
    }
    size_t before = w->path->len;
    for (size_t i = 0; i < n; i++) {
        struct json_object *e = json_object_array_get_idx(array, i);
        char step[24];
        int len = snprintf(step, sizeof(step), "%zu", i);
        if (!is_container(e)) {
            add_value(w, e);
        } else if (enter(w, (struct span){step, (size_t)len})) {
            add_value(w, e);
            w->path->len = before;
        }
    }
}

static void add_integer(struct walk *w, struct json_object *value)
{
    char digits[24];
    int64_t n = json_object_get_int64(value);
    /* Beyond int64_t json-c keeps it unsigned, and the above is a bound. */
    int len = n < INT64_MAX ? snprintf(digits, sizeof(digits), "%" PRId64, n)
                            : snprintf(digits, sizeof(digits), "%" PRIu64,
                                  json_object_get_uint64(value));
    record_add(
        w->out, buffer_span(w->path), (struct span){digits, (size_t)len});
}

static void add_value(struct walk *w, struct json_object *value)
{
    struct span text = SPAN_NONE;
    switch (json_object_get_type(value)) {
    case json_type_null:
        return;
    case json_type_object:
        add_members(w, value);
        return;
    case json_type_array:
        add_elements(w, value);
        return;
    case json_type_int:
        add_integer(w, value);
        return;
    case json_type_boolean:
        text = span_of(json_object_get_boolean(value) ? "true" : "false");
        break;
    case json_type_double:
        /* json-c keeps how it was written and gives that. */
        text = span_of(json_object_get_string(value));
        break;
    case json_type_string:
        text.ptr = json_object_get_string(value);
        text.len = (size_t)json_object_get_string_len(value);
        break;
    }
    record_add(w->out, buffer_span(w->path), text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool json_record_recognise(struct span line)
{
    size_t i = 0;
    while (i < line.len && is_blank(line.ptr[i])) {
        i++;
    }
    return i < line.len && line.ptr[i] == '{';
}

static bool has_too_many_containers(struct span line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        n += line.ptr[i] == '{' || line.ptr[i] == '[';
    }
    return n > LIMIT_JSON_CONTAINERS;
}

/* The object that ${line} wholly consists of, or NULL. */
static struct json_object *parse(struct json_record *j, struct span line)
{
    struct json_object *root =
        json_tokener_parse_ex(j->tokener, line.ptr, (int)line.len);
    size_t end = json_tokener_get_parse_end(j->tokener);
    while (end < line.len && is_blank(line.ptr[end])) {
        end++;
    }
    /* Also releases what it has of an object that did not end. */
    json_tokener_reset(j->tokener);
    if (end == line.len && json_object_is_type(root, json_type_object)) {
        return root;
    }
    json_object_put(root);
    return NULL;
}

bool json_record_read(struct json_record *j, struct span line, struct record *r)
{
    record_reset(r);
    if (line.len > LIMIT_LINE_LEN || !json_record_recognise(line) ||
        has_too_many_containers(line)) {
        return false;
    }
    struct json_object *root = parse(j, line);
    if (root == NULL) {
        return false;
    }
    buffer_reset(&j->path);
    struct walk w = {.path = &j->path, .bytes = &j->bytes, .out = r};
    add_members(&w, root);
    json_object_put(root);
    return true;
}

struct span json_record_bytes(const struct record *r, struct span name)
{
    static const struct span mark = SPAN_INIT("[]");
    for (size_t i = 0; i < r->n_pairs; i++) {
        const struct record_pair *pair = &r->pairs[i];
        if (pair->name.len == name.len + mark.len &&
            span_starts(pair->name, name) && span_ends(pair->name, mark)) {
            return pair->value;
        }
    }
    return SPAN_NONE;
}
