/* SPDX-License-Identifier: MIT */
/*
 * Conditions are cheap and expressions are not, so they are translated once
 * and asked first.
 */
#include "classify/conditions.h"

static bool read_code(const char *text, struct code_range *range)
{
    int64_t value = 0;
    struct span s = span_of(text);
    if (s.len == 0 || s.len > 3 || !span_number(s, &value)) {
        return false;
    }
    int width = s.len == 1 ? 100 : s.len == 2 ? 10 : 1;
    range->first = (short)(value * width);
    range->last = (short)(range->first + width - 1);
    return range->first >= 200 && range->last <= 599;
}

/* Read one number that ends at a dot or at the end; advance ${s}. */
static bool read_part(struct span *s, uint16_t *value)
{
    size_t end = span_find(*s, SPAN_LITERAL("."));
    int64_t n = 0;
    if (!span_number(span_first(*s, end), &n) || n > 999) {
        return false;
    }
    *value = (uint16_t)n;
    *s = span_skip(*s, end < s->len ? end + 1 : end);
    return true;
}

static bool read_status(const char *text, struct status_prefix *prefix)
{
    struct span s = span_of(text);
    uint16_t parts[3] = {0, 0, 0};
    *prefix = (struct status_prefix){.depth = 0};
    if (span_equal(s, SPAN_LITERAL("none"))) {
        return true;
    }
    if (s.len > 0 && (s.ptr[0] | 0x20) == 'x') {
        prefix->depth = 1;
        s = span_skip(s, s.len > 1 ? 2 : 1);
    }
    while (s.len > 0) {
        if (prefix->depth == 3 || !read_part(&s, &parts[prefix->depth])) {
            return false;
        }
        prefix->depth++;
    }
    prefix->status =
        (struct status_code){(uint8_t)parts[0], parts[1], parts[2]};
    return prefix->depth > 0 && parts[0] <= 5;
}

static const char *read_stages(const struct rule *rule, struct conditions *c)
{
    for (unsigned i = 0; i < rule->n_stages; i++) {
        enum stage stage = STAGE_UNKNOWN;
        if (!stage_parse(span_of(rule->stages[i]), &stage)) {
            return rule->stages[i];
        }
        c->stages |= 1u << stage;
    }
    return NULL;
}

const char *conditions_read(const struct rule *rule, struct conditions *c)
{
    *c = (struct conditions){.direction = DIRECTION_UNKNOWN};
    if (rule->direction != NULL &&
        !direction_parse(span_of(rule->direction), &c->direction)) {
        return rule->direction;
    }
    for (unsigned i = 0; i < rule->n_codes; i++) {
        if (i == CONDITIONS_MAX_PREFIXES ||
            !read_code(rule->codes[i], &c->codes[c->n_codes++])) {
            return rule->codes[i];
        }
    }
    for (unsigned i = 0; i < rule->n_status; i++) {
        if (i == CONDITIONS_MAX_PREFIXES ||
            !read_status(rule->status[i], &c->status[c->n_status++])) {
            return rule->status[i];
        }
    }
    return read_stages(rule, c);
}

static bool code_holds(
    const struct conditions *c, const struct rules_facts *facts)
{
    int first = facts->code;
    int last = facts->code;
    if (facts->code == 0 && status_is_known(facts->status)) {
        first = facts->status.class * 100;
        last = first + 99;
    }
    for (unsigned i = 0; i < c->n_codes; i++) {
        if (first >= c->codes[i].first && last <= c->codes[i].last) {
            return true;
        }
    }
    return c->n_codes == 0;
}

static bool prefix_holds(const struct status_prefix *p, struct status_code s)
{
    if (p->depth == 0 || !status_is_known(s)) {
        return p->depth == 0 && !status_is_known(s);
    }
    return (p->status.class == 0 || p->status.class == s.class) &&
           (p->depth < 2 || p->status.subject == s.subject) &&
           (p->depth < 3 || p->status.detail == s.detail);
}

static bool status_holds(
    const struct conditions *c, const struct rules_facts *facts)
{
    for (unsigned i = 0; i < c->n_status; i++) {
        if (prefix_holds(&c->status[i], facts->status)) {
            return true;
        }
    }
    return c->n_status == 0;
}

bool conditions_hold(
    const struct conditions *c, const struct rules_facts *facts)
{
    if (c->direction != DIRECTION_UNKNOWN &&
        facts->direction != DIRECTION_UNKNOWN &&
        c->direction != facts->direction) {
        return false;
    }
    if (c->stages != 0 && facts->stage != STAGE_UNKNOWN &&
        (c->stages & 1u << facts->stage) == 0) {
        return false;
    }
    return code_holds(c, facts) && status_holds(c, facts);
}
