/* SPDX-License-Identifier: MIT */
/*
 * From words on the command line to one command, and from its end to an exit
 * status.  Data goes to standard output, talk to standard error.
 */
#include <stdio.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/manpage.h"
#include "cli/site.h"
#include "cli/standard.h"
#include "cli/timespan.h"

static enum status usage_failed(const struct command *command)
{
    help_usage(stderr, command);
    if (command != NULL) {
        fprintf(stderr, "Try \"smtpscope %s --help\".\n", command->name);
    } else {
        fputs("Try \"smtpscope --help\".\n", stderr);
    }
    return STATUS_USAGE;
}

static bool operands_fit(
    const struct command *command, const struct settings *settings)
{
    if (settings->n_operands < command->min_operands) {
        diag_error("%s: missing %s", command->name, command->operands);
        return false;
    }
    if (settings->n_operands > command->max_operands) {
        diag_error("%s: unexpected argument \"%s\"", command->name,
            settings->operands[command->max_operands]);
        return false;
    }
    return true;
}

/* Run ${command} with what the command line leaves to the site. */
static enum status run_at_site(
    const struct command *command, struct settings *settings)
{
    struct site *site = site_open(settings->config);
    if (site == NULL) {
        return STATUS_CONFIG;
    }
    site_apply(site, settings);
    enum status status = timespan_resolve(settings) ? command->run(settings)
                                                    : usage_failed(command);
    site_free(site);
    return status;
}

static enum status run_command(const struct command *command, char **argv)
{
    struct settings settings;
    options_init(&settings);
    if (!options_parse(command->options, argv, &settings)) {
        return usage_failed(command);
    }
    if (settings.help) {
        help_command(stdout, command);
        return STATUS_DONE;
    }
    if (!operands_fit(command, &settings)) {
        return usage_failed(command);
    }
    if (settings.quiet || settings.verbose) {
        diag_set_level(settings.quiet ? DIAG_QUIET : DIAG_VERBOSE);
    }
    return run_at_site(command, &settings);
}

static enum status unknown_command(const char *word)
{
    const char *nearest = commands_nearest(word);
    const char *kind = word[0] == '-' ? "option" : "command";
    if (nearest != NULL) {
        diag_error(
            "unknown %s \"%s\"; did you mean \"%s\"?", kind, word, nearest);
    } else {
        diag_error("unknown %s \"%s\"", kind, word);
    }
    return usage_failed(NULL);
}

/* What the build asks for, see packaging/pages.sh; not in --help. */
static enum status print_for_build(const char *word, const char *name)
{
    const struct command *command = NULL;
    if (strcmp(word, "--completion") == 0) {
        completion_print(stdout);
        return STATUS_DONE;
    }
    if (strcmp(word, "--commands") == 0) {
        for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
            puts(command->name);
        }
        return STATUS_DONE;
    }
    if (strcmp(word, "--man") != 0) {
        return unknown_command(word);
    }
    if (name != NULL && strcmp(name, "smtpscope.yaml") == 0) {
        manpage_print_configuration(stdout);
        return STATUS_DONE;
    }
    if (name != NULL && (command = commands_find(name)) == NULL) {
        return unknown_command(name);
    }
    manpage_print(stdout, command);
    return STATUS_DONE;
}

/* "help" and "help COMMAND", which people try first. */
static enum status print_help(const char *name)
{
    const struct command *command = NULL;
    if (name == NULL) {
        help_program(stdout);
        return STATUS_DONE;
    }
    if ((command = commands_find(name)) == NULL) {
        return unknown_command(name);
    }
    help_command(stdout, command);
    return STATUS_DONE;
}

static bool is_word(const char *word, const char *long_form, char letter)
{
    char short_form[] = {'-', letter, '\0'};
    return strcmp(word, long_form + 2) == 0 || strcmp(word, long_form) == 0 ||
           strcmp(word, short_form) == 0;
}

static enum status run(char **argv)
{
    const char *word = argv[0] != NULL ? argv[1] : NULL;
    const struct command *command = NULL;
    if (word == NULL) {
        return usage_failed(NULL);
    }
    if ((command = commands_find(word)) != NULL) {
        return run_command(command, argv + 2);
    }
    if (is_word(word, "--help", 'h')) {
        return print_help(argv[2]);
    }
    if (is_word(word, "--version", 'V')) {
        puts("smtpscope " SMTPSCOPE_VERSION);
        return STATUS_DONE;
    }
    return print_for_build(word, argv[2]);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (!standard_open()) {
        return STATUS_IO;
    }
    return (int)standard_close(run(argv));
}
