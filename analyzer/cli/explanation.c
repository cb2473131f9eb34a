/* SPDX-License-Identifier: MIT */
/*
 * Each kind of word is one function that looks it up and, if it is there,
 * prints it; they are asked in turn.  All end with the same part: the steps
 * to take, each once, those of the most usual cause first.
 */
#include "cli/explanation.h"

#include "classify/listing.h"

#include <ctype.h>

#include "cli/spelling.h"
#include "cli/terminal.h"

enum {
    INDENT = 2,
    STEP_INDENT = 5,
    MAX_STEPS = 32,
    TITLE_LEN = 256,
    PARAGRAPH_LEN = 2048
};

struct page {
    FILE *out;
    const struct knowledge *k;
    int width;
    const struct advice_entry *steps[MAX_STEPS];
    size_t n_steps;
};

/* ---- pieces -------------------------------------------------------------- */

static void print_paragraph(struct page *p, int indent, const char *text)
{
    fprintf(p->out, "%*s", indent, "");
    terminal_wrap(p->out, span_of(text), indent, p->width);
}

static void print_title(struct page *p, const char *name, const char *title)
{
    char line[TITLE_LEN];
    snprintf(line, sizeof(line), "%s: %s", name, title);
    terminal_heading(p->out, line);
}

static void add_step(struct page *p, const char *id)
{
    const struct advice_entry *step = knowledge_advice(p->k, span_of(id));
    for (size_t i = 0; i < p->n_steps; i++) {
        if (p->steps[i] == step) {
            return;
        }
    }
    if (step != NULL && p->n_steps < MAX_STEPS) {
        p->steps[p->n_steps++] = step;
    }
}

static void add_steps_of(struct page *p, const struct detail_entry *detail)
{
    for (unsigned i = 0; i < detail->n_advice; i++) {
        add_step(p, detail->advice[i]);
    }
}

/* "dig MX {domain}" as "dig MX DOMAIN": here nobody knows which one. */
static void print_command(struct page *p, const char *command)
{
    bool inside = false;
    fprintf(p->out, "%*s$ ", STEP_INDENT, "");
    for (const char *c = command; *c != '\0'; c++) {
        if (*c == '{' || *c == '}') {
            inside = *c == '{';
        } else {
            fputc(inside ? toupper((unsigned char)*c) : *c, p->out);
        }
    }
    fputc('\n', p->out);
}

static void print_steps(struct page *p)
{
    if (p->n_steps == 0) {
        return;
    }
    fputc('\n', p->out);
    terminal_heading(p->out, "What to do");
    for (size_t i = 0; i < p->n_steps; i++) {
        fprintf(p->out, "%3zu. %s\n", i + 1, p->steps[i]->title);
        print_paragraph(p, STEP_INDENT, p->steps[i]->text);
        if (p->steps[i]->command != NULL) {
            print_command(p, p->steps[i]->command);
        }
    }
}

/* What the taxonomy's word for the side means, as a sentence. */
static const char *side_text(const char *side)
{
    static const char *const texts[][2] = {
        {"us", "The sending side has to act."},
        {"them", "The receiving side has to act."},
        {"addressee", "It is about the address itself."},
        {"both", "Either side may have to act."},
        {"nobody", "A retry is usually enough."},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(texts[i][0], side) == 0) {
            return texts[i][1];
        }
    }
    return "";
}

static const char *permanence_text(const char *permanence)
{
    if (strcmp(permanence, "permanent") == 0) {
        return "Trying again does not help.";
    }
    return strcmp(permanence, "temporary") == 0
               ? "Trying again may help."
               : "Trying again may or may not help.";
}

static void print_detail(struct page *p, const struct cause_entry *cause,
    const struct detail_entry *detail)
{
    char text[PARAGRAPH_LEN];
    fprintf(p->out, "%*s%s.%s: %s\n", INDENT, "", cause->name, detail->name,
        detail->title);
    print_paragraph(p, STEP_INDENT, detail->definition);
    snprintf(text, sizeof(text), "%s %s", permanence_text(detail->permanence),
        side_text(detail->side));
    print_paragraph(p, STEP_INDENT, text);
    add_steps_of(p, detail);
}

