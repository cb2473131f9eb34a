/* SPDX-License-Identifier: MIT */
/*
 * replies.h - what the servers of the generated log say: tables, no code.
 *
 * Every text is a template that generate.c's put_fmt() expands; its comment
 * lists the %-letters.  A row with weight 0 is never written.
 */
#ifndef BENCH_REPLIES_H
#define BENCH_REPLIES_H

#include <stdint.h>

/* Whose servers answer: decides relay names and the wording of replies. */
enum provider {
    P_SELF,
    P_GOOGLE,
    P_MICROSOFT,
    P_YAHOO,
    P_APPLE,
    P_GMX,
    P_COMCAST,
    P_ORANGE,
    P_TONLINE,
    P_PROOFPOINT,
    P_MIMECAST,
    P_COUNT
};

#define ONLY(p) (1u << (p))
#define ANYONE 0xffffffffu

/* Relay names: of a provider's own domains, and of domains it hosts. */
struct provider_names {
    const char *own;
    const char *hosted;
};

static const struct provider_names provider_names[P_COUNT] = {
    [P_SELF] = {"mx.%d", "mx%v.%d"},
    [P_GOOGLE] = {"gmail-smtp-in.l.google.com", "aspmx.l.google.com"},
    [P_MICROSOFT] = {"%D.olc.protection.outlook.com",
        "%D.mail.protection.outlook.com"},
    [P_YAHOO] = {"mta%v.am0.yahoodns.net", "mta%v.am0.yahoodns.net"},
    [P_APPLE] = {"mx0%v.mail.icloud.com", "mx0%v.mail.icloud.com"},
    [P_GMX] = {"mx0%v.emig.gmx.net", "mx0%v.kundenserver.de"},
    [P_COMCAST] = {"mx%va1.comcast.net", "mx%va1.comcast.net"},
    [P_ORANGE] = {"smtp-in.orange.fr", "smtp-in.orange.fr"},
    [P_TONLINE] = {"mx0%v.t-online.de", "mx0%v.t-online.de"},
    [P_PROOFPOINT] = {"mx0a-00%V01.pphosted.com", "mx0a-00%V01.pphosted.com"},
    [P_MIMECAST] = {"eu-smtp-inbound-%v.mimecast.com",
        "eu-smtp-inbound-%v.mimecast.com"},
};

/*
 * The head of the recipient domains; the tail is made up by number.  All of
 * them are under .example, so that no line names anybody's mailbox.
 */
struct head_domain {
    const char *name;
    enum provider provider;
    uint32_t weight;
};

static const struct head_domain head_domains[] = {
    {"gmail.example", P_GOOGLE, 430},
    {"outlook.example", P_MICROSOFT, 60},
    {"hotmail.example", P_MICROSOFT, 70},
    {"yahoo.example", P_YAHOO, 110},
    {"icloud.example", P_APPLE, 50},
    {"gmx.example", P_GMX, 50},
    {"web.example", P_GMX, 45},
    {"comcast.example", P_COMCAST, 30},
    {"orange.example", P_ORANGE, 28},
    {"t-online.example", P_TONLINE, 40},
    {"live.example", P_MICROSOFT, 24},
    {"aol.example", P_YAHOO, 20},
    {"ymail.example", P_YAHOO, 8},
    {"googlemail.example", P_GOOGLE, 14},
    {"me.example", P_APPLE, 9},
    {"gmx-net.example", P_GMX, 12},
};

/* Replies of success, "status=sent (...)". */
struct sent_row {
    uint32_t who;
    const char *text;
};

