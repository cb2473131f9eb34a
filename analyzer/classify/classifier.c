/* SPDX-License-Identifier: MIT */
/*
 * The template takes out what varies, so that a night's hundred thousand
 * replies are a few hundred questions; the memo answers those that were asked
 * before.  A new one goes through the pre-filter, which names the few rules
 * that may fit, and the first whose conditions and expressions hold decides.
 *
 * Nothing but the facts that the store keeps goes into the verdict, so
 * history can be judged again without its logs.  What a reply's own text adds
 * (the listed address) is looked for afterwards.
 */
#include "classify/classifier.h"

#include "base/memory.h"
#include "classify/listing.h"
#include "classify/memo.h"
#include "classify/netaddr.h"
#include "classify/provider_memo.h"
#include "classify/template.h"
#include "classify/wrapped.h"
#include "mail/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

enum { NO_RULE = 0x7fffffff, RULE_ID_LEN = 32, GROUP_UNKNOWN = 255 };

/* The groups of a rule's `extract`; 0: it has none of that name. */
struct extract_groups {
    uint8_t dnsbl; /* GROUP_UNKNOWN: not yet looked up */
    uint8_t address;
};

struct classifier {
    const struct rules *rules;
    const struct knowledge *knowledge;
    struct parts_scratch *scratch;
    struct regex_workspace *workspace;
    struct memo *memo;
    struct provider_memo *providers;
    bool use_memo;
    const struct networks *own;    /* NULL: not known */
    struct extract_groups *groups; /* by rule */
    char template[LIMIT_TEMPLATE_LEN];
    char reply[LIMIT_REPLY_LEN]; /* for classifier_read_text() */
    char zone[LISTING_ZONE_LEN];
    char rule_id[RULE_ID_LEN];
};

struct classifier *classifier_create(
    const struct rules *r, const struct knowledge *k)
{
    struct classifier *c = memory_zalloc(1, sizeof(*c));
    c->rules = r;
    c->knowledge = k;
    c->scratch = parts_scratch_create(rules_parts(r));
    c->workspace = regex_workspace_create();
    c->memo = memo_create();
    c->providers = provider_memo_create(knowledge_providers(k));
    c->use_memo = true;
    c->groups = memory_zalloc(rules_count(r) + 1, sizeof(*c->groups));
    memset(c->groups, GROUP_UNKNOWN, rules_count(r) * sizeof(*c->groups));
    return c;
}

void classifier_free(struct classifier *c)
{
    if (c == NULL) {
        return;
    }
    parts_scratch_free(c->scratch);
    regex_workspace_free(c->workspace);
    provider_memo_free(c->providers);
    memo_free(c->memo);
    free(c->groups);
    free(c);
}

void classifier_set_own(struct classifier *c, const struct networks *own)
{
    c->own = own;
}

void classifier_use_memo(struct classifier *c, bool on)
{
    c->use_memo = on;
}

static struct status_code best_status(const struct reply_facts *facts)
{
    return status_is_known(facts->status) ? facts->status : facts->logged;
}

/* XXH3 over the short facts, which seed that over the template. */
static uint64_t key_of(const struct reply_facts *f)
{
    const uint16_t head[] = {(uint16_t)f->direction, (uint16_t)f->stage,
        (uint16_t)f->code, f->status.class, f->status.subject, f->status.detail,
        f->logged.class, f->logged.subject, f->logged.detail};
    uint64_t seed = XXH3_64bits(head, sizeof(head));
    const char *bytes = f->template.ptr != NULL ? f->template.ptr : "";
    uint64_t key = XXH3_64bits_withSeed(bytes, f->template.len, seed);
    return key != 0 ? key : 1;
}

/* What came of trying an expression of rule ${i}. */
static bool note(
    struct classifier *c, size_t i, enum regex_result result, bool *gave_up)
{
    if (result == REGEX_LIMIT) {
        rules_report_limit(c->rules, i);
        *gave_up = true;
    }
    return result == REGEX_MATCH;
}

/* Does the expression ${which} of rule ${i} match?  Giving up is no match. */
static bool matches(struct classifier *c, size_t i, enum rules_regex which,
    struct span text, bool *gave_up)
{
    const struct regex *re = rules_regex(c->rules, i, which);
    return re != NULL &&
           note(c, i, regex_match(re, c->workspace, text), gave_up);
}

