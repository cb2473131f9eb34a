/* SPDX-License-Identifier: MIT */
/* parse/json_record.h - lines that are JSON objects to records. */
#ifndef PARSE_JSON_RECORD_H
#define PARSE_JSON_RECORD_H

#include "parse/record.h"

/*
 * A value is named by the path to it: {"response": {"code": 550}} gives
 * "response.code" = "550".  The scalars of an array are values of one name,
 * its objects and arrays are numbered by their place in it ("rcpts.0.to").
 * null, {} and [] are absent; true and false are those words; fractions and
 * exponents stay as they were written, integers too unless they exceed 64
 * bits.
 *
 * Text is what stood in the string, "\u0000" and what is no UTF-8 included; a
 * name ends at a "\u0000".  Of an object's equal names the last one counts.
 * Names that hold a "." look like paths, so whoever logs text from outside
 * as top-level names can say what he likes; as values or further below he
 * cannot.
 */
struct json_record;

/** json_record_create(): A reader; ends with json_record_free(). */
struct json_record *json_record_create(void);

/** json_record_recognise(line): May ${line} be a JSON object?  Looks at its
 * first byte that is no blank. */
bool json_record_recognise(struct span line);

/**
 * json_record_read(j, line, r):
 * Empty ${r} and put in it what ${line} holds.  Return false, with ${r} empty,
 * if ${line} is not one whole JSON object (RFC 8259, with what json-c forgives
 * beyond that), is longer than LIMIT_LINE_LEN, or exceeds LIMIT_JSON_DEPTH or
 * LIMIT_JSON_CONTAINERS (of which brackets in strings count, too).
 */
bool json_record_read(
    struct json_record *j, struct span line, struct record *r);

/**
 * json_record_bytes(r, name):
 * The text that the array called ${name} in ${r} spells as numbers of 0 to
 * 255 (journald writes text so that is no printable UTF-8), or SPAN_NONE if
 * there is no array of that kind; valid until ${r} is reset.  The numbers are
 * also values called ${name} if they are at most LIMIT_RECORD_SMALL_NUMBERS.
 */
struct span json_record_bytes(const struct record *r, struct span name);

/** json_record_free(j): End ${j}.  NULL does nothing. */
void json_record_free(struct json_record *j);

#endif
