/* SPDX-License-Identifier: MIT */
#include "parse/plain.h"

#include "parse/filling.h"

static bool is_name(enum field f)
{
    return f == FIELD_sender || f == FIELD_recipient || f == FIELD_peer ||
           f == FIELD_peer_ip;
}

static bool is_word(enum field f)
{
    return f == FIELD_kind || f == FIELD_direction || f == FIELD_disposition ||
           f == FIELD_stage;
}

/* Does what ${p} sets and takes allow it? */
static bool takes_names_only(const struct pattern *p)
{
    bool only = true;
    for (int i = 0; i < p->n_set; i++) {
        only = only && is_word((enum field)p->set_fields[i]);
    }
    for (unsigned n = 1; n <= p->n_groups; n++) {
        only = only && (p->group_field[n] == NO_FIELD ||
                           is_name((enum field)p->group_field[n]));
    }
    for (unsigned i = 0; i < p->def->keys_count; i++) {
        only = only && is_name(p->keys[i].field);
    }
    return only && p->def->columns_count == 0;
}

void plain_plan(const struct format *f, struct pattern *p)
{
    struct event e;
    memset(&e, 0, sizeof(e));
    struct filling set = {.format = f, .fields = p->set};
    p->plain = (struct plain){.applies = false};
    if (p->role != ROLE_LINE || f->looks_back || p->memory != MEMORY_NONE ||
        p->each != NO_FIELD || p->begins != NO_FIELD ||
        p->queue_id != QUEUE_ID_REQUIRED || !takes_names_only(p) ||
        !filling_event(&set, &e)) {
        return;
    }
    p->plain = (struct plain){.applies = true,
        .kind = e.kind,
        .direction = e.direction,
        .disposition = e.disposition,
        .stage = e.stage};
}

void plain_clear(struct span *fields)
{
    fields[FIELD_sender] = SPAN_NONE;
    fields[FIELD_recipient] = SPAN_NONE;
    fields[FIELD_peer] = SPAN_NONE;
    fields[FIELD_peer_ip] = SPAN_NONE;
    fields[FIELD_pairs] = SPAN_NONE;
}

void plain_event(
    const struct plain *p, const struct span *fields, struct event *e)
{
    e->kind = p->kind;
    e->direction = p->direction;
    e->disposition = p->disposition;
    e->stage = p->stage;
    e->sender = fields[FIELD_sender];
    e->recipient = fields[FIELD_recipient];
    e->peer = fields[FIELD_peer];
    e->peer_ip = fields[FIELD_peer_ip];
    e->delay = -1;
}