static const struct sent_row sent_rows[] = {
    {ONLY(P_GOOGLE), "250 2.0.0 OK  %u %t-%t.%3 - gsmtp"},
    {ONLY(P_MICROSOFT), "250 2.6.0 %M [InternalId=%9, "
                        "Hostname=%H.prod.outlook.com] %5 bytes in "
                        "0.%3, %2.%3 KB/sec Queued mail for delivery"},
    {ONLY(P_YAHOO), "250 ok dirdel"},
    {ONLY(P_APPLE), "250 2.0.0 Ok: queued as %Q"},
    {ONLY(P_GMX), "250 Requested mail action okay, completed: id=1%t-%t"},
    {ONLY(P_COMCAST), "250 2.0.0 %t %t mail accepted for delivery"},
    {ONLY(P_ORANGE), "250 2.0.0 %t mail accepted for delivery"},
    {ONLY(P_TONLINE), "250 2.0.0 Message accepted. %t"},
    {ONLY(P_PROOFPOINT), "250 2.0.0 %t-1 Message accepted for delivery"},
    {ONLY(P_MIMECAST), "250 SmtpThread-%7-%9@uk-mta-%3.uk.mimecast.lan "
                       "Received OK [%t.uk%3]"},
    {ONLY(P_SELF), "250 2.0.0 Ok: queued as %Q"},
    {ONLY(P_SELF), "250 2.0.0 Ok: queued as %Q"},
    {ONLY(P_SELF), "250 OK id=1%t-000%4-%2"},
    {ONLY(P_SELF), "250 2.0.0 4%t Message accepted for delivery"},
    {ONLY(P_SELF), "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): "
                   "250 2.0.0 Ok: queued as %Q"},
    {ONLY(P_SELF), "250 ok %u qp %5"},
};

/* Failures: what ends at once (BOUNCE) and what is tried again (DEFER). */
enum failure_action { BOUNCE, DEFER };

/* Was a relay reached?  Decides relay= and the lines logged before. */
enum reach { REACHED, UNREACHED, NO_RELAY };

struct failure_row {
    uint32_t weight;
    uint32_t who;
    enum failure_action action;
    enum reach reach;
    const char *dsn;
    const char *text;
};

#define SAID(reply, command)                                                   \
    "host %h[%p] said: " reply " (in reply to " command " command)"
#define RCPT_SAID(reply) SAID(reply, "RCPT TO")
#define MAIL_SAID(reply) SAID(reply, "MAIL FROM")
#define BODY_SAID(reply) SAID(reply, "end of DATA")
#define REFUSED(reply) "host %h[%p] refused to talk to me: " reply
#define LOST(stage) "lost connection with %h[%p] while " stage
#define SLOW(stage) "conversation with %h[%p] timed out while " stage
#define DNS_FAIL(what)                                                         \
    "Host or domain name not found. Name service error for name=%d " what

