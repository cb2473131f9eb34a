/* SPDX-License-Identifier: MIT */
/* report/findings_text.h - findings for people, as plain text. */
#ifndef REPORT_FINDINGS_TEXT_H
#define REPORT_FINDINGS_TEXT_H

#include "base/buffer.h"
#include "findings/findings.h"

/** findings_text_add(out, f, width): Append ${f} to ${out} in lines of at most
 * ${width} columns: worst first, each with what to do and what proves it. */
void findings_text_add(
    struct buffer *out, const struct findings *f, size_t width);

#endif
