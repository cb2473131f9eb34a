/* SPDX-License-Identifier: MIT */
/* parse/docker_wrap.h - what a container wrote, out of docker's log of it. */
#ifndef PARSE_DOCKER_WRAP_H
#define PARSE_DOCKER_WRAP_H

#include "parse/record.h"

/*
 * Docker's json-file driver (daemon/logger/jsonfilelog of moby/moby) writes
 *  {"log":"line\n","stream":"stdout","time":"2026-11-23T12:16:49.610367Z"}
 * and cuts lines of more than 16 KiB: only the last part ends in a newline.
 * The two streams are cut independently of each other.  One source is read by
 * one of these.
 */
struct docker_wrap;

struct docker_wrap_line {
    struct span text; /* without LF or CRLF */
    struct span time; /* of its first part, as written: RFC 3339, UTC */
};

enum docker_wrap_result {
    DOCKER_WRAP_UNKNOWN = 0, /* no record of docker's */
    DOCKER_WRAP_PART,        /* no whole line yet */
    DOCKER_WRAP_LINE,
    DOCKER_WRAP_OVERLONG /* the end of a line above LIMIT_LINE_LEN: skipped */
};

/** docker_wrap_create(): A reader; ends with docker_wrap_free(). */
struct docker_wrap *docker_wrap_create(void);

/** docker_wrap_recognise(r): True if ${r}, read by json_record_read(), is a
 * record of docker's. */
bool docker_wrap_recognise(const struct record *r);

/**
 * docker_wrap_read(d, r, out):
 * Take the line out of ${r}, which json_record_read() made, joined with the
 * parts of it that came before.  Spans in ${out} borrow from ${r} and ${d}
 * until ${r} is reset or the next call.
 */
enum docker_wrap_result docker_wrap_read(struct docker_wrap *d,
    const struct record *r, struct docker_wrap_line *out);

/**
 * docker_wrap_rest(d, out):
 * At the end of a source: store a line whose end never came in ${out} and
 * return true; false when there is none (left).
 */
bool docker_wrap_rest(struct docker_wrap *d, struct docker_wrap_line *out);

/** docker_wrap_reset(d): Another source begins. */
void docker_wrap_reset(struct docker_wrap *d);

/** docker_wrap_free(d): End ${d}.  NULL does nothing. */
void docker_wrap_free(struct docker_wrap *d);

#endif