static const struct failure_row failure_rows[] = {
    /* Refused for good. */
    {30, ONLY(P_GOOGLE), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID(
            "550-5.1.1 The email account that you tried to reach does not "
            "exist. Please try 550-5.1.1 double-checking the recipient's "
            "email address for typos or 550-5.1.1 unnecessary spaces. For "
            "more information, go to 550 5.1.1  "
            "https://support.google.com/mail/?p=NoSuchUser %t-%t.%3 - "
            "gsmtp")},
    {6, ONLY(P_GOOGLE), BOUNCE, REACHED, "5.7.26",
        BODY_SAID(
            "550-5.7.26 Your email has been blocked because the sender is "
            "unauthenticated. 550-5.7.26 Gmail requires all senders to "
            "authenticate with either SPF or DKIM. 550-5.7.26  550-5.7.26  "
            "Authentication results: 550-5.7.26  DKIM = did not pass "
            "550-5.7.26  SPF [%S] with ip: [%i] = did not pass 550-5.7.26  "
            "550 5.7.26 https://support.google.com/mail/answer/81126"
            "#authentication %t-%t.%3 - gsmtp")},
    {5, ONLY(P_GOOGLE), BOUNCE, REACHED, "5.7.1",
        BODY_SAID(
            "550-5.7.1 [%i      19] Gmail has detected that this message "
            "is likely 550-5.7.1 suspicious due to the very low reputation "
            "of the sending domain. To best 550-5.7.1 protect our users "
            "from spam, the message has been blocked. Please 550-5.7.1 "
            "visit 550 5.7.1  https://support.google.com/mail/answer/188131 "
            "for more information. %t-%t.%3 - gsmtp")},
    {28, ONLY(P_MICROSOFT), BOUNCE, REACHED, "5.5.0",
        RCPT_SAID(
            "550 5.5.0 Requested action not taken: mailbox unavailable "
            "(S2017062302). [%H.eop-EUR0%1.prod.protection.outlook.com %z "
            "08D%X%X]")},
    {16, ONLY(P_MICROSOFT), BOUNCE, REACHED, "5.4.1",
        RCPT_SAID(
            "550 5.4.1 Recipient address rejected: Access denied. For more "
            "information see https://aka.ms/EXOSmtpErrors "
            "[%H.eop-EUR0%1.prod.protection.outlook.com %z 08D%X%X]")},
    {7, ONLY(P_MICROSOFT), BOUNCE, REACHED, "5.7.1",
        MAIL_SAID(
            "550 5.7.1 Unfortunately, messages from [%i] weren't sent. "
            "Please contact your Internet service provider since part of "
            "their network is on our block list (S3140). You can also refer "
            "your provider to http://mail.live.com/mail/troubleshooting.aspx"
            "#errors. [%H.eop-EUR0%1.prod.protection.outlook.com %z "
            "08D%X%X]")},
    {4, ONLY(P_MICROSOFT), BOUNCE, REACHED, "5.7.511",
        RCPT_SAID("550 5.7.511 Access denied, banned sender[%i]. To request "
                  "removal from this list please forward this message to "
                  "delist@microsoft.com. For more information please go to "
                  "http://go.microsoft.com/fwlink/?LinkId=526653. AS(1410) "
                  "[%H.eop-EUR0%1.prod.protection.outlook.com %z 08D%X%X]")},
    {20, ONLY(P_YAHOO), BOUNCE, REACHED, "5.0.0",
        BODY_SAID("554 delivery error: dd This user doesn't have a yahoo.com "
                  "account (%r) [0] - mta%4.mail.bf1.yahoo.com")},
    {4, ONLY(P_YAHOO), BOUNCE, REACHED, "5.7.9",
        BODY_SAID("554 5.7.9 Message not accepted for policy reasons. See "
                  "https://senders.yahooinc.com/smtp-error-codes")},
    {14, ONLY(P_APPLE), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID("550 5.1.1 <%r>: user does not exist")},
    {5, ONLY(P_APPLE), BOUNCE, REACHED, "5.7.1",
        BODY_SAID(
            "554 5.7.1 [CS01] Message rejected due to local policy. Please "
            "visit https://support.apple.com/en-us/HT204137")},
    {14, ONLY(P_GMX), BOUNCE, REACHED, "5.0.0",
        RCPT_SAID("550 Requested action not taken: mailbox unavailable 550 For "
                  "explanation visit https://postmaster.gmx.net/en/case?c=rcpt"
                  "&i=ip&v=%i&r=1%t")},
    {10, ONLY(P_COMCAST), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID("550 5.1.1 Not our Customer %t %t")},
    {10, ONLY(P_ORANGE), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID(
            "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid "
            "recipient. OFR_416 [416]")},
    {10, ONLY(P_TONLINE), BOUNCE, REACHED, "5.0.0",
        RCPT_SAID("550 user unknown (%r)")},
    {10, ONLY(P_PROOFPOINT), BOUNCE, REACHED, "5.7.0",
        BODY_SAID("554 5.7.0 Blocked - see https://ipcheck.proofpoint.com/"
                  "?ip=%i")},
    {8, ONLY(P_MIMECAST), BOUNCE, REACHED, "5.0.0",
        RCPT_SAID("550 Invalid Recipient - https://community.mimecast.com/docs/"
                  "DOC-1369#550 [%t.uk%3]")},
    {40, ONLY(P_SELF), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID("550 5.1.1 <%r>: Recipient address rejected: User unknown in "
                  "virtual mailbox table")},
    {16, ONLY(P_SELF), BOUNCE, REACHED, "5.1.1",
        RCPT_SAID("550 5.1.1 <%r>... User unknown")},
    {12, ONLY(P_SELF), BOUNCE, REACHED, "5.0.0",
        RCPT_SAID("550 Unrouteable address")},
    {9, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        RCPT_SAID(
            "554 5.7.1 Service unavailable; Client host [%i] blocked using "
            "zen.spamhaus.org; https://www.spamhaus.org/query/ip/%i")},
    {5, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        RCPT_SAID(
            "554 5.7.1 Service unavailable; Client host [%i] blocked using "
            "bl.spamcop.net; Blocked - see "
            "https://www.spamcop.net/bl.shtml?%i")},
    {3, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        RCPT_SAID(
            "554 5.7.1 Service unavailable; Client host [%i] blocked using "
            "zen.spamhaus.org; Error: open resolver; "
            "https://www.spamhaus.org/returnc/pub/198.18.%2.%2")},
    {4, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        RCPT_SAID("550 5.7.1 Service unavailable; client [%i] blocked using "
                  "Barracuda Reputation, http://www.barracudanetworks.com/"
                  "reputation/?r=1&ip=%i")},
    {6, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        RCPT_SAID("554 5.7.1 <%r>: Relay access denied")},
    {6, ANYONE, BOUNCE, REACHED, "5.2.2",
        RCPT_SAID("552 5.2.2 <%r>: Mailbox full, quota exceeded (%9 bytes)")},
    {4, ONLY(P_SELF), BOUNCE, REACHED, "5.3.4",
        MAIL_SAID(
            "552 5.3.4 Message size exceeds fixed limit (%8 > 10485760)")},
    {8, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        BODY_SAID("550 5.7.1 This message was classified as SPAM (score %2.%1, "
                  "id %x%x)")},
    {3, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        BODY_SAID("554 5.7.1 Your message was rejected: infected by "
                  "Win.Trojan.Agent-%7 (ref %t)")},
    {4, ONLY(P_SELF), BOUNCE, REACHED, "5.7.1",
        BODY_SAID("550 5.7.1 rejected by DMARC policy for %S, see "
                  "https://dmarc.example/why?id=%x")},
    {4, ONLY(P_SELF), BOUNCE, REACHED, "5.2.1",
        RCPT_SAID("550 5.2.1 The mailbox of %r is disabled (ticket %7)")},
    {14, ONLY(P_SELF), BOUNCE, NO_RELAY, "5.4.4",
        DNS_FAIL("type=AAAA: Host not found")},
    {3, ONLY(P_SELF), BOUNCE, NO_RELAY, "5.1.0",
        "Domain %d does not accept mail (nullMX)"},
    {3, ONLY(P_SELF), BOUNCE, NO_RELAY, "5.4.6",
        "mail for %d loops back to "
        "myself"},
    /* Tried again. */
    {20, ONLY(P_GOOGLE), DEFER, REACHED, "4.7.28",
        BODY_SAID(
            "421-4.7.28 Gmail has detected an unusual rate of unsolicited "
            "mail originating 421-4.7.28 from your IP address. To protect "
            "our users from spam, mail sent 421-4.7.28 from your IP address "
            "has been temporarily rate limited. Please visit 421 4.7.28 "
            "https://support.google.com/mail/?p=UnsolicitedRateLimitError "
            "to review our Bulk Email Senders Guidelines. %t-%t.%3 - "
            "gsmtp")},
    {12, ONLY(P_GOOGLE), DEFER, REACHED, "4.2.2",
        RCPT_SAID("452-4.2.2 The recipient's inbox is out of storage space. "
                  "Please direct the 452-4.2.2 recipient to 452 4.2.2  "
                  "https://support.google.com/mail/?p=OverQuotaTemp %t-%t.%3 - "
                  "gsmtp")},
    {16, ONLY(P_MICROSOFT), DEFER, REACHED, "4.7.500",
        MAIL_SAID("451 4.7.500 Server busy. Please try again later from [%i]. "
                  "(S77719) [%H.eop-EUR0%1.prod.protection.outlook.com %z "
                  "08D%X%X]")},
    {8, ONLY(P_MICROSOFT), DEFER, REACHED, "4.7.650",
        RCPT_SAID(
            "451 4.7.650 The mail server [%i] has been temporarily rate "
            "limited due to IP reputation. For e-mail delivery information, "
            "see https://postmaster.live.com (S775) "
            "[%H.eop-EUR0%1.prod.protection.outlook.com]")},
    {24, ONLY(P_YAHOO), DEFER, REACHED, "4.7.0",
        MAIL_SAID("421 4.7.0 [TSS04] Messages from %i temporarily deferred due "
                  "to unexpected volume or user complaints - 4.16.55.1; see "
                  "https://postmaster.yahooinc.com/error-codes")},
    {14, ONLY(P_APPLE), DEFER, REACHED, "4.2.2",
        RCPT_SAID("452 4.2.2 <%r>: user is over quota")},
    {16, ONLY(P_GMX), DEFER, REACHED, "4.0.0",
        REFUSED(
            "554-gmx.net (mxgmx%3) Nemesis ESMTP Service not available 554-No "
            "SMTP service 554-IP address is temporarily blocked 554 For "
            "explanation visit https://postmaster.gmx.net/en/case?c=block"
            "&i=ip&v=%i&r=1%t")},
    {12, ONLY(P_COMCAST), DEFER, REACHED, "4.0.0",
        REFUSED(
            "554 resimta-po-%2.sys.comcast.net comcast %i Comcast block for "
            "spam. Please see http://postmaster.comcast.net/"
            "smtp-error-codes.php#BL000000")},
    {12, ONLY(P_ORANGE), DEFER, REACHED, "4.0.0",
        REFUSED("421 mwinf5c%2 ME Trop de connexions, veuillez verifier votre "
                "configuration. Too many connections, slow down. OFR004_104 "
                "[104]")},
    {12, ONLY(P_TONLINE), DEFER, REACHED, "4.0.0",
        REFUSED(
            "554 IP=%i - A problem occurred. Ask your postmaster for help or "
            "to contact tobr@rx.t-online.de to clarify. (BL)")},
    {12, ONLY(P_PROOFPOINT), DEFER, REACHED, "4.3.2",
        REFUSED(
            "452 4.3.2 Too many concurrent SMTP connections; please try again "
            "later (%i)")},
    {12, ONLY(P_MIMECAST), DEFER, REACHED, "4.0.0",
        MAIL_SAID(
            "451 Internal resource temporarily unavailable - "
            "https://community.mimecast.com/docs/DOC-1369#451 [%t.uk%3]")},
    {30, ONLY(P_SELF), DEFER, REACHED, "4.2.0",
        RCPT_SAID("450 4.2.0 <%r>: Recipient address rejected: Greylisted, see "
                  "http://postgrey.schweikert.ch/help/%d.html")},
    {16, ONLY(P_SELF), DEFER, REACHED, "4.7.1",
        RCPT_SAID("451 4.7.1 Greylisting in action, please come back in "
                  "00:0%1:%2")},
    {14, ONLY(P_SELF), DEFER, REACHED, "4.7.1",
        RCPT_SAID("450 4.7.1 Client host rejected: cannot find your reverse "
                  "hostname, [%i]")},
    {10, ONLY(P_SELF), DEFER, REACHED, "4.3.1",
        MAIL_SAID("452 4.3.1 Insufficient system storage")},
    {10, ONLY(P_SELF), DEFER, REACHED, "4.3.0",
        RCPT_SAID("451 4.3.0 <%r>: Temporary lookup failure")},
    {8, ONLY(P_SELF), DEFER, REACHED, "4.7.0",
        REFUSED("421 4.7.0 %h Error: too many connections from %i")},
    {6, ONLY(P_SELF), DEFER, REACHED, "4.3.2",
        MAIL_SAID("421 4.3.2 Load average too high (%2.%2), not accepting "
                  "messages")},
    {5, ONLY(P_SELF), DEFER, REACHED, "4.0.0",
        REFUSED("554 Your IP %i is Level 2 listed at UCEPROTECT-Network. See "
                "http://www.uceprotect.net/rblcheck.php?ipr=%i")},
    {22, ANYONE, DEFER, UNREACHED, "4.4.1",
        "connect to %h[%p]:25: Connection timed out"},
    {14, ONLY(P_SELF), DEFER, UNREACHED, "4.4.1",
        "connect to %h[%p]:25: Connection refused"},
    {6, ONLY(P_SELF), DEFER, UNREACHED, "4.4.1",
        "connect to %h[%p]:25: No route to host"},
    {10, ONLY(P_SELF), DEFER, NO_RELAY, "4.4.3",
        DNS_FAIL("type=MX: Host not found, try again")},
    {8, ANYONE, DEFER, REACHED, "4.4.2",
        LOST("receiving the initial server greeting")},
    {6, ANYONE, DEFER, REACHED, "4.4.2", LOST("sending RCPT TO")},
    {6, ANYONE, DEFER, REACHED, "4.4.2",
        SLOW("receiving the initial server greeting")},
    {4, ANYONE, DEFER, REACHED, "4.4.2",
        SLOW("sending end of data -- message may be sent more than once")},
    {4, ONLY(P_SELF), DEFER, REACHED, "4.7.5",
        "Cannot start TLS: handshake failure"},
    {3, ONLY(P_SELF), DEFER, REACHED, "4.7.5",
        "Server certificate not "
        "verified"},
};

