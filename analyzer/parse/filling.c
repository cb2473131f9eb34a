/* SPDX-License-Identifier: MIT */
#include "parse/filling.h"

#include "parse/duration.h"

static struct span value_of(
    const struct format *format, enum field f, struct span value)
{
    for (size_t i = format->first_value[f]; i < format->first_value[f + 1];
         i++) {
        if (span_equal(format->values[i].from, value)) {
            return format->values[i].to;
        }
    }
    return value;
}

static struct span field_of(const struct filling *f, enum field field)
{
    struct span value = f->fields[field];
    return span_is_known(value) ? value_of(f->format, field, value) : value;
}

/* A refusal with a 4xx reply is for now, not for good (RFC 5321, 4.2.1). */
static void settle_refusal(struct event *e)
{
    if (e->disposition == DISPOSITION_REJECTED && e->reply.code >= 400 &&
        e->reply.code < 500) {
        e->disposition = DISPOSITION_DEFERRED;
    }
}

/* The code that the MTA tells, or its word for one, apart from the text. */
static void fill_reply_code(const struct filling *f, struct event *e)
{
    int64_t code = 0;
    struct span told = field_of(f, FIELD_reply_code);
    if (e->reply.code == 0 && span_number(told, &code) && code >= 200 &&
        code <= 599) {
        e->reply.code = (int)code;
    }
}

static void fill_reply(const struct filling *f, struct event *e)
{
    struct span raw = f->fields[FIELD_reply];
    if (!span_is_known(raw)) {
        raw = f->fields[FIELD_text];
    }
    if (span_is_known(raw)) {
        smtp_reply_parse(raw, f->scratch, f->scratch_len, &e->reply);
    }
    struct span logged = f->fields[FIELD_logged_status];
    if (span_is_known(logged)) {
        status_parse(logged, &e->logged_status);
    }
    fill_reply_code(f, e);
}

struct span filling_queue_id(const struct format *format, struct span id)
{
    struct span told =
        span_is_known(id) ? value_of(format, FIELD_queue_id, id) : SPAN_NONE;
    return told.len > 0 ? told : SPAN_NONE; /* values: NOQUEUE to nothing */
}

bool filling_event(const struct filling *f, struct event *e)
{
    event_kind_parse(field_of(f, FIELD_kind), &e->kind);
    direction_parse(field_of(f, FIELD_direction), &e->direction);
    disposition_parse(field_of(f, FIELD_disposition), &e->disposition);
    stage_parse(field_of(f, FIELD_stage), &e->stage);
    e->queue_id = filling_queue_id(f->format, f->fields[FIELD_queue_id]);
    e->sender = f->fields[FIELD_sender];
    e->recipient = f->fields[FIELD_recipient];
    e->peer = f->fields[FIELD_peer];
    e->peer_ip = f->fields[FIELD_peer_ip];
    e->delay = span_is_known(f->fields[FIELD_delay])
                   ? duration_parse(f->fields[FIELD_delay])
                   : -1;
    fill_reply(f, e);
    settle_refusal(e);
    bool correlates = e->kind == EVENT_ARRIVAL || e->kind == EVENT_SENDER ||
                      e->kind == EVENT_RELEASE;
    return e->kind != EVENT_UNKNOWN &&
           (correlates || e->disposition != DISPOSITION_UNKNOWN);
}
