/* SPDX-License-Identifier: MIT */
/* parse/csv_record.h - lines of comma-separated values to records. */
#ifndef PARSE_CSV_RECORD_H
#define PARSE_CSV_RECORD_H

#include "parse/record.h"

/*
 * Reads the rows of one source: RFC 4180 with one record a line.  A field
 * that holds a line end (which neither Exchange nor PowerMTA writes) is not
 * supported: the part before it is a row with ->unterminated set.  Blanks are
 * part of a value; a quote within an unquoted value is an ordinary byte, and
 * so are NUL and what is no UTF-8.
 */
struct csv_record;

/* How a row differs from its header. */
struct csv_record_shape {
    size_t n_missing;  /* columns without a value: they are not in the record */
    size_t n_extra;    /* values behind the last column: dropped */
    bool unterminated; /* the last value began with a quote that did not end */
};

/** csv_record_create(): A reader without header; csv_record_free() ends it. */
struct csv_record *csv_record_create(void);

/**
 * csv_record_header(c, line, names, n_names):
 * If ${line} is a header, take over its columns, in place of those known so
 * far, and return true; otherwise return false and leave ${c} as it was.  A
 * header has all ${n_names} (at least one) ${names} among its columns, in any
 * order, and is written as Exchange does ("#Fields: a,b,c") or as a row
 * ("a,b,c" or "#a,b,c", as PowerMTA does).  A byte order mark before it is
 * skipped.  Costs a search for names[0] in ${line} if that is no header, so
 * put a name there that data do not hold.
 */
bool csv_record_header(struct csv_record *c, struct span line,
    const struct span *names, size_t n_names);

/** csv_record_n_columns(c): Columns of the header; 0: none was seen. */
size_t csv_record_n_columns(const struct csv_record *c);

/**
 * csv_record_read(c, line, r, shape):
 * Empty ${r} and put the values of ${line} in it under the names of their
 * columns; ${shape} may be NULL.  Return false, with ${r} empty, if ${line} is
 * empty or begins with "#" (a comment), or no header was seen.
 */
bool csv_record_read(struct csv_record *c, struct span line, struct record *r,
    struct csv_record_shape *shape);

/** csv_record_reset(c): Forget the header: another source begins. */
void csv_record_reset(struct csv_record *c);

/** csv_record_free(c): End ${c}.  NULL does nothing. */
void csv_record_free(struct csv_record *c);

#endif
