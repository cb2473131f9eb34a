/* SPDX-License-Identifier: MIT */
/* cli/options.h - every option of the program, once. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/span.h"

/* What the command line and the site's configuration ask for.  Borrows its
 * texts from both. */
struct settings {
    uint64_t given;          /* bit OPTION_ID: on the command line */
    const struct site *site; /* see cli/site.h; NULL: none was read */
    const char *config;
    const char *database;
    const char *patterns;
    const char *zone;
    const char *format;
    const char *direction;
    const char *domain;
    const char *output;
    const char *from;
    const char *fail_on;
    int64_t limit;            /* of what is proposed */
    int64_t jobs;             /* 0: as many as there are processors */
    int64_t year;             /* 0: infer */
    const char *since_word;   /* as typed; NULL: not given */
    const char *until_word;   /* the same */
    const char *compare_word; /* the same */
    /* What timespan_resolve() made of them: Unix seconds. */
    int64_t since;         /* INT64_MIN: from the beginning */
    int64_t until;         /* excluded; INT64_MAX: to the end */
    int64_t compare_since; /* the period compared with */
    int64_t compare_until;
    int64_t keep_hours; /* seconds */
    int64_t keep;       /* seconds; 0: for ever */
    const char *pseudonym_key;
    bool keep_addresses;
    bool pseudonymise_domains;
    bool explain;
    bool mail;
    bool quiet;
    bool verbose;
    bool help;
    char **operands;
    size_t n_operands;
};

/* How the text of an option becomes a value. */
enum option_kind {
    OPTION_KIND_UNKNOWN = 0,
    OPTION_KIND_FLAG,   /* bool: given or not */
    OPTION_KIND_TEXT,   /* const char *: as it stands */
    OPTION_KIND_NUMBER, /* int64_t: a count, 0 or more */
    OPTION_KIND_CHOICE, /* const char *: one of the argument's a|b|c */
    OPTION_KIND_AGE     /* int64_t: a length of time in seconds, "90d" */
};

/*
 * The list: id, kind, member of struct settings, long name, letter (0: none),
 * argument, help.  Parser, --help, man pages and completion come from it.
 */