/* The causes named as "cause.detail" in ${names}. */
static void print_causes(struct page *p, char **names, unsigned n)
{
    if (n == 0) {
        return;
    }
    fputc('\n', p->out);
    terminal_heading(p->out, "Usual causes");
    for (unsigned i = 0; i < n; i++) {
        struct span cause;
        struct span detail;
        if (knowledge_split(p->k, span_of(names[i]), &cause, &detail)) {
            print_detail(p, knowledge_cause(p->k, cause),
                knowledge_detail(p->k, cause, detail));
        }
    }
}

static void print_class(struct page *p, int digit)
{
    char text[PARAGRAPH_LEN];
    const struct class_entry *class = knowledge_class(p->k, digit);
    if (class != NULL) {
        snprintf(text, sizeof(text), "Class %d, %c%s: %s", digit,
            tolower((unsigned char)class->title[0]), class->title + 1,
            class->meaning);
        fputc('\n', p->out);
        print_paragraph(p, INDENT, text);
    }
}

static void print_verdict(struct page *p, const char *verdict)
{
    if (verdict != NULL) {
        fprintf(p->out, "\n%*sIf the text decides nothing: %s\n", INDENT, "",
            verdict);
    }
}

static void print_list(
    struct page *p, const char *label, char **items, unsigned n)
{
    if (n == 0) {
        return;
    }
    int indent = fprintf(p->out, "%*s%s:", INDENT, "", label) + 1;
    int column = indent - 1;
    for (unsigned i = 0; i < n; i++) {
        int len = (int)strlen(items[i]) + 1;
        if (column + len > p->width && column >= indent) {
            column = fprintf(p->out, "\n%*s", indent - 1, "") - 1;
        }
        column += fprintf(p->out, " %s", items[i]);
    }
    fputc('\n', p->out);
}

/* ---- kinds of words ------------------------------------------------------ */

static bool explain_code(struct page *p, struct span word)
{
    int64_t number = 0;
    if (word.len != 3 || !span_number(word, &number)) {
        return false;
    }
    int digit = (int)number / 100;
    const struct code_entry *code = knowledge_reply_code(p->k, (int)number);
    if (code == NULL && knowledge_class(p->k, digit) == NULL) {
        return false;
    }
    print_title(p, word.ptr, code != NULL ? code->title : "not defined");
    if (code != NULL) {
        print_paragraph(p, INDENT, code->meaning);
        fprintf(p->out, "%*sSource: %s\n", INDENT, "", code->source);
    }
    print_class(p, digit);
    if (code != NULL) {
        print_verdict(p, code->verdict);
        print_causes(p, code->usual, code->n_usual);
    }
    return true;
}

static bool explain_status(struct page *p, struct span word)
{
    struct status_code status = {0};
    if (status_parse(word, &status) != word.len || word.len == 0 ||
        knowledge_class(p->k, status.class) == NULL) {
        return false;
    }
    const struct status_entry *entry = knowledge_status(p->k, status);
    print_title(p, word.ptr, entry != NULL ? entry->title : "not registered");
    if (entry != NULL) {
        print_paragraph(p, INDENT, entry->meaning);
        fprintf(p->out, "%*sSource: %s\n", INDENT, "", entry->source);
    }
    print_class(p, status.class);
    if (entry != NULL) {
        print_verdict(p, knowledge_status_verdict(p->k, status));
        print_causes(p, entry->usual, entry->n_usual);
    }
    return true;
}

static bool explain_cause(struct page *p, struct span word)
{
    const struct cause_entry *cause = knowledge_cause(p->k, word);
    if (cause == NULL) {
        return false;
    }
    print_title(p, cause->name, cause->title);
    print_paragraph(p, INDENT, cause->definition);
    fputc('\n', p->out);
    terminal_heading(p->out, "Details");
    for (unsigned i = 0; i < cause->n_details; i++) {
        print_detail(p, cause, &cause->details[i]);
    }
    return true;
}

