/* SPDX-License-Identifier: MIT */
/*
 * gen.h - what the parts of the log generator share.
 *
 * generate.c starts jobs and drives the clock; gen_mail.c, gen_delivery.c,
 * gen_abuse.c and gen_exim.c are the steps of jobs; gen_lines.c runs jobs and
 * writes lines; gen_names.c and gen_text.c are what a line is made of;
 * replies.h is wording.
 */
#ifndef BENCH_GEN_H
#define BENCH_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replies.h"

enum {
    MAX_RCPT = 6,
    N_TAIL = 50000,      /* recipient domains besides the head */
    N_SENDERS = 300,     /* domains we send for */
    PID_SLOTS = 32,      /* processes of one service at one time */
    LINE_MAX_LEN = 2300, /* Postfix itself stops at 2000 bytes of message */
    OUT_SIZE = 1 << 20,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define QUEUE_LIFETIME (24 * HOUR)

/* What a line counts as; the names are those that --truth prints. */
enum truth {
    T_NONE,
    T_DELIVERED,
    T_DEFERRED,
    T_SUSPENDED,
    T_BOUNCED,
    T_EXPIRED,
    T_NONFINAL,
    T_FILTERED,
    T_LOCAL_DELIVERED,
    T_LOCAL_BOUNCED,
    T_ACCEPTED,
    T_REJECTED_4XX,
    T_REJECTED_5XX,
    T_COUNT
};

enum service {
    SMTPD,
    SUBMISSION,
    CLEANUP,
    QMGR,
    PICKUP,
    SMTP,
    FILTER,
    LMTP,
    LOCAL,
    ERROR,
    BOUNCED,
    POSTSCREEN,
    N_SERVICES
};

enum { N_HOSTS = 3, OUT_HOST = 2 };

struct host {
    const char *name;
    const char *fqdn;
    const char *address;
    bool long_ids;
};
extern const struct host hosts[N_HOSTS];

struct address {
    uint64_t domain; /* number of the domain; says nothing if !present */
    uint32_t user;
    bool ours; /* one of the domains we send for, not of the world */
    bool present;
};

enum fate { SENT, BOUNCES, LATER_SENT, LATER_BOUNCES, EXPIRES, FILTER_HOP };

struct rcpt {
    struct address to;
    const struct failure_row *failure;
    enum fate fate;
    uint32_t tries;
    uint32_t defers; /* deferrals still to come */
    bool done;
};

enum client_kind { NO_CLIENT, APP, USER, SERVER, BOT, MONITOR, FILTER_CLIENT };

struct gen;
struct job;

/* Write one line, set job->next (NULL ends the job), return the pause. */
typedef uint64_t step_fn(struct gen *g, struct job *j);

struct job {
    uint64_t when;
    uint64_t born;
    step_fn *next;
    uint64_t seed; /* of the message-id, size and client */
    char qid[20];
    uint32_t host;
    uint32_t smtpd_pid;
    uint32_t smtp_pid;
    enum service entrance;
    enum client_kind client;
    struct address from;
    uint32_t n_rcpt;
    uint32_t current;
    bool in_session;
    bool tls;
    bool bounced;
    bool rejected;
    struct rcpt rcpt[MAX_RCPT];
};

/* Which log: Postfix's syslog; that of a central syslog, where other programs
 * write most of the lines; Exim's main log. */
enum kind { KIND_POSTFIX, KIND_MIXED, KIND_EXIM };

struct options {
    enum kind kind;
    uint64_t lines;
    uint64_t seed;
    int64_t first_day; /* days since 1970-01-01 */
    uint32_t days;
    bool hostile;
    bool truth;
};

struct gen {
    struct options opt;
    uint64_t rng;
    uint64_t now;    /* microseconds since first_day */
    uint64_t serial; /* of everything that must be new in --hostile */
    uint64_t lines;
    uint64_t bytes;
    uint64_t jobs;
    uint64_t n_hours;
    uint64_t weight;      /* of all hours */
    uint64_t weight_done; /* of the hours so far */
    uint64_t counts[T_COUNT];
    bool failed; /* writing failed; the run ends */
    struct job **heap;
    size_t n_heap;
    size_t heap_size;
    uint64_t stamp_second;
    char stamp[16];
    uint32_t pids[N_HOSTS][N_SERVICES][PID_SLOTS];
    double tail[N_TAIL];
    double senders[N_SENDERS];
    char *line; /* start of the line in ${out} */
    char *at;
    char out[OUT_SIZE + LINE_MAX_LEN];
};

/* ---- gen_text.c ---- */

extern const char hex_upper[], hex_lower[], base36[], letters[], base52[];

/* A good hash of ${x}. */
uint64_t mix(uint64_t x);
/* The next 64 bits of the stream; a number in [0, ${n}); a yes or no. */
uint64_t random_bits(struct gen *g);
uint32_t below(struct gen *g, uint32_t n);
bool chance(struct gen *g, uint32_t per_mille);
/* Microseconds, between ${low} and ${high} milliseconds. */
uint64_t pause_ms(struct gen *g, uint32_t low, uint32_t high);
/* Running sums of 1 / (i + ${offset}), and a draw from ${n} of them. */
void fill_zipf(double *sums, size_t n, double offset);
uint32_t pick_zipf(struct gen *g, const double *sums, uint32_t n);

void put_char(struct gen *g, char c);
void put_str(struct gen *g, const char *s);
void put_number(struct gen *g, uint64_t n);
/* ${len} digits of ${n} in base ${base}, written with ${alphabet}. */
void put_base(
    struct gen *g, const char *alphabet, uint32_t base, uint64_t n, size_t len);
/* The time now: "Jun  1 00:00:00", "2026-06-01T00:00:00.000Z". */
void put_stamp(struct gen *g);
void put_iso_time(struct gen *g);
uint64_t epoch_seconds(const struct gen *g);
int64_t days_of_date(int64_t year, int64_t month, int64_t day);
/* An address of a remote machine, a word: both depend on ${hash} alone. */
void put_remote_ip(struct gen *g, uint64_t hash, bool allow_ipv6);
void put_word(struct gen *g, uint64_t hash);

/* ---- gen_names.c ---- */

void put_domain(struct gen *g, const struct address *a);
enum provider provider_of(const struct gen *g, const struct address *a);
/* Expand the template ${fmt}; put_letter() there lists the %-letters. */
void put_fmt(struct gen *g, const struct job *j, const char *fmt);
/* ${n} random words and one that is new in the whole run (--hostile). */
void put_hostile_words(struct gen *g, uint32_t n);

/* ---- gen_lines.c ---- */

/* Are there enough lines, or did writing fail? */
bool is_full(const struct gen *g);
void flush_out(struct gen *g);
/* A line from stamp to host; then put_...(); then end_line() counts it. */
void begin_line(struct gen *g, const struct job *j);
void end_line(struct gen *g, enum truth truth);
/* The same, from stamp to "postfix/service[pid]: ". */
void begin_postfix(
    struct gen *g, const struct job *j, enum service service, uint32_t pid);
uint32_t pick_pid(struct gen *g, uint32_t host, enum service service);
/* One whole line: of ${service}, of the smtpd that serves the session. */
void say(struct gen *g, const struct job *j, enum service service,
    enum truth truth, const char *fmt);
void say_smtpd(
    struct gen *g, const struct job *j, enum truth truth, const char *fmt);
/* Return ${p}, or end the program if it is NULL. */
void *need_memory(void *p);
/* A job that starts at ${when} with ${first}; heap_push() takes it over. */
struct job *job_new(struct gen *g, uint64_t when, step_fn *first);
void heap_push(struct gen *g, struct job *j);
/* Run every job that is due before ${end}; ended jobs are freed. */
void run_jobs(struct gen *g, uint64_t end);
/* Free what is still waiting when the lines are complete. */
void free_jobs(struct gen *g);
/* Give the job a queue ID, made from the time and an inode. */
void assign_qid(struct gen *g, struct job *j);

/* ---- gen_mail.c ---- */

struct address pick_world(struct gen *g);
struct address pick_ours(struct gen *g);
const struct failure_row *pick_failure(
    struct gen *g, enum provider provider, enum failure_action action);
/* Add recipients and decide their fate. */
void add_world_rcpt(struct gen *g, struct job *j, struct address to);
void add_our_rcpt(struct gen *g, struct job *j);
void add_rcpts(struct gen *g, struct job *j);
step_fn greet_client, pick_up, make_active, hang_up;

/* ---- gen_delivery.c ---- */

step_fn dial;

/* ---- gen_abuse.c ---- */

step_fn refuse, probe, greet_guesser, check_health, make_noise;

/* ---- gen_exim.c ---- */

/* A mail, whose sender and recipients are decided, in Exim's main log. */
step_fn arrive_exim;

#endif
