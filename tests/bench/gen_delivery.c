/* SPDX-License-Identifier: MIT */
/*
 * gen_delivery.c - what becomes of queued mail: delivery, retries, bounces.
 *
 * A mail goes round dial, deliver, dial, ... over its recipients; settle
 * then ends it, sends a bounce or puts it back for a later round.
 */
#include <string.h>

#include "gen.h"

/* Seconds as Postfix prints them: two significant digits. */
static void put_delay(struct gen *g, uint64_t usec)
{
    uint64_t centi = usec / 10000;

    if (centi >= 1000) {
        put_number(g, centi / 100);
        return;
    }
    put_number(g, centi / 100);
    if (centi >= 100) {
        if (centi / 10 % 10 != 0) {
            put_char(g, '.');
            put_char(g, (char)('0' + centi / 10 % 10));
        }
    } else if (centi > 0) {
        put_char(g, '.');
        put_char(g, (char)('0' + centi / 10));
        if (centi % 10 != 0) {
            put_char(g, (char)('0' + centi % 10));
        }
    }
}

/* ", delay=D, delays=a/b/c/d, dsn=" */
static void put_delays(struct gen *g, const struct job *j)
{
    uint64_t total = g->now - j->born;
    uint64_t before_qmgr = total / 100 * (55 + below(g, 35));
    uint64_t in_qmgr = below(g, 20000);
    uint64_t connect = (total - before_qmgr) / 100 * (30 + below(g, 40));
    uint64_t sum = before_qmgr + in_qmgr + connect;

    put_str(g, ", delay=");
    put_delay(g, total);
    put_str(g, ", delays=");
    put_delay(g, before_qmgr);
    put_char(g, '/');
    put_delay(g, in_qmgr);
    put_char(g, '/');
    put_delay(g, connect);
    put_char(g, '/');
    put_delay(g, total > sum ? total - sum : 0);
    put_str(g, ", dsn=");
}

/* Did qmgr take the failure as one of the whole destination? */
static bool stops_destination(const struct failure_row *row)
{
    return row->reach == UNREACHED ||
           strstr(row->text, "refused to talk") != NULL;
}

/* Is this retry answered by error(8) instead of by a connection? */
static bool is_suspended(const struct rcpt *r)
{
    bool fails = r->defers > 0 || r->fate == EXPIRES;

    return r->tries > 0 && fails && stops_destination(r->failure) &&
           (r->to.user / 8 + r->tries) % 2 == 0;
}

static bool will_fail(const struct rcpt *r)
{
    return r->fate == BOUNCES || r->defers > 0 || r->fate == EXPIRES;
}

/* What smtp(8) logs before the recipient's own line. */
static void say_contact(
    struct gen *g, const struct job *j, const struct rcpt *r)
{
    static const char *const tls_forms[] = {
        "Trusted TLS connection established to %h[%p]:25: TLSv1.3 with cipher "
        "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
        "server-signature ECDSA (prime256v1) server-digest SHA256",
        "Untrusted TLS connection established to %h[%p]:25: TLSv1.2 with "
        "cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)",
    };
    bool fails = will_fail(r) && !g->opt.hostile;

    if (fails && r->failure->reach == NO_RELAY) {
        return;
    }
    begin_postfix(g, j, SMTP, j->smtp_pid);
    if (fails && r->failure->reach == UNREACHED) {
        put_fmt(g, j, r->failure->text);
        end_line(g, T_NONE);
    } else if (fails && r->fate == LATER_SENT && r->failure->reach == REACHED &&
               r->defers > 0 && r->to.user % 9 == 0) {
        put_fmt(g, j,
            "%q: host alt1.%h[%p] said: 451 4.3.0 Temporary system "
            "problem. Try again later (in reply to MAIL FROM "
            "command)");
        end_line(g, T_NONFINAL);
    } else {
        put_fmt(g, j, tls_forms[mix(r->to.domain) % COUNT(tls_forms)]);
        end_line(g, T_NONE);
    }
}

static step_fn deliver, settle, expire, notify, finish;

