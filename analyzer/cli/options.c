/* SPDX-License-Identifier: MIT */
/*
 * The option table and its parser.  getopt_long() is not used: it writes
 * messages of its own form, takes abbreviations (which break scripts when an
 * option is added), and cannot say what was probably meant.
 */
#include "cli/options.h"

#include <stdlib.h>

#include "base/diag.h"
#include "cli/moment.h"
#include "cli/spelling.h"

#define OPTION_SPEC(id, kind, member, name, letter, argument, help)            \
    [OPTION_##id] = {name, letter, argument, help, OPTION_KIND_##kind,         \
        offsetof(struct settings, member)},

static const struct option_spec specs[OPTION_COUNT] = {
    OPTION_LIST(OPTION_SPEC)};

const struct option_spec *options_spec(enum option_id id)
{
    return &specs[id];
}

void options_init(struct settings *settings)
{
    *settings = (struct settings){.database = "smtpscope.db",
        .since = INT64_MIN,
        .until = INT64_MAX,
        .limit = 20,
        .keep_hours = INT64_C(90) * 86400,
        .keep = INT64_C(400) * 86400};
}

/* The words still to read, and where operands are moved to. */
struct words {
    const enum option_id *allowed;
    char **next;
    struct settings *settings;
};

static const struct option_spec *find_long(
    const enum option_id *allowed, struct span name)
{
    for (; *allowed != OPTION_UNKNOWN; allowed++) {
        if (span_equal(span_of(specs[*allowed].name), name)) {
            return &specs[*allowed];
        }
    }
    return NULL;
}

static const struct option_spec *find_letter(
    const enum option_id *allowed, char letter)
{
    for (; *allowed != OPTION_UNKNOWN; allowed++) {
        if (letter != '\0' && specs[*allowed].letter == letter) {
            return &specs[*allowed];
        }
    }
    return NULL;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *p = choices; len > 0; p++) {
        size_t n = strcspn(p, "|");
        if (n == len && memcmp(p, text, n) == 0) {
            return true;
        }
        p += n;
        if (*p == '\0') {
            break;
        }
    }
    return false;
}

static bool store_number(const char *text, int64_t *value)
{
    return span_number(span_of(text), value) && *value <= INT32_MAX;
}

/* Put ${text} into the member of ${spec}; false if it is no such value. */
static bool store(
    const struct option_spec *spec, const char *text, struct settings *settings)
{
    void *member = (char *)settings + spec->offset;
    settings->given |= UINT64_C(1) << (spec - specs);
    switch (spec->kind) {
    case OPTION_KIND_FLAG:
        *(bool *)member = true;
        return true;
    case OPTION_KIND_CHOICE:
        *(const char **)member = text;
        return is_choice(spec->argument, text);
    case OPTION_KIND_NUMBER:
        return store_number(text, member);
    case OPTION_KIND_AGE:
        return moment_parse_age(text, member);
    case OPTION_KIND_TEXT:
    case OPTION_KIND_UNKNOWN:
        break;
    }
    *(const char **)member = text;
    return *text != '\0';
}

static bool take_value(
    const struct option_spec *spec, const char *text, struct settings *settings)
{
    if (store(spec, text, settings)) {
        return true;
    }
    diag_error("--%s: \"%s\" is not %s%s", spec->name, text,
        spec->kind == OPTION_KIND_CHOICE ? "one of " : "a valid ",
        spec->argument);
    return false;
}

static void report_unknown(
    const enum option_id *allowed, const char *word, struct span name)
{
    struct spelling near;
    spelling_init(&near, name);
    for (; *allowed != OPTION_UNKNOWN; allowed++) {
        spelling_offer(&near, specs[*allowed].name);
    }
    if (near.best != NULL) {
        diag_error("unknown option %s; did you mean --%s?", word, near.best);
    } else {
        diag_error("unknown option %s", word);
    }
}

/* ${attached} is what stands in the same word after the option, or NULL. */
static bool take_option(
    struct words *w, const struct option_spec *spec, const char *attached)
{
    if (spec->argument == NULL) {
        if (attached != NULL) {
            diag_error("--%s takes no value", spec->name);
            return false;
        }
        return store(spec, NULL, w->settings);
    }
    if (attached == NULL) {
        attached = *w->next;
        if (attached == NULL) {
            diag_error("--%s needs a value: %s", spec->name, spec->argument);
            return false;
        }
        w->next++;
    }
    return take_value(spec, attached, w->settings);
}

static bool take_long(struct words *w, const char *word)
{
    const char *name = word + 2;
    struct span text = {name, strcspn(name, "=")};
    const struct option_spec *spec = find_long(w->allowed, text);
    if (spec == NULL) {
        report_unknown(w->allowed, word, text);
        return false;
    }
    return take_option(
        w, spec, name[text.len] == '=' ? name + text.len + 1 : NULL);
}

static bool take_short(struct words *w, const char *word)
{
    const struct option_spec *spec = find_letter(w->allowed, word[1]);
    if (spec == NULL) {
        report_unknown(w->allowed, word, span_of(word + 1));
        return false;
    }
    return take_option(w, spec, word[2] != '\0' ? word + 2 : NULL);
}

bool options_parse(
    const enum option_id *allowed, char **argv, struct settings *settings)
{
    struct words w = {allowed, argv, settings};
    bool options = true;
    settings->operands = argv;
    settings->n_operands = 0;
    while (*w.next != NULL) {
        char *word = *w.next++;
        if (!options || word[0] != '-' || word[1] == '\0') {
            argv[settings->n_operands++] = word;
        } else if (strcmp(word, "--") == 0) {
            options = false;
        } else if (!(word[1] == '-' ? take_long(&w, word)
                                    : take_short(&w, word))) {
            return false;
        }
    }
    argv[settings->n_operands] = NULL;
    return true;
}
