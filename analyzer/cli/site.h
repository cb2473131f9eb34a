/* SPDX-License-Identifier: MIT */
/* cli/site.h - what smtpscope.yaml says about this site. */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include "classify/networks.h"
#include "cli/options.h"
#include "findings/findings_settings.h"

/* Where the file is looked for unless --config names another.  Never in the
 * current folder: who runs a nightly job must not be steered by whoever can
 * write to the folder it runs in. */
#define SITE_USUAL_PLACE "/etc/smtpscope/smtpscope.yaml"

/* All of one file, checked; owns its texts. */
struct site;

/**
 * site_open(path):
 * Read the configuration ${path}; NULL: the file in the usual place if it is
 * there, else nothing.  Return NULL, having reported "file:line: what", if it
 * cannot be read or anything in it is wrong.  site_free() ends it.
 */
struct site *site_open(const char *path);

/** site_apply(site, settings): Put into ${settings}, which borrows from
 * ${site}, what the command line did not say (settings->given). */
void site_apply(const struct site *site, struct settings *settings);

/** site_findings(site, wanted): Put into ${wanted}, which borrows from
 * ${site}, what the site wants of findings, and what it knows of itself.
 * NULL for ${site} does nothing. */
void site_findings(const struct site *site, struct findings_settings *wanted);

/** site_networks(site): The networks that are ours, valid as long as ${site};
 * NULL if nothing is said.  So it is for a ${site} of NULL. */
const struct networks *site_networks(const struct site *site);

/** site_title(site): What the summary and the page are to be called; NULL if
 * nothing is said.  So it is for a ${site} of NULL. */
const char *site_title(const struct site *site);

/** site_report_title(site, name): The same for the named report ${name}. */
const char *site_report_title(const struct site *site, const char *name);

/** site_free(site): NULL does nothing. */
void site_free(struct site *site);

#endif
