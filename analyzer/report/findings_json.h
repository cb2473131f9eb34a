/* SPDX-License-Identifier: MIT */
/* report/findings_json.h - findings for machines. */
#ifndef REPORT_FINDINGS_JSON_H
#define REPORT_FINDINGS_JSON_H

#include "base/buffer.h"
#include "findings/findings.h"

/** findings_json_add(out, f): Append ${f} to ${out} as one JSON object, ended
 * by a newline; docs/FINDINGS.md has its members. */
void findings_json_add(struct buffer *out, const struct findings *f);

#endif