/* What we refuse as a server: "NOQUEUE: reject: " and one of these. */
struct reject_row {
    uint32_t weight;
    int code;
    const char *text;
};

#define TAIL "; from=<%s> to=<%r> proto=ESMTP helo=<%g>"

static const struct reject_row reject_rows[] = {
    {34, 554,
        "RCPT from %c: 554 5.7.1 Service unavailable; Client host [%a] blocked "
        "using zen.spamhaus.org; https://www.spamhaus.org/query/ip/%a" TAIL},
    {10, 554,
        "RCPT from %c: 554 5.7.1 Service unavailable; Client host [%a] blocked "
        "using bl.spamcop.net; Blocked - see "
        "https://www.spamcop.net/bl.shtml?%a" TAIL},
    {16, 554, "RCPT from %c: 554 5.7.1 <%r>: Relay access denied" TAIL},
    {26, 550,
        "RCPT from %c: 550 5.1.1 <%r>: Recipient address rejected: User "
        "unknown "
        "in virtual mailbox table" TAIL},
    {20, 450,
        "RCPT from %c: 450 4.2.0 <%r>: Recipient address rejected: Greylisted, "
        "see http://postgrey.schweikert.ch/help/%d.html" TAIL},
    {12, 450,
        "RCPT from %c: 450 4.7.25 Client host rejected: cannot find your "
        "hostname, [%a]" TAIL},
    {8, 450,
        "RCPT from %c: 450 4.1.8 <%s>: Sender address rejected: Domain not "
        "found" TAIL},
    {6, 504,
        "RCPT from %c: 504 5.5.2 <WIN-%X%X>: Helo command rejected: need "
        "fully-qualified hostname" TAIL},
    {5, 550,
        "RCPT from %c: 550 5.7.23 <%r>: Recipient address rejected: Message "
        "rejected due to: SPF fail - not authorized. Please see "
        "http://www.openspf.net/Why?s=mfrom;id=%s;ip=%a;r=%o" TAIL},
    {4, 552,
        "MAIL from %c: 552 5.3.4 Message size exceeds fixed limit; proto=ESMTP "
        "helo=<%g>"},
    {4, 554,
        "CONNECT from %c: 554 5.7.1 <%c>: Client host rejected: Access denied; "
        "proto=SMTP"},
};

