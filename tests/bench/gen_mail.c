/* SPDX-License-Identifier: MIT */
/*
 * gen_mail.c - who writes to whom, and how mail enters the queue.
 */
#include "gen.h"

struct address pick_world(struct gen *g)
{
    struct address a = {.user = (uint32_t)random_bits(g), .present = true};

    if (g->opt.hostile) {
        a.domain = ++g->serial;
    } else if (chance(g, 520)) {
        uint32_t x = below(g, 1000);

        while (x >= head_domains[a.domain].weight) {
            x -= head_domains[a.domain].weight;
            a.domain++;
        }
    } else {
        a.domain = COUNT(head_domains) + pick_zipf(g, g->tail, N_TAIL);
    }
    return a;
}

struct address pick_ours(struct gen *g)
{
    struct address a = {.ours = true, .present = true};

    a.domain = pick_zipf(g, g->senders, N_SENDERS);
    a.user = below(g, 4000) * 8 + 1 + below(g, 7);
    return a;
}

const struct failure_row *pick_failure(
    struct gen *g, enum provider provider, enum failure_action action)
{
    uint32_t sum = 0, x;

    for (size_t i = 0; i < COUNT(failure_rows); i++) {
        const struct failure_row *row = &failure_rows[i];

        if (row->action == action && (row->who & ONLY(provider)) != 0) {
            sum += row->weight;
        }
    }
    x = below(g, sum);
    for (size_t i = 0;; i++) {
        const struct failure_row *row = &failure_rows[i];

        if (row->action != action || (row->who & ONLY(provider)) == 0) {
            continue;
        }
        if (x < row->weight) {
            return row;
        }
        x -= row->weight;
    }
}

/* Decide what becomes of one recipient in the world. */
void add_world_rcpt(struct gen *g, struct job *j, struct address to)
{
    struct rcpt *r = &j->rcpt[j->n_rcpt++];
    enum provider provider = provider_of(g, &to);
    uint32_t x = below(g, 1000);

    r->to = to;
    if (x < 944) {
        r->fate = SENT;
    } else if (x < 975) {
        r->fate = BOUNCES;
        r->failure = pick_failure(g, provider, BOUNCE);
    } else {
        r->fate = x < 993 ? LATER_SENT : x < 996 ? LATER_BOUNCES : EXPIRES;
        r->failure = pick_failure(g, provider, DEFER);
        r->defers = 1 + (chance(g, 450) ? below(g, 4) : 0);
    }
}

void add_our_rcpt(struct gen *g, struct job *j)
{
    struct rcpt *r = &j->rcpt[j->n_rcpt++];

    r->to = pick_ours(g);
    r->fate = chance(g, 8) ? BOUNCES : SENT;
}

void add_rcpts(struct gen *g, struct job *j)
{
    uint32_t n = chance(g, 930) ? 1 : 2 + below(g, MAX_RCPT - 1);

    for (uint32_t i = 0; i < n; i++) {
        add_world_rcpt(g, j, pick_world(g));
    }
}

static step_fn start_tls, take_client, take_message_id, check_content;

/* After "connect from": what this job does in its session. */
static step_fn *session_step(const struct job *j)
{
    return j->rejected ? refuse : take_client;
}

uint64_t greet_client(struct gen *g, struct job *j)
{
    j->smtpd_pid = pick_pid(g, j->host, j->entrance);
    j->in_session = true;
    if (j->client == BOT && j->seed % 4 == 0) {
        say_smtpd(g, j, T_NONE,
            "warning: hostname %g.isp.example does not resolve to "
            "address %a: Name or service not known");
    }
    say_smtpd(g, j, T_NONE, "connect from %c");
    j->next = j->tls && chance(g, 250) ? start_tls : session_step(j);
    return pause_ms(g, 10, 900);
}