/* The rule whose parts are being tried. */
struct trial {
    struct span template;
    size_t rule;
    bool over;    /* it does not fit, whatever its other parts say */
    bool gave_up; /* one of its expressions took too many steps */
};

/* Does ${part}, an alternative of the rule's expression ${which}, match? */
static bool part_matches(struct classifier *c, struct trial *trial,
    enum rules_regex which, size_t part)
{
    const struct regex *re = parts_regex(rules_parts(c->rules), part);
    if (re == NULL) {
        return matches(c, trial->rule, which, trial->template, &trial->gave_up);
    }
    return note(c, trial->rule, regex_match(re, c->workspace, trial->template),
        &trial->gave_up);
}

/* Does the rule's `unless` match? */
static bool is_excepted(struct classifier *c, struct trial *trial)
{
    const struct parts *p = rules_parts(c->rules);
    size_t n = 0;
    size_t first = parts_unless(p, trial->rule, &n);
    for (size_t part = first; part < first + n; part++) {
        if (parts_holds(p, c->scratch, part) &&
            part_matches(c, trial, RULES_UNLESS, part)) {
            return true;
        }
    }
    return false;
}

/* Does ${part} make its rule fit? */
static bool part_fits(struct classifier *c, struct trial *trial, size_t part,
    const struct rules_facts *facts)
{
    size_t rule = parts_rule(rules_parts(c->rules), part);
    if (rule != trial->rule) {
        trial->rule = rule;
        trial->over = !rules_applies(c->rules, rule, facts);
        trial->gave_up = false;
    }
    if (trial->over || !part_matches(c, trial, RULES_MATCH, part)) {
        trial->over |= trial->gave_up;
        return false;
    }
    trial->over = true;
    return !is_excepted(c, trial) && !trial->gave_up;
}

/* Store the numbers of the first ${max} rules that fit; return how many. */
static size_t find_rules(struct classifier *c, const struct reply_facts *facts,
    uint32_t *numbers, size_t max)
{
    size_t n = 0;
    const uint32_t *candidates = parts_candidates(
        rules_parts(c->rules), c->scratch, facts->template, &n);
    struct rules_facts asked = {
        facts->direction, facts->stage, facts->code, best_status(facts)};
    struct trial trial = {.template = facts->template, .rule = NO_RULE};
    size_t found = 0;
    for (size_t i = 0; i < n && found < max; i++) {
        if (parts_holds(rules_parts(c->rules), c->scratch, candidates[i]) &&
            part_fits(c, &trial, candidates[i], &asked)) {
            numbers[found++] = (uint32_t)trial.rule;
        }
    }
    return found;
}

/* A cause that the tables name; false if it says nothing. */
static bool take_cause(
    const struct classifier *c, const char *name, struct verdict *v)
{
    return name != NULL &&
           knowledge_split(
               c->knowledge, span_of(name), &v->cause, &v->detail) &&
           !span_equal(v->cause, SPAN_LITERAL("unknown"));
}

static bool by_status(
    struct classifier *c, struct status_code status, struct verdict *v)
{
    if (!status_is_known(status)) {
        return false;
    }
    const char *verdict = knowledge_status_verdict(c->knowledge, status);
    if (knowledge_status(c->knowledge, status) == NULL) {
        /* RFC 3463, 2: an unknown detail is taken as "other" of its subject */
        struct status_code other = {status.class, status.subject, 0};
        verdict = knowledge_status_verdict(c->knowledge, other);
    }
    if (status.class == 2) {
        verdict = "ok.delivered";
    }
    if (!take_cause(c, verdict, v)) {
        return false;
    }
    char text[STATUS_TEXT_LEN];
    status_format(status, text);
    int n = snprintf(c->rule_id, sizeof(c->rule_id), "status-%s", text);
    v->rule = (struct span){c->rule_id, (size_t)n};
    return true;
}

static bool by_code(struct classifier *c, int code, struct verdict *v)
{
    const struct code_entry *e = knowledge_reply_code(c->knowledge, code);
    const char *verdict = e != NULL ? e->verdict : NULL;
    if (code >= 250 && code <= 259) {
        verdict = "ok.delivered";
    }
    if (!take_cause(c, verdict, v)) {
        return false;
    }
    int n = snprintf(c->rule_id, sizeof(c->rule_id), "code-%d", code);
    v->rule = (struct span){c->rule_id, (size_t)n};
    return true;
}