/* Turn to the next recipient that is not done, or settle the mail. */
uint64_t dial(struct gen *g, struct job *j)
{
    struct rcpt *r;

    while (j->current < j->n_rcpt && j->rcpt[j->current].done) {
        j->current++;
    }
    if (j->current == j->n_rcpt) {
        j->current = 0;
        return settle(g, j);
    }
    r = &j->rcpt[j->current];
    j->smtp_pid = pick_pid(g, j->host, SMTP);
    j->next = deliver;
    if (r->to.ours || r->fate == FILTER_HOP || is_suspended(r)) {
        return pause_ms(g, 2, 150);
    }
    if (chance(g, 90) || (r->defers > 0 && chance(g, 600))) {
        say_contact(g, j, r);
    }
    return chance(g, 60) ? pause_ms(g, 2000, 30000) : pause_ms(g, 60, 1800);
}

static void put_sent_reply(struct gen *g, const struct job *j)
{
    enum provider provider = provider_of(g, &j->rcpt[j->current].to);
    size_t i = below(g, COUNT(sent_rows));

    if (g->opt.hostile) {
        put_str(g, "2.0.0, status=sent (250 2.0.0 ");
        put_hostile_words(g, 3);
        put_char(g, ')');
        return;
    }
    while ((sent_rows[i].who & ONLY(provider)) == 0) {
        i = (i + 1) % COUNT(sent_rows);
    }
    put_str(g, provider == P_MICROSOFT ? "2.6.0" : "2.0.0");
    put_str(g, ", status=sent (");
    put_fmt(g, j, sent_rows[i].text);
    put_char(g, ')');
}

static void put_hostile_failure(
    struct gen *g, const struct job *j, bool deferred)
{
    put_str(
        g, deferred ? "4.7.1, status=deferred (" : "5.7.1, status=bounced (");
    put_fmt(g, j, "host %h[%p] said: ");
    put_str(g, deferred ? "451 4.7.1 " : "554 5.7.1 ");
    put_hostile_words(g, 8);
    put_str(g, " (in reply to RCPT TO command))");
}

static void put_failure(
    struct gen *g, const struct job *j, const struct rcpt *r, bool deferred)
{
    if (g->opt.hostile) {
        put_hostile_failure(g, j, deferred);
        return;
    }
    put_str(g, r->failure->dsn);
    put_str(g, deferred ? ", status=deferred (" : ", status=bounced (");
    put_str(g, is_suspended(r) ? "delivery temporarily suspended: " : "");
    put_fmt(g, j, r->failure->text);
    put_char(g, ')');
}

static void begin_delivery(
    struct gen *g, const struct job *j, enum service service, const char *relay)
{
    begin_postfix(g, j, service,
        service == SMTP ? j->smtp_pid : pick_pid(g, j->host, service));
    put_fmt(g, j, "%q: to=<%r>, relay=");
    put_fmt(g, j, relay);
    put_delays(g, j);
}

/* One attempt for a recipient in the world. */
static void attempt_world(struct gen *g, struct job *j, struct rcpt *r)
{
    bool deferred = r->defers > 0 || r->fate == EXPIRES;
    bool suspended = is_suspended(r) && !g->opt.hostile;
    bool no_relay = will_fail(r) && !g->opt.hostile &&
                    (r->failure->reach != REACHED || suspended);

    if (r->fate == LATER_BOUNCES && r->defers == 0) {
        r->fate = BOUNCES;
        r->failure = pick_failure(g, provider_of(g, &r->to), BOUNCE);
        no_relay = !g->opt.hostile && r->failure->reach != REACHED;
    }
    begin_delivery(
        g, j, suspended ? ERROR : SMTP, no_relay ? "none" : "%h[%p]:25");
    if (deferred) {
        put_failure(g, j, r, true);
        end_line(g, suspended ? T_SUSPENDED : T_DEFERRED);
        r->defers -= r->defers > 0;
    } else if (r->fate == BOUNCES) {
        put_failure(g, j, r, false);
        end_line(g, T_BOUNCED);
        j->bounced = true;
        r->done = true;
    } else {
        put_sent_reply(g, j);
        end_line(g, T_DELIVERED);
        r->done = true;
    }
    r->tries++;
}