/* Lines of other programs that land in the same file: tag and text. */
struct noise_row {
    uint32_t weight;
    const char *tag;
    const char *text;
};

static const struct noise_row noise_rows[] = {
    {30, "dovecot",
        "imap-login: Login: user=<%s>, method=PLAIN, rip=%a, lip=%i, mpid=%6, "
        "TLS, session=<%t%t>"},
    {24, "dovecot",
        "imap(%s)<%6><%t%t>: Disconnected: Logged out in=%4 out=%5 "
        "deleted=0 expunged=0 trashed=0"},
    {10, "dovecot",
        "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): "
        "user=<%s>, "
        "method=PLAIN, rip=%a, lip=%i, TLS, session=<%t%t>"},
    {12, "sshd[%6]",
        "Failed password for invalid user %b from %a port 5%4 "
        "ssh2"},
    {6, "sshd[%6]", "Connection closed by %a port 5%4 [preauth]"},
    {8, "postfix/anvil[%6]",
        "statistics: max connection rate %1/60s for (smtp:%a) at %T"},
    {8, "postfix/anvil[%6]",
        "statistics: max connection count %1 for (smtp:%a) at %T"},
    {6, "postfix/anvil[%6]", "statistics: max cache size %1 at %T"},
    {3, "systemd[1]", "logrotate.service: Deactivated successfully."},
};

#endif