/* An enhanced code that ends a text, as qmail writes it: "(#5.1.1)". */
static struct status_code status_in_text(struct span s)
{
    struct status_code status = {0, 0, 0};
    const char *hash = NULL;
    while (s.len > 0 && (hash = memchr(s.ptr, '#', s.len)) != NULL) {
        s = span_skip(s, (size_t)(hash - s.ptr) + 1);
        if (status_parse(s, &status) > 0) {
            return status;
        }
    }
    return (struct status_code){0, 0, 0};
}

static bool is_positive(const struct reply_facts *f)
{
    return f->code != 0 ? f->code >= 250 && f->code <= 259
                        : f->status.class == 2;
}

/* What the codes say where no rule does. */
static void judge_codes(
    struct classifier *c, const struct reply_facts *f, struct verdict *v)
{
    if (by_status(c, f->status, v) ||
        by_status(c, status_in_text(f->template), v) ||
        by_status(c, f->logged, v) || by_code(c, f->code, v)) {
        return;
    }
    v->cause = SPAN_LITERAL("unknown");
    v->detail = SPAN_LITERAL("unknown");
    v->rule = SPAN_LITERAL("none");
}

/* Which rule decides, from the memo if it is known there. */
static struct memo_value decide(
    struct classifier *c, const struct reply_facts *f, uint64_t key)
{
    struct memo_value value = {NO_RULE, SPAN_NONE};
    if (is_positive(f) || (c->use_memo && memo_find(c->memo, key, &value))) {
        return value;
    }
    if (find_rules(c, f, &value.rule, 1) > 0 &&
        rules_detail_entry(c->rules, value.rule)->list != NULL) {
        value.dnsbl =
            listing_known_zone(knowledge_dnsbls(c->knowledge), f->template);
    }
    if (c->use_memo) {
        memo_add(c->memo, key, value);
    }
    return value;
}

/* Judge and return the number of the rule that decided, or NO_RULE. */
static uint32_t judge(
    struct classifier *c, const struct reply_facts *f, struct verdict *v)
{
    *v = (struct verdict){.template = f->template, .key = key_of(f)};
    struct memo_value value = decide(c, f, v->key);
    v->dnsbl = value.dnsbl;
    if (value.rule == NO_RULE) {
        judge_codes(c, f, v);
    } else {
        v->cause = rules_cause(c->rules, value.rule);
        v->detail = rules_detail(c->rules, value.rule);
        v->rule = span_of(rules_at(c->rules, value.rule)->id);
    }
    return value.rule;
}

/* Take what the rule's `extract` finds in the reply's own text. */
static void extract(
    struct classifier *c, uint32_t rule, struct span text, struct verdict *v)
{
    const struct regex *re = rules_regex(c->rules, rule, RULES_EXTRACT);
    if (re == NULL) {
        return;
    }
    struct extract_groups *g = &c->groups[rule];
    if (g->dnsbl == GROUP_UNKNOWN) {
        g->dnsbl = (uint8_t)regex_group_number(re, "dnsbl");
        g->address = (uint8_t)regex_group_number(re, "address");
    }
    bool wanted = g->address > 0 || (g->dnsbl > 0 && v->dnsbl.len == 0);
    bool gave_up = false;
    if (!wanted || !matches(c, rule, RULES_EXTRACT, text, &gave_up)) {
        return;
    }
    if (g->dnsbl > 0 && v->dnsbl.len == 0) {
        v->dnsbl = listing_zone_text(knowledge_dnsbls(c->knowledge),
            regex_group(c->workspace, text, g->dnsbl), c->zone);
    }
    struct span found = SPAN_NONE;
    if (g->address > 0 &&
        netaddr_find(regex_group(c->workspace, text, g->address), &found)) {
        v->address = found;
    }
}

