/* SPDX-License-Identifier: MIT */
/* parse/programs.h - which pack speaks for a syslog tag. */
#ifndef PARSE_PROGRAMS_H
#define PARSE_PROGRAMS_H

#include "parse/extractor.h"
#include "parse/formats.h"

/* What tags mean, worked out once for each distinct one; for one thread. */
struct programs;

/** programs_create(formats): ${formats} must outlive it. */
struct programs *programs_create(const struct formats *formats);

/**
 * programs_find(t, tag):
 * The program that writes ${tag}; its format is NULL if no pack knows it.  A
 * tag that several packs know (smtpd is OpenSMTPD's, and qmail's by habit)
 * gives a list of them.
 * Valid until the next call.
 */
const struct program *programs_find(struct programs *t, struct span tag);

/** programs_of_format(t, format): The program of ${format}'s records, which
 * carry no tag. */
const struct program *programs_of_format(
    struct programs *t, const struct format *format);

/** programs_named(t, format, name): The program of ${format} that a line was
 * found to be of before. */
const struct program *programs_named(
    struct programs *t, const struct format *format, struct span name);

/** programs_init(program, format, name): A program by itself, for samples;
 * programs_reset() gives back what it holds. */
void programs_init(
    struct program *program, const struct format *format, struct span name);
void programs_reset(struct program *program);

/** programs_free(t): NULL does nothing. */
void programs_free(struct programs *t);

#endif
