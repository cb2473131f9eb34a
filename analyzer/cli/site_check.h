/* SPDX-License-Identifier: MIT */
/* cli/site_check.h - whether the values of smtpscope.yaml make sense. */
#ifndef CLI_SITE_CHECK_H
#define CLI_SITE_CHECK_H

#include "cli/site_schema.h"
#include "pattern/pack.h"

/** site_check(file, def): True if every value of ${def}, which was read from
 * ${file}, means something; else "file:line: what" has been reported. */
bool site_check(const struct pack_file *file, const struct site_def *def);

#endif
