/* SPDX-License-Identifier: MIT */
/* report/report.h - what the command "report" does. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "findings/findings.h"
#include "report/named.h"

enum report_format {
    REPORT_UNKNOWN = 0,
    REPORT_TEXT,
    REPORT_CSV,
    REPORT_JSON,
    REPORT_HTML,
    REPORT_PROMETHEUS
};

/* What is asked for.  Everything is borrowed. */
struct report_request {
    enum report_format format;
    struct named_filter filter;
    const struct named_filter *against; /* compare with it; NULL: do not */
    const char *const *names; /* reports wanted; none: see report_write() */
    size_t n_names;
    const char *output; /* file or directory; NULL or "-": standard output */
    size_t width;       /* line length for text; 0: 80 */
    const char *title;  /* of the summary and the page; NULL: the usual one */
    /* What the report ${name} is to be called; NULL, and returning NULL: as
     * its SQL says. */
    const char *(*title_of)(const void *context, const char *name);
    const void *title_context;
    bool is_mail; /* HTML for a mail program instead of a browser */
    const struct findings_settings *settings; /* NULL: the defaults */
    const struct lexicon *lexicon; /* NULL: codes and causes stay unexplained */
    sqlite3 *beside; /* another connection to the same database, for the summary
                        and the page to be made sooner; NULL: none */
};

enum report_result {
    REPORT_DONE = 0,
    REPORT_MISUSED, /* no such report, one that cannot be compared or written
                     * as metrics, or several as CSV without directory */
    REPORT_FAILED   /* database or output */
};

/** report_format_parse(name, format): "text", "csv", "json", "html" or
 * "prometheus"; false for anything else. */
bool report_format_parse(const char *name, enum report_format *format);

/**
 * report_write(db, request):
 * Write the reports that ${request} names from ${db} (opened for reading, with
 * the views of schema/views.sql).  Without names that is the summary as text,
 * the whole page as HTML, and every report as CSV or JSON.  Several reports
 * as CSV need ${request->output} to be a directory, which is made if need be
 * and gets one file each; JSON gets {"reports": [...]}.  With
 * ${request->against} each report is that of compare_tables(), and no names
 * mean all that can be compared, to people the most telling of them.  Metrics
 * without names are those of the reports whose head says so, and the findings;
 * their file may be read by everybody.  Anything that went wrong has been
 * reported.
 */
enum report_result report_write(
    sqlite3 *db, const struct report_request *request);

#endif
