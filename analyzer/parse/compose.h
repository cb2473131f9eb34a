/* SPDX-License-Identifier: MIT */
/* parse/compose.h - a field's value put together from columns. */
#ifndef PARSE_COMPOSE_H
#define PARSE_COMPOSE_H

#include "parse/record.h"

/**
 * compose_text(template, r, out, out_len):
 * Replace each "{name}" in ${template} by that value of ${r}.  A stretch in
 * square brackets is left out when a value in it is missing or empty.  A
 * template that is one "{name}" and nothing else gives the value itself, or
 * SPAN_NONE; any other is written to ${out}, cut at ${out_len} bytes.
 */
struct span compose_text(
    struct span template, const struct record *r, char *out, size_t out_len);

/**
 * compose_list(template, r, separator, out, out_len):
 * The same, but if ${template} is one "{name}" of which ${r} has several
 * values (an array of JSON), all of them, with ${separator} between them.
 */
struct span compose_list(struct span template, const struct record *r,
    struct span separator, char *out, size_t out_len);

#endif