static void attempt_local(struct gen *g, struct job *j, struct rcpt *r)
{
    r->done = true;
    if (r->fate == BOUNCES) {
        begin_delivery(g, j, LOCAL, "local");
        put_fmt(g, j, "5.1.1, status=bounced (unknown user: \"%b\")");
        end_line(g, T_LOCAL_BOUNCED);
        j->bounced = true;
    } else if (j->host == OUT_HOST || r->to.user % 3 == 0) {
        begin_delivery(g, j, LOCAL, "local");
        put_str(g, "2.0.0, status=sent (delivered to maildir)");
        end_line(g, T_LOCAL_DELIVERED);
    } else {
        begin_delivery(g, j, LMTP, "%o[private/dovecot-lmtp]");
        put_fmt(g, j, "2.0.0, status=sent (250 2.0.0 <%r> %t%t Saved)");
        end_line(g, T_LOCAL_DELIVERED);
    }
}

/* Hand the mail to the content filter, which sends it back as a new one. */
static void attempt_filter(struct gen *g, struct job *j, struct rcpt *r)
{
    struct job *back = job_new(g, g->now + pause_ms(g, 1, 30), greet_client);

    r->done = true;
    back->host = j->host;
    back->client = FILTER_CLIENT;
    back->seed = j->seed;
    back->tls = false;
    back->from = j->from;
    back->n_rcpt = 1;
    back->rcpt[0] = (struct rcpt){.to = r->to, .fate = SENT};
    heap_push(g, back);
    begin_delivery(g, j, FILTER, "127.0.0.1[127.0.0.1]:10024");
    put_fmt(g, j,
        "2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:"
        "10025): 250 2.0.0 Ok: queued as %Q)");
    end_line(g, T_FILTERED);
}

static uint64_t deliver(struct gen *g, struct job *j)
{
    struct rcpt *r = &j->rcpt[j->current];

    if (r->fate == FILTER_HOP) {
        attempt_filter(g, j, r);
    } else if (r->to.ours) {
        attempt_local(g, j, r);
    } else {
        attempt_world(g, j, r);
    }
    j->current++;
    j->next = dial;
    return pause_ms(g, 1, 60);
}

/* The pause before attempt ${tries}: doubling from 5 minutes to 4 hours. */
static uint64_t backoff(struct gen *g, uint32_t tries)
{
    uint64_t wait = tries > 6 ? 4 * HOUR : 5 * MINUTE << (tries - 1);

    return wait + wait / 1000 * below(g, 250);
}

/* After a round over the recipients: done, again later, or given up. */
static uint64_t settle(struct gen *g, struct job *j)
{
    uint32_t tries = 0;

    for (uint32_t i = 0; i < j->n_rcpt; i++) {
        if (!j->rcpt[i].done && j->rcpt[i].tries > tries) {
            tries = j->rcpt[i].tries;
        }
    }
    if (tries == 0) {
        j->next = j->bounced && j->from.present ? notify : finish;
        return pause_ms(g, 1, 10);
    }
    if (g->now - j->born > QUEUE_LIFETIME) {
        j->next = expire;
        return pause_ms(g, 1, 10);
    }
    j->next = make_active;
    return backoff(g, tries);
}

static uint64_t expire(struct gen *g, struct job *j)
{
    say(g, j, QMGR, T_EXPIRED,
        "%q: from=<%s>, status=expired, returned to sender");
    j->next = j->from.present ? notify : finish;
    return pause_ms(g, 1, 20);
}

/* Send the bounce: a new mail from <> to the sender. */
static uint64_t notify(struct gen *g, struct job *j)
{
    struct job *dsn = job_new(g, g->now + pause_ms(g, 5, 20), make_active);

    dsn->host = j->host;
    assign_qid(g, dsn);
    if (j->from.ours) {
        dsn->n_rcpt = 1;
        dsn->rcpt[0] = (struct rcpt){.to = j->from, .fate = SENT};
    } else {
        add_world_rcpt(g, dsn, j->from);
    }
    begin_postfix(g, dsn, CLEANUP, pick_pid(g, j->host, CLEANUP));
    put_fmt(g, dsn, "%q: message-id=<20%9%5.%q@%o>");
    end_line(g, T_NONE);
    begin_postfix(g, j, BOUNCED, pick_pid(g, j->host, BOUNCED));
    put_fmt(g, j, "%q: sender non-delivery notification: ");
    put_str(g, dsn->qid);
    end_line(g, T_NONE);
    heap_push(g, dsn);
    j->next = finish;
    return pause_ms(g, 25, 40);
}

static uint64_t finish(struct gen *g, struct job *j)
{
    say(g, j, QMGR, T_NONE, "%q: removed");
    j->next = NULL;
    return 0;
}