#define OPTION_LIST(X)                                                         \
    X(DATABASE, TEXT, database, "database", 'd', "DB",                         \
        "The database file; smtpscope.db if not given.")                       \
    X(JOBS, NUMBER, jobs, "jobs", 'j', "N",                                    \
        "Read N files at a time; as many as there are processors if not "      \
        "given.")                                                              \
    X(ZONE, TEXT, zone, "tz", 0, "ZONE",                                       \
        "Time zone of time stamps that name none, such as Europe/Berlin; the " \
        "system's if not given. Several, separated by commas, may name the "   \
        "logs they are for: 'Europe/Berlin,*/ny/*=America/New_York'; more "    \
        "of these stand in timezones.yaml beside the patterns.")               \
    X(YEAR, NUMBER, year, "year", 0, "Y",                                      \
        "Year of the last line of logs whose time stamps have no year; "       \
        "inferred from file name, archive and file time if not given.")        \
    X(PATTERNS, TEXT, patterns, "patterns", 0, "DIR",                          \
        "Add the pattern packs of this directory to the built-in ones.")       \
    X(KEEP_ADDRESSES, FLAG, keep_addresses, "keep-addresses", 0, NULL,         \
        "Keep local parts of addresses in the evidence lines; they are "       \
        "masked otherwise.")                                                   \
    X(PSEUDONYMISE, TEXT, pseudonym_key, "pseudonymise", 0, "KEY",             \
        "Show pseudonyms instead of local parts: the same for the same "       \
        "address and KEY.  @FILE takes the first line of FILE for a key.")     \
    X(PSEUDONYMISE_DOMAINS, FLAG, pseudonymise_domains,                        \
        "pseudonymise-domains", 0, NULL,                                       \
        "Store pseudonyms of senders' and recipients' domains too, and "       \
        "templates as evidence instead of lines.")                             \
    X(REPORT_FORMAT, CHOICE, format, "format", 'f',                            \
        "text|csv|json|html|prometheus",                                       \
        "Form of the report; text if not given.")                              \
    X(FINDINGS_FORMAT, CHOICE, format, "format", 'f', "text|json",             \
        "Form of the findings; text if not given.")                            \
    X(FAIL_ON, CHOICE, fail_on, "fail-on", 0, "info|notice|warning|critical",  \
        "End with status 10 if a finding of this severity or a worse one is "  \
        "there.")                                                              \
    X(ROW_FORMAT, CHOICE, format, "format", 'f', "tsv|jsonl",                  \
        "Tab-separated columns with a header, or one JSON object a line; tsv " \
        "if not given.")                                                       \
    X(SINCE, TEXT, since_word, "since", 0, "TIME",                             \
        "Only what happened at this time or later: YYYY-MM-DD, YYYY-MM, RFC "  \
        "3339, today, yesterday, monday, or an age such as 7d, 24h, '3 "       \
        "months'.")                                                            \
    X(UNTIL, TEXT, until_word, "until", 0, "TIME",                             \
        "Only what happened before this time, in the same forms.")             \
    X(COMPARE, TEXT, compare_word, "compare", 0, "PERIOD",                     \
        "Show what changed against another period: previous (the one of the "  \
        "same length before --since), or FROM..UNTIL in the same forms.")      \
    X(READER_ZONE, TEXT, zone, "tz", 0, "ZONE",                                \
        "Time zone in which TIME is meant, such as Europe/Berlin; the "        \
        "system's if not given. Reports show UTC.")                            \
    X(DIRECTION, CHOICE, direction, "direction", 0, "outbound|inbound",        \
        "Only what others answered us (outbound), or only what we answered "   \
        "others (inbound).")                                                   \
    X(DOMAIN, TEXT, domain, "domain", 0, "DOMAIN",                             \
        "Only mail to this recipient domain.")                                 \
    X(OUTPUT, TEXT, output, "output", 'o', "FILE|DIR",                         \
        "Write to this file, or one file a report into this directory, "       \
        "instead of standard output.")                                         \
    X(MAIL, FLAG, mail, "mail", 0, NULL,                                       \
        "With -f html and no NAME: for a mail program, with inline styles "    \
        "and "                                                                 \
        "without script.")                                                     \
    X(EXPLAIN, FLAG, explain, "explain", 0, NULL,                              \
        "Show the rule that decided, its file and line, and what else would "  \
        "have matched.")                                                       \
    X(FROM, TEXT, from, "from", 0, "FILE",                                     \
        "Take replies from this file, one a line (- is standard input), "      \
        "instead of the database.")                                            \
    X(LIMIT, NUMBER, limit, "limit", 'n', "N",                                 \
        "At most N proposals; 20 if not given.")                               \
    X(KEEP_HOURS, AGE, keep_hours, "keep-hours", 0, "AGE",                     \
        "Merge hours older than this into days; 90d if not given.")            \
    X(KEEP, AGE, keep, "keep", 0, "AGE",                                       \
        "Drop what is older than this; 400d if not given.")                    \
    X(CONFIG, TEXT, config, "config", 0, "FILE",                               \
        "The site's configuration, see smtpscope.yaml(5); "                    \
        "/etc/smtpscope/smtpscope.yaml, if it is there, if not given.")        \
    X(QUIET, FLAG, quiet, "quiet", 'q', NULL, "Say nothing but errors.")       \
    X(VERBOSE, FLAG, verbose, "verbose", 'v', NULL, "Say what is being done.") \
    X(HELP, FLAG, help, "help", 'h', NULL, "Show this help.")

#define OPTION_ENUM(id, kind, member, name, letter, argument, help) OPTION_##id,
enum option_id { OPTION_UNKNOWN = 0, OPTION_LIST(OPTION_ENUM) OPTION_COUNT };

struct option_spec {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL: takes none */
    const char *help;
    enum option_kind kind;
    size_t offset; /* of its member in struct settings */
};

/** options_spec(id): The option ${id}; static. */
const struct option_spec *options_spec(enum option_id id);

/**
 * options_parse(allowed, argv, settings):
 * Read the NULL-terminated ${argv} (without program and command) into
 * ${settings}: options of ${allowed}, which OPTION_UNKNOWN ends, and operands
 * in any order; "--" ends the options, "-" is an operand.  Operands are moved
 * to the front of ${argv}, where settings->operands points.  Return false
 * after reporting the first word that does not fit.
 */
bool options_parse(
    const enum option_id *allowed, char **argv, struct settings *settings);

/** options_init(settings): The defaults. */
void options_init(struct settings *settings);

#endif
