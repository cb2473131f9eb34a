/* SPDX-License-Identifier: MIT */
/*
 * One table: dispatch, --help, man pages and completion all read it.
 */
#include "cli/commands.h"

#include "cli/spelling.h"

#define COMMON_OPTIONS OPTION_CONFIG, OPTION_QUIET, OPTION_VERBOSE, OPTION_HELP

static const struct command commands[] = {
    {.name = "ingest",
        .operands = "PATH...",
        .summary = "read logs into the database",
        .about = "Reads log files, directories of them, or standard input "
                 "(-), plain or compressed, and adds what is new in them to "
                 "the database.  A log that was read before is known by its "
                 "content, whatever its name is now; nothing is counted "
                 "twice.",
        .min_operands = 1,
        .max_operands = SIZE_MAX,
        .options = {OPTION_DATABASE, OPTION_JOBS, OPTION_ZONE, OPTION_YEAR,
            OPTION_PATTERNS, OPTION_KEEP_ADDRESSES, OPTION_PSEUDONYMISE,
            OPTION_PSEUDONYMISE_DOMAINS, COMMON_OPTIONS},
        .run = cmd_ingest_run},
    {.name = "report",
        .operands = "[NAME...]",
        .summary = "write reports from the database",
        .about = "Writes the named reports, or the summary (text, html: all "
                 "that matters) if none is named.  \"report list\" shows the "
                 "names.",
        .max_operands = SIZE_MAX,
        .options = {OPTION_DATABASE, OPTION_REPORT_FORMAT, OPTION_SINCE,
            OPTION_UNTIL, OPTION_COMPARE, OPTION_READER_ZONE, OPTION_DIRECTION,
            OPTION_DOMAIN, OPTION_OUTPUT, OPTION_MAIL, OPTION_PATTERNS,
            COMMON_OPTIONS},
        .words = "list",
        .run = cmd_report_run},
    {.name = "findings",
        .operands = "",
        .summary = "say what is wrong, since when, and what to do",
        .about = "Looks through the database for what changed and what "
                 "somebody has to act on: failures that became more frequent "
                 "than usual, addresses of ours on block lists, replies never "
                 "seen before, many destinations that fail alike, logs that "
                 "stopped.  The worst comes first, with evidence and advice.  "
                 "With --fail-on the exit status tells cron.",
        .options = {OPTION_DATABASE, OPTION_FINDINGS_FORMAT, OPTION_SINCE,
            OPTION_UNTIL, OPTION_READER_ZONE, OPTION_FAIL_ON, OPTION_OUTPUT,
            OPTION_PATTERNS, COMMON_OPTIONS},
        .run = cmd_findings_run},
    {.name = "events",
        .operands = "PATH...",
        .summary = "print every event of logs, without a database",
        .about = "Reads logs as ingest does and prints one row for every "
                 "delivery, deferral, bounce and refusal in them, with its "
                 "reply, its cause and the rule that found it.",
        .min_operands = 1,
        .max_operands = SIZE_MAX,
        .options = {OPTION_ROW_FORMAT, OPTION_ZONE, OPTION_YEAR,
            OPTION_PATTERNS, COMMON_OPTIONS},
        .run = cmd_events_run},
    {.name = "classify",
        .operands = "[TEXT...]",
        .summary = "say what caused SMTP replies",
        .about = "Takes replies as arguments, or from standard input one a "
                 "line, and prints one row for each: its cause and detail, "
                 "its codes, and the rule that decided.",
        .max_operands = SIZE_MAX,
        .options = {OPTION_ROW_FORMAT, OPTION_EXPLAIN, OPTION_PATTERNS,
            COMMON_OPTIONS},
        .run = cmd_classify_run},
    {.name = "explain",
        .operands = "CODE|STATUS|CAUSE[.DETAIL]|DNSBL|PROVIDER...",
        .summary = "what a code or cause means, and what to do",
        .about = "Explains a reply code (550), an enhanced status code "
                 "(5.7.1), a cause or detail (blacklisting.dnsbl), a DNSBL "
                 "zone or a mailbox provider: its meaning, the usual causes, "
                 "and the steps to take.",
        .min_operands = 1,
        .max_operands = SIZE_MAX,
        .options = {OPTION_PATTERNS, COMMON_OPTIONS},
        .run = cmd_explain_run},
    {.name = "patterns",
        .operands = "check|list|causes|suggest",
        .summary = "prove, show or propose patterns",
        .about = "check compiles every format and rule, runs every sample "
                 "they carry, and names what is wrong as file:line; list "
                 "shows the formats and rules in use; causes writes a page "
                 "of all causes and details in Markdown; suggest proposes "
                 "rules for the replies in the database, or in a file, that "
                 "no rule understands.",
        .min_operands = 1,
        .max_operands = 1,
        .options = {OPTION_DATABASE, OPTION_FROM, OPTION_LIMIT, OPTION_PATTERNS,
            COMMON_OPTIONS},
        .words = "check|list|causes|suggest",
        .run = cmd_patterns_run},
    {.name = "reclassify",
        .operands = "",
        .summary = "apply today's rules to the whole database",
        .about = "Finds the cause of every stored reply again, without "
                 "reading a log, and says how many changed.",
        .options = {OPTION_DATABASE, OPTION_PATTERNS, COMMON_OPTIONS},
        .run = cmd_reclassify_run},
    {.name = "merge",
        .operands = "OTHER_DB...",
        .summary = "add other databases to the database",
        .about = "Copies the facts of every log that the database does not "
                 "hold yet; of two states of one log the longer wins.  "
                 "Merging the same database again changes nothing.",
        .min_operands = 1,
        .max_operands = SIZE_MAX,
        .options = {OPTION_DATABASE, COMMON_OPTIONS},
        .run = cmd_merge_run},
    {.name = "prune",
        .operands = "",
        .summary = "shrink the database",
        .about = "Merges old hours into days and drops what is past "
                 "retention.",
        .options = {OPTION_DATABASE, OPTION_KEEP_HOURS, OPTION_KEEP,
            COMMON_OPTIONS},
        .run = cmd_prune_run},
    {.name = "check",
        .operands = "",
        .summary = "verify the database",
        .about = "Checks the database file, its references, and its facts "
                 "against its line counts.",
        .options = {OPTION_DATABASE, COMMON_OPTIONS},
        .run = cmd_check_run},
    {.name = "dump",
        .operands = "",
        .summary = "print the content of the database",
        .about = "Prints all facts sorted by their natural keys, without row "
                 "numbers or paths: two databases that print the same hold "
                 "the same.",
        .options = {OPTION_DATABASE, COMMON_OPTIONS},
        .run = cmd_dump_run},
};

const struct command *commands_at(size_t i)
{
    return i < sizeof(commands) / sizeof(commands[0]) ? &commands[i] : NULL;
}

const struct command *commands_find(const char *name)
{
    const struct command *command = NULL;
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        if (strcmp(command->name, name) == 0) {
            break;
        }
    }
    return command;
}

const char *commands_nearest(const char *name)
{
    struct spelling near;
    spelling_init(&near, span_of(name));
    const struct command *command = NULL;
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        spelling_offer(&near, command->name);
    }
    spelling_offer(&near, "version");
    return near.best;
}
