/* SPDX-License-Identifier: MIT */
/* cli/site_schema.h - the shape of smtpscope.yaml. */
#ifndef CLI_SITE_SCHEMA_H
#define CLI_SITE_SCHEMA_H

#include <cyaml/cyaml.h>

/*
 * As the file has it; smtpscope.yaml(5) tells what each key means.  What is
 * left out is NULL, and of lists there are none.
 */

struct site_host_def {
    char *host;
    char *role;
};

struct site_findings_def {
    double *baseline_days;
    double *false_discovery;
    double *min_excess;
    double *min_ratio;
    double *warning_excess;
    double *critical_share;
    char *stale_after;
};

struct site_mute_def {
    char *id;
    char *kind;
    char *scope;
    char *name;
    char *cause;
    char *reason;
    char *until;
};

struct site_title_def {
    char *report;
    char *title;
};

struct site_report_def {
    char *title;
    struct site_title_def *titles;
    unsigned n_titles;
};

struct site_def {
    char *database;
    char *patterns;
    char *tz;
    char *keep_addresses;
    char *pseudonymise;
    char *pseudonymise_domains;
    char *keep_hours;
    char *keep;
    char **networks;
    unsigned n_networks;
    char **domains;
    unsigned n_domains;
    struct site_host_def *hosts;
    unsigned n_hosts;
    struct site_findings_def *findings;
    struct site_mute_def *mute;
    unsigned n_mute;
    struct site_report_def *report;
};

/* Of struct site_def, for pack_load(). */
extern const struct cyaml_schema_value site_schema;

#endif