static void find_listing(struct classifier *c, uint32_t rule,
    const struct event *e, struct verdict *v)
{
    const struct detail_entry *detail =
        rule != NO_RULE ? rules_detail_entry(c->rules, rule)
                        : knowledge_detail(c->knowledge, v->cause, v->detail);
    if (rule != NO_RULE) {
        extract(c, rule, e->reply.text, v);
    }
    if (detail == NULL || detail->list == NULL) {
        return;
    }
    v->listed = !listing_is_broken(detail);
    if (v->dnsbl.len == 0 && listing_is_named(detail)) {
        v->dnsbl = listing_zone_text(knowledge_dnsbls(c->knowledge),
            listing_named_zone(v->template), c->zone);
    }
    bool inbound = e->direction == DIRECTION_INBOUND;
    struct span ours =
        inbound ? SPAN_NONE : listing_own_address(e->reply.text, c->own);
    if (ours.len > 0) {
        v->address = ours;
    } else if (v->address.len == 0) {
        struct span relay = inbound ? SPAN_NONE : e->peer_ip;
        v->address = listing_address(e->reply.text, relay);
    }
}

/* The other side: the relay, else the domain that the mail was for. */
struct span classifier_provider(
    const struct classifier *c, const struct event *e)
{
    struct provider_memo *m = c->providers;
    const struct provider_entry *p = provider_memo_by_relay(m, e->peer);
    if (p == NULL && e->direction == DIRECTION_OUTBOUND) {
        p = provider_memo_by_domain(m, address_domain(e->recipient));
    }
    return p != NULL ? span_of(p->name) : SPAN_NONE;
}

static struct span make_template(struct classifier *c, const struct event *e)
{
    struct template_names names = {.kept = knowledge_names(c->knowledge)};
    template_own(&names, address_domain(e->recipient));
    template_own(&names, address_domain(e->sender));
    template_own(&names, e->peer);
    template_own(&names, e->host);
    names.words = ownwords_of(e);
    return template_make(&names, e->reply.text, c->template);
}

static void make_facts(
    struct classifier *c, const struct event *e, struct reply_facts *f)
{
    *f = (struct reply_facts){.direction = e->direction,
        .stage = e->stage,
        .code = e->reply.code,
        .status = e->reply.status,
        .logged = e->logged_status,
        .template = make_template(c, e)};
}

void classifier_judge(
    struct classifier *c, const struct event *e, struct verdict *v)
{
    if (e->disposition == DISPOSITION_DELIVERED) {
        *v = (struct verdict){.cause = SPAN_LITERAL("ok"),
            .detail = SPAN_LITERAL("delivered"),
            .rule = SPAN_LITERAL("delivered"),
            .provider = classifier_provider(c, e)};
        return;
    }
    struct reply_facts facts;
    make_facts(c, e, &facts);
    uint32_t rule = judge(c, &facts, v);
    find_listing(c, rule, e, v);
    v->provider = classifier_provider(c, e);
}

void classifier_judge_facts(
    struct classifier *c, const struct reply_facts *facts, struct verdict *v)
{
    struct event e = {
        .direction = facts->direction, .reply = {.text = facts->template}};
    uint32_t rule = judge(c, facts, v);
    find_listing(c, rule, &e, v);
    v->address = SPAN_NONE;
}

void classifier_read_text(struct classifier *c, enum direction direction,
    struct span text, struct event *e)
{
    *e = (struct event){.kind = EVENT_OUTCOME,
        .direction = direction,
        .delay = -1,
        .repeat = 1,
        .line = text};
    struct smtp_reply *reply = &e->reply;
    smtp_reply_parse(text, c->reply, sizeof(c->reply), reply);
    if (reply->code == 0) {
        struct span inner = wrapped_reply(c->knowledge, text);
        if (span_is_known(inner)) {
            smtp_reply_parse(inner, c->reply, sizeof(c->reply), reply);
            reply->raw = text;
        }
    }
    if (reply->code == 0 && !status_is_known(reply->status)) {
        size_t n = status_parse(reply->text, &reply->status);
        reply->text = span_trim(span_skip(reply->text, n));
    }
}

void classifier_particulars(struct classifier *c, const struct event *e,
    const struct verdict *v, struct particulars *p)
{
    size_t rule = rules_find(c->rules, v->rule);
    particulars_read(c->rules, rule, &e->reply, c->workspace, p);
}

size_t classifier_explain(
    struct classifier *c, const struct event *e, uint32_t *numbers, size_t max)
{
    struct reply_facts facts;
    make_facts(c, e, &facts);
    return is_positive(&facts) ? 0 : find_rules(c, &facts, numbers, max);
}