static uint64_t start_tls(struct gen *g, struct job *j)
{
    static const char *const forms[] = {
        "Anonymous TLS connection established from %c: TLSv1.3 with cipher "
        "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
        "server-signature RSA-PSS (2048 bits) server-digest SHA256",
        "Anonymous TLS connection established from %c: TLSv1.2 with cipher "
        "ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)",
    };

    say_smtpd(g, j, T_NONE, forms[j->seed % COUNT(forms)]);
    j->next = session_step(j);
    return pause_ms(g, 20, 400);
}

static uint64_t take_client(struct gen *g, struct job *j)
{
    j->born = g->now;
    assign_qid(g, j);
    say_smtpd(g, j, j->client == SERVER ? T_ACCEPTED : T_NONE,
        j->entrance == SUBMISSION
            ? "%q: client=%c, sasl_method=PLAIN, sasl_username=%s"
            : "%q: client=%c");
    j->next = take_message_id;
    return pause_ms(g, 5, 300);
}

uint64_t pick_up(struct gen *g, struct job *j)
{
    j->born = g->now;
    assign_qid(g, j);
    say(g, j, PICKUP, T_NONE, "%q: uid=33 from=<%s>");
    j->next = take_message_id;
    return pause_ms(g, 1, 40);
}

static uint64_t take_message_id(struct gen *g, struct job *j)
{
    say(g, j, CLEANUP, T_NONE, "%q: message-id=%M");
    j->next = j->client == SERVER && !g->opt.hostile && chance(g, 12)
                  ? check_content
                  : make_active;
    return pause_ms(g, 3, 250);
}

static uint64_t check_content(struct gen *g, struct job *j)
{
    say(g, j, CLEANUP, T_REJECTED_5XX,
        "%q: milter-reject: END-OF-MESSAGE from %c: 5.7.1 Spam message "
        "rejected; from=<%s> to=<%r> proto=ESMTP helo=<%g>");
    j->n_rcpt = 0;
    j->next = hang_up;
    return pause_ms(g, 50, 900);
}

uint64_t make_active(struct gen *g, struct job *j)
{
    uint64_t size = 700 + mix(j->seed) % 30000;

    begin_postfix(g, j, QMGR, pick_pid(g, j->host, QMGR));
    put_fmt(g, j, "%q: from=<%s>, size=");
    put_number(g, j->seed % 10 == 0 ? size * 20 : size);
    put_str(g, ", nrcpt=");
    put_number(g, j->n_rcpt);
    put_str(g, " (queue active)");
    end_line(g, T_NONE);
    j->current = 0;
    j->next = j->in_session ? hang_up : dial;
    return pause_ms(g, 5, 120);
}

uint64_t hang_up(struct gen *g, struct job *j)
{
    uint32_t fine =
        3u + (j->tls ? 2u : 0u) + (j->entrance == SUBMISSION ? 1u : 0u);
    uint32_t rcpts = j->rejected || j->n_rcpt == 0 ? 1 : j->n_rcpt;

    begin_postfix(g, j, j->entrance, j->smtpd_pid);
    put_fmt(g, j, "disconnect from %c");
    put_str(g, j->tls ? " ehlo=2 starttls=1" : " ehlo=1");
    put_str(g, j->entrance == SUBMISSION ? " auth=1 mail=1" : " mail=1");
    put_str(g, j->rejected ? " rcpt=0/" : " rcpt=");
    put_number(g, rcpts);
    if (j->rejected) {
        put_str(g, " quit=1 commands=");
        put_number(g, fine);
        put_char(g, '/');
        put_number(g, fine + 1);
    } else if (j->n_rcpt == 0) {
        put_str(g, " data=0/1 quit=1 commands=");
        put_number(g, fine + 1);
        put_char(g, '/');
        put_number(g, fine + 2);
    } else {
        put_str(g, " data=1 quit=1 commands=");
        put_number(g, fine + rcpts + 1);
    }
    end_line(g, T_NONE);
    j->in_session = false;
    j->next = j->n_rcpt > 0 && !j->rejected ? dial : NULL;
    return pause_ms(g, 2, 200);
}
