/* SPDX-License-Identifier: MIT */
/*
 * A pattern claims a text by what it begins with (dispatch.h), by literals
 * anywhere in it, and by an expression, in this order: what costs least
 * dismisses most.  Its fields are those it sets, the named groups of its
 * expression, and the keys of the pairs that it wants.
 */
#include "parse/matching.h"

#include "base/diag.h"
#include "base/limits.h"
#include "parse/pairs.h"

void matching_init(struct matching *m)
{
    *m = (struct matching){
        .workspace = regex_workspace_create(), .known = known_create()};
}

void matching_reset(struct matching *m)
{
    known_reset(m->known);
    m->limit_said = false;
}

void matching_free(struct matching *m)
{
    known_free(m->known);
    regex_workspace_free(m->workspace);
}

/* Put what the expression of ${p} looks at in m->subject; false if ${p} splits
 * texts, and this one cannot be. */
static bool set_subject(
    struct matching *m, const struct pattern *p, struct span text)
{
    m->subject = text;
    if (!span_is_known(p->split)) {
        return true;
    }
    size_t at = span_find(text, p->split);
    if (at == text.len) {
        return false;
    }
    m->pairs = span_first(text, at);
    m->subject = span_skip(text, at + p->split.len);
    return true;
}

bool matching_claims(
    struct matching *m, const struct pattern *p, struct span text)
{
    m->met = NULL;
    for (unsigned i = 0; i < p->def->has_count; i++) {
        if (span_find(text, p->has[i]) == text.len) {
            return false;
        }
    }
    if (!set_subject(m, p, text)) {
        return false;
    }
    if (p->re == NULL) {
        return true;
    }
    enum regex_result r = regex_match(p->re, m->workspace, m->subject);
    if (r == REGEX_LIMIT && !m->limit_said) {
        diag_warn(
            "pattern %s: gave up on a line of %zu bytes", p->def->id, text.len);
        m->limit_said = true;
    }
    return r == REGEX_MATCH;
}

const struct pattern *matching_find(
    struct matching *m, const struct dispatch *parts, struct span text)
{
    struct dispatch_search search = dispatch_begin(parts, text);
    const struct pattern *p = NULL;
    while (
        (p = dispatch_next(&search)) != NULL && !matching_claims(m, p, text)) {
    }
    return p;
}

/* Keep in ${place} what ${parts} say of ${text}, unless that is more than a
 * place holds. */
static const struct pattern *learn(struct matching *m,
    const struct dispatch *parts, struct span text, struct known_part *place)
{
    const struct pattern *p = matching_find(m, parts, text);
    bool simple =
        p == NULL || (!span_is_known(p->split) && p->def->keys_count == 0);
    known_set(place, parts, text);
    place->pattern = p;
    for (unsigned n = 1; p != NULL && simple && n <= p->n_groups; n++) {
        struct span group = regex_group(m->workspace, text, n);
        if (p->group_field[n] != NO_FIELD && span_is_known(group)) {
            simple =
                known_add(place, (enum field)p->group_field[n], text, group);
        }
    }
    if (!simple) {
        known_drop(place);
    }
    return p;
}

const struct pattern *matching_recall(
    struct matching *m, const struct dispatch *parts, struct span text)
{
    struct known_part *place = known_place(m->known, text);
    if (place == NULL) {
        return matching_find(m, parts, text);
    }
    if (!known_is(place, parts, text)) {
        return learn(m, parts, text, place);
    }
    m->met = place;
    m->subject = text;
    return place->pattern;
}

static void take_met(struct matching *m, struct span *fields)
{
    for (int i = 0; i < m->met->n_groups; i++) {
        struct known_group g = m->met->groups[i];
        fields[g.field] = span_first(span_skip(m->subject, g.at), g.len);
    }
}

static void take_groups(
    struct matching *m, const struct pattern *p, struct span *fields)
{
    for (unsigned n = 1; n <= p->n_groups; n++) {
        if (p->group_field[n] == NO_FIELD) {
            continue;
        }
        struct span group = regex_group(m->workspace, m->subject, n);
        if (span_is_known(group)) {
            fields[p->group_field[n]] = group;
        }
    }
}

/* Take what ${p} wants out of its pairs; other keys are passed over, so that
 * fields an MTA adds do no harm. */
static void take_pairs(const struct pattern *p, struct span *fields)
{
    struct span rest = fields[FIELD_pairs];
    struct pair pair;
    for (int n = 0; n < LIMIT_PAIRS && pairs_next(&rest, p->between, &pair);
         n++) {
        for (unsigned i = 0; i < p->def->keys_count; i++) {
            enum field f = p->keys[i].field;
            if (span_equal(pair.key, p->keys[i].key)) {
                fields[f] = f == p->each ? pair.raw : pair.value;
            }
        }
    }
}

void matching_set(const struct pattern *p, struct span *fields)
{
    for (int i = 0; i < p->n_set; i++) {
        fields[p->set_fields[i]] = p->set[p->set_fields[i]];
    }
}

void matching_take(
    struct matching *m, const struct pattern *p, struct span *fields)
{
    matching_set(p, fields);
    if (m->met != NULL) {
        take_met(m, fields);
        return;
    }
    if (p->re != NULL) {
        take_groups(m, p, fields);
    }
    if (span_is_known(p->split)) {
        fields[FIELD_pairs] = m->pairs;
    }
    if (p->def->keys_count > 0) {
        take_pairs(p, fields);
    }
}
