/* SPDX-License-Identifier: MIT */
/* report/head.h - the head comment of a report's SQL. */
#ifndef REPORT_HEAD_H
#define REPORT_HEAD_H

#include "report/table.h"

/** head_value(sql, key): The value of the head line "-- ${key}: value" of
 * ${sql}, SPAN_NONE if there is none. */
struct span head_value(struct span sql, const char *key);

/**
 * head_read(path, name, sql):
 * An empty table of the report ${name} with all that the head of ${sql} says
 * (see report/named.h).  Return NULL, having reported it with ${path}, if the
 * head is wrong; the caller ends the table with table_free().
 */
struct table *head_read(const char *path, struct span name, struct span sql);

#endif