static bool explain_full_detail(struct page *p, struct span word)
{
    struct span cause;
    struct span detail;
    if (!knowledge_split(p->k, word, &cause, &detail)) {
        return false;
    }
    const struct cause_entry *of = knowledge_cause(p->k, cause);
    print_title(p, of->name, of->title);
    print_detail(p, of, knowledge_detail(p->k, cause, detail));
    return true;
}

/* A detail without its cause, wherever there is one. */
static bool explain_detail(struct page *p, struct span word)
{
    bool found = false;
    for (unsigned i = 0; i < knowledge_n_causes(p->k); i++) {
        const struct cause_entry *cause = knowledge_cause_at(p->k, i);
        const struct detail_entry *detail =
            knowledge_detail(p->k, span_of(cause->name), word);
        if (detail != NULL) {
            print_title(p, cause->name, cause->title);
            print_detail(p, cause, detail);
            found = true;
        }
    }
    return found;
}

/* What it means to be on a list: the first detail that says so. */
static const struct detail_entry *listed_detail(const struct knowledge *k)
{
    for (unsigned i = 0; i < knowledge_n_causes(k); i++) {
        const struct cause_entry *cause = knowledge_cause_at(k, i);
        for (unsigned j = 0; j < cause->n_details; j++) {
            if (listing_is_named(&cause->details[j])) {
                return &cause->details[j];
            }
        }
    }
    return NULL;
}

static bool explain_dnsbl(struct page *p, struct span word)
{
    const struct dnsbl_entry *list =
        dnsbl_by_zone(knowledge_dnsbls(p->k), word, NULL);
    if (list == NULL) {
        return false;
    }
    bool is_good = strcmp(list->kind, "allow") == 0;
    print_title(p, list->name, is_good ? "a list of good senders" : "a DNSBL");
    fprintf(p->out, "%*sOperator: %s\n", INDENT, "", list->operator);
    print_list(p, "Zones", list->zones, list->n_zones);
    fprintf(p->out, "%*sLists: %s\n", INDENT, "",
        strcmp(list->kind, "domain") == 0 ? "domains" : "addresses");
    if (list->delist != NULL) {
        fprintf(
            p->out, "%*sLook-up and removal: %s\n", INDENT, "", list->delist);
    }
    const struct detail_entry *detail = listed_detail(p->k);
    if (!is_good && detail != NULL) {
        add_steps_of(p, detail);
    }
    return true;
}

static bool explain_provider(struct page *p, struct span word)
{
    const struct provider_table *table = knowledge_providers(p->k);
    const struct provider_entry *entry = providers_by_name(table, word);
    if (entry == NULL) {
        entry = providers_by_relay(table, word);
    }
    if (entry == NULL) {
        entry = providers_by_domain(table, word);
    }
    if (entry == NULL) {
        return false;
    }
    print_title(p, entry->name, "a mailbox provider");
    print_list(p, "Relays", entry->relays, entry->n_relays);
    print_list(p, "Domains", entry->domains, entry->n_domains);
    if (entry->postmaster != NULL) {
        fprintf(p->out, "%*sIts page for postmasters: %s\n", INDENT, "",
            entry->postmaster);
    }
    return true;
}

bool explanation_print(FILE *out, const struct knowledge *k, const char *word)
{
    static bool (*const kinds[])(struct page *, struct span) = {explain_code,
        explain_status, explain_cause, explain_full_detail, explain_detail,
        explain_dnsbl, explain_provider};
    struct page p = {.out = out, .k = k, .width = terminal_width(out)};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i](&p, span_of(word))) {
            print_steps(&p);
            return true;
        }
    }
    return false;
}

const char *explanation_nearest(const struct knowledge *k, const char *word)
{
    struct spelling near;
    spelling_init(&near, span_of(word));
    for (unsigned i = 0; i < knowledge_n_causes(k); i++) {
        const struct cause_entry *cause = knowledge_cause_at(k, i);
        spelling_offer(&near, cause->name);
        for (unsigned j = 0; j < cause->n_details; j++) {
            spelling_offer(&near, cause->details[j].name);
        }
    }
    return near.best;
}
