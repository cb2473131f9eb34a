/* SPDX-License-Identifier: MIT */
/*
 * What a report's columns are is said once, in its SQL file, and read anew at
 * each run: a few lines of text.
 */
#include "report/head.h"

#include "base/diag.h"

/* What is being read, for messages. */
struct head {
    const char *path;
    struct span sql;
    struct table *table;
};

/* Split ${s} at the first ${separator}: what is before goes to ${before},
 * trimmed, the rest, trimmed, is returned; SPAN_NONE if there is none. */
static struct span split(
    struct span s, const char *separator, struct span *before)
{
    size_t at = span_find(s, span_of(separator));
    *before = span_trim(span_first(s, at));
    return at < s.len ? span_trim(span_skip(s, at + strlen(separator)))
                      : SPAN_NONE;
}

struct span head_value(struct span sql, const char *key)
{
    while (span_starts(sql, SPAN_LITERAL("--"))) {
        size_t end = span_find(sql, SPAN_LITERAL("\n"));
        struct span found;
        struct span value =
            split(span_skip(span_first(sql, end), 2), ":", &found);
        if (span_equal(found, span_of(key))) {
            return value;
        }
        sql = span_skip(sql, end < sql.len ? end + 1 : end);
    }
    return SPAN_NONE;
}

static bool add_column(struct head *head, struct span line, int number)
{
    struct span name;
    struct span kind_name;
    enum column_kind kind;
    struct span value = split(line, ":", &name);
    struct span about = split(value, ",", &kind_name);
    if (!table_kind_parse(kind_name, &kind) || !span_is_known(about)) {
        diag_error(
            "%s:%d: a column is NAME: KIND, meaning", head->path, number);
        return false;
    }
    table_add_column(head->table, name, kind, about);
    return true;
}

static bool read_columns(struct head *head)
{
    static const struct span mark = SPAN_INIT("-- column ");
    struct span rest = head->sql;
    for (int number = 1; span_starts(rest, SPAN_LITERAL("--")); number++) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        struct span line = span_first(rest, end);
        if (span_starts(line, mark) &&
            !add_column(head, span_skip(line, mark.len), number)) {
            return false;
        }
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    return true;
}

/* Give the columns that ${list} names the role ${role}. */
static bool set_roles(
    struct head *head, struct span list, enum column_role role)
{
    while (list.len > 0) {
        struct span name;
        struct span rest = split(list, ",", &name);
        if (!table_set_role(head->table, name, role)) {
            diag_error("%s: the head names no column \"%.*s\"", head->path,
                (int)name.len, name.ptr);
            return false;
        }
        list = rest;
    }
    return true;
}

static bool read_roles(struct head *head)
{
    struct span first;
    struct span more = split(head_value(head->sql, "compare"), ";", &first);
    return set_roles(head, head_value(head->sql, "key"), COLUMN_KEY) &&
           set_roles(head, first, COLUMN_CHIEF) &&
           set_roles(head, more, COLUMN_MEASURE);
}

struct table *head_read(const char *path, struct span name, struct span sql)
{
    struct head head = {.path = path, .sql = sql};
    struct span title = head_value(sql, "title");
    struct span about = head_value(sql, "about");
    struct span chart = head_value(sql, "chart");
    int64_t limit = 0;
    if (!span_is_known(title) || !span_is_known(about) ||
        !span_is_known(chart) ||
        !span_number(head_value(sql, "limit"), &limit)) {
        diag_error("%s: the head lacks title, about, chart or limit", path);
        return NULL;
    }
    head.table = table_create(name, title, about);
    table_set_chart(head.table, chart);
    table_set_limit(head.table, (size_t)limit);
    if (!read_columns(&head) || !read_roles(&head)) {
        table_free(head.table);
        return NULL;
    }
    return head.table;
}
