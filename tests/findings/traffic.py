# SPDX-License-Identifier: MIT
"""Simulated mail traffic with known incidents, written as facts of a store.

What is imitated: two hosts and eight sender domains of ours; sixty recipient
domains from a large provider's to some that get a message a week; a daily and
a weekly pattern, growth, two holidays, a weekly newsletter; failures of a
dozen causes whose rates differ by domain and vary by the day and by the hour
(gamma distributed: counts are over-dispersed); inbound refusals in bursts.
"""
import math
import random
import sqlite3

HOUR, DAY = 3600, 86400
BEGIN = 1756684800  # Monday 2025-09-01
BY_HOUR = (3, 2, 2, 2, 2, 3, 5, 8, 11, 13, 13, 12, 10, 11, 12, 11, 10, 8, 6, 5, 5, 4, 4, 3)
BY_DAY = (1.05, 1.1, 1.1, 1.05, 0.95, 0.4, 0.35)
HOSTS = ("mx1.corp.example", "mx2.corp.example")
SENDERS = ("corp.example", "shop.example", "news.example", "blog.example", "brand1.example",
           "brand2.example", "brand3.example", "lists.example")
SENDER_WEIGHTS = (40, 20, 15, 8, 6, 5, 4, 2)
PROVIDERS = ("", "Google", "Microsoft", "Yahoo", "GMX")

# direction, cause, detail, reply code, enhanced code, template, usual rate
KINDS = (
    ("outbound", "bad_address", "unknown_user", 550, "5.1.1", "User unknown", 0.012),
    ("outbound", "mailbox", "full", 452, "4.2.2", "Mailbox full", 0.005),
    ("outbound", "server_overload", "greylist", 450, "4.2.0", "Greylisted", 0.012),
    ("outbound", "server_overload", "rate_limit", 421, "4.7.0", "Too many messages", 0.006),
    ("outbound", "network", "connect", 0, "", "Connection timed out", 0.006),
    ("outbound", "network", "lost", 0, "", "lost connection with * while *", 0.002),
    ("outbound", "dns", "host_not_found", 0, "", "Host not found", 0.003),
    ("outbound", "dns", "lookup_failure", 0, "", "Host not found, try again", 0.001),
    ("outbound", "spam_filter", "content", 554, "5.7.1", "Looks like spam", 0.002),
    ("outbound", "policy", "local_policy", 550, "5.7.1", "Refused by policy", 0.001),
    ("outbound", "authentication", "spf", 550, "5.7.23", "SPF check failed", 0.0005),
    ("outbound", "authentication", "tls", 0, "", "Cannot start TLS", 0.0005),
    ("outbound", "authentication", "smtp_auth", 535, "5.7.8", "Authentication failed", 0.0),
    ("outbound", "blacklisting", "reputation", 421, "4.7.0", "Low reputation", 0.0005),
    ("outbound", "blacklisting", "dnsbl", 554, "5.7.1", "Blocked using zen.example", 0.0),
    ("outbound", "server_overload", "resources", 0, "4.3.1", "Insufficient system storage", 0.0),
    ("inbound", "bad_address", "unknown_user", 550, "5.1.1", "No such user here", 0.1),
    ("inbound", "blacklisting", "dnsbl", 554, "5.7.1", "Client blocked using list", 0.2),
    ("inbound", "server_overload", "greylist", 450, "4.7.1", "Come back later", 0.1),
    ("inbound", "server_config", "relay_denied", 554, "5.7.1", "Relay access denied", 0.02),
)


class Chance(random.Random):
    def poisson(self, mean):
        if mean <= 0:
            return 0
        if mean > 60:
            return max(0, round(self.gauss(mean, math.sqrt(mean))))
        limit, n, product = math.exp(-mean), 0, self.random()
        while product > limit:
            n += 1
            product *= self.random()
        return n

    def wobble(self, shape):
        """A factor with mean 1 and variance 1/shape."""
        return self.gammavariate(shape, 1 / shape)


class Domain:
    def __init__(self, number, name, provider, volume, chance):
        self.number, self.name, self.provider, self.volume = number, name, provider, volume
        self.rates = [k[6] * chance.wobble(1.5) if k[0] == "outbound" else 0 for k in KINDS]


class Incident:
    """Failures of one kind beyond the usual, in one place, for some hours."""

    def __init__(self, name, kind, place, item, begin, hours, excess):
        self.name, self.kind, self.place, self.item = name, kind, place, item
        self.begin, self.hours, self.excess = begin, hours, excess
        self.injected, self.usual = 0, 0.0
        self.first = None  # hour of its first failure: no mail, no failure

    def touches(self, domain):
        return (self.place == "provider" and PROVIDERS[domain.provider] == self.item or
                self.place == "recipient_domain" and domain.name == self.item or
                self.place in ("everything", "host", "sender_domain"))

    def share(self):
        """Of a domain's mail that can be hit."""
        if self.place == "sender_domain":
            return SENDER_WEIGHTS[SENDERS.index(self.item)] / sum(SENDER_WEIGHTS)
        return 0.5 if self.place == "host" else 1.0


class Traffic:
    def __init__(self, seed, days=60):
        self.chance = Chance(seed)
        self.days = days
        self.domains = []
        for name, provider, volume in (("gmail.com", 1, 900), ("outlook.com", 2, 500),
                                       ("yahoo.com", 3, 250), ("gmx.example", 4, 120)):
            self.add(name, provider, volume)
        for i in range(12):
            self.add(f"company{i}.example", i % 3, 20 + 60 * self.chance.random())
        for i in range(44):
            self.add(f"small{i}.example", 0, 0.15 * 1.15 ** i)
        self.level = self.levels()
        self.failures, self.traffic, self.sent = {}, {}, {}
        self.noise = {}

    def add(self, name, provider, volume):
        self.domains.append(Domain(len(self.domains) + 1, name, provider, volume, self.chance))

    def levels(self):
        """How much of a day's mean mail each hour has."""
        holidays = {20, 41}
        out = []
        for day in range(self.days):
            of_day = BY_DAY[day % 7] * 1.004 ** day * self.chance.wobble(60)
            of_day *= 0.3 if day in holidays else 1
            for hour in range(24):
                out.append(of_day * BY_HOUR[hour] / sum(BY_HOUR) * self.chance.wobble(30))
        return out

    def volume(self, domain, hour):
        news = 1 + 2.0 * (hour // 24 % 7 == 1 and 10 <= hour % 24 < 13)
        return domain.volume * self.level[hour] * news

    def usual(self, incident, hour):
        """Failures of the incident's kind in its place, without it."""
        return sum(self.volume(d, hour) * d.rates[incident.kind] * incident.share()
                   for d in self.domains if incident.touches(d))

    def count(self, store, key, column, n):
        row = store.setdefault(key, [0, 0, 0])
        row[column] += n

    def fail(self, hour, domain, kind, n, place=None, item=None):
        for _ in range(n):
            sender = item if place == "sender_domain" else self.chance.choices(
                SENDERS, SENDER_WEIGHTS)[0]
            host = item if place == "host" else self.chance.choice(HOSTS)
            key = (hour, host, sender, domain.number, domain.provider, kind)
            self.failures[key] = self.failures.get(key, 0) + 1
            column = 2 if KINDS[kind][3] >= 500 else 1
            self.count(self.traffic, (hour, host, domain.number, domain.provider), column, 1)
            self.count(self.sent, (hour, host, sender), column, 1)

    def deliver(self, hour, domain, n):
        if n <= 0:
            return
        for host, part in ((HOSTS[0], n // 2), (HOSTS[1], n - n // 2)):
            if part:
                self.count(self.traffic, (hour, host, domain.number, domain.provider), 0, part)
        for sender, weight in zip(SENDERS, SENDER_WEIGHTS):
            part = self.chance.poisson(n * weight / 100)
            if part:
                self.count(self.sent, (hour, HOSTS[hour % 2], sender), 0, part)

    def day_noise(self, domain, kind, day):
        key = (domain.number, kind, day)
        if key not in self.noise:
            self.noise[key] = self.chance.wobble(10)
        return self.noise[key]

    def run_hour(self, hour):
        for domain in self.domains:
            mean = self.volume(domain, hour)
            failed = 0
            for kind, rate in enumerate(domain.rates):
                if rate > 0:
                    noise = self.day_noise(domain, kind, hour // 24)
                    n = self.chance.poisson(mean * rate * noise * self.chance.wobble(6))
                    if n:
                        self.fail(hour, domain, kind, n)
                        failed += n
            self.deliver(hour, domain, self.chance.poisson(mean))

    def inject(self, incident):
        hours = range(incident.begin, incident.begin + incident.hours)
        weights = {}
        for hour in hours:
            incident.usual += self.usual(incident, hour)
            for domain in self.domains:
                if incident.touches(domain):
                    weights[hour, domain] = self.volume(domain, hour)
        total = sum(weights.values())
        for (hour, domain), weight in weights.items():
            n = self.chance.poisson(incident.excess * weight / total)
            if n:
                self.fail(hour, domain, incident.kind, n, incident.place, incident.item)
                incident.injected += n
                incident.first = min(hour, incident.first or hour)

    def run(self, incidents=()):
        for hour in range(self.days * 24):
            self.run_hour(hour)
        self.inbound = self.run_inbound()
        for incident in incidents:
            self.inject(incident)

    def run_inbound(self):
        out = {}
        for hour in range(self.days * 24):
            mean = 1500 * self.level[hour]
            burst = 1.0 if self.chance.random() > 0.03 else 1.5
            row = [self.chance.poisson(mean), {}]
            for kind, what in enumerate(KINDS):
                if what[0] == "inbound":
                    n = self.chance.poisson(mean * what[6] * burst * self.chance.wobble(10))
                    row[1][kind] = n
            out[hour] = row
        return out

    # --- writing -----------------------------------------------------------

    def write(self, path):
        """Fill the empty store at PATH."""
        db = sqlite3.connect(path)
        n = len(self.domains)
        db.execute("INSERT INTO source (id, head_len, head_hash, heads, consumed, content_hash,"
                   " marks, last_stamp, container, name) VALUES (1, 1, x'00', x'', 1000, x'00',"
                   " x'', ?, 'plain', 'mail.log')", [(BEGIN + self.days * DAY) * 1000000 - 1])
        db.executemany("INSERT INTO host VALUES (?, ?)", enumerate(HOSTS, 1))
        db.executemany("INSERT INTO domain VALUES (?, ?)",
                       [(d.number, d.name) for d in self.domains] +
                       [(n + i, s) for i, s in enumerate(SENDERS, 1)] +
                       [(n + 100, "stranger.example")])
        db.executemany("INSERT INTO provider VALUES (?, ?)", enumerate(PROVIDERS, 1))
        db.executemany(
            "INSERT INTO reply VALUES (?, ?, 'rcpt', ?, ?, ?, ?, ?, ?, ?, ?)",
            [(i + 1, k[0], k[3], k[4], k[4], k[5], k[1], k[2], f"sim-{k[2]}",
              "zen.example" if k[5].endswith("zen.example") else "")
             for i, k in enumerate(KINDS)])
        at = {h: i for i, h in enumerate(HOSTS, 1)}
        ours = {s: n + i for i, s in enumerate(SENDERS, 1)}
        time = lambda hour: BEGIN + hour * HOUR
        db.executemany(
            "INSERT INTO failure VALUES (1, ?, 'outbound', ?, ?, ?, ?, ?, ?, 0, 0)",
            [(time(k[0]), at[k[1]], ours[k[2]], k[3], k[4] + 1, k[5] + 1, v)
             for k, v in self.failures.items()])
        db.executemany(
            "INSERT INTO traffic (source, hour, direction, host, domain, provider, delivered,"
            " deferred, bounced) VALUES (1, ?, 'outbound', ?, ?, ?, ?, ?, ?)",
            [(time(k[0]), at[k[1]], k[2], k[3] + 1, *v) for k, v in self.traffic.items()])
        db.executemany(
            "INSERT INTO sender_traffic (source, hour, direction, host, domain, delivered,"
            " deferred, bounced) VALUES (1, ?, 'outbound', ?, ?, ?, ?, ?)",
            [(time(k[0]), at[k[1]], ours[k[2]], *v) for k, v in self.sent.items()])
        for hour, (accepted, refused) in self.inbound.items():
            db.execute("INSERT INTO traffic (source, hour, direction, host, domain, provider,"
                       " accepted, rejected) VALUES (1, ?, 'inbound', 1, ?, 1, ?, ?)",
                       (time(hour), n + 1, accepted, sum(refused.values())))
            db.executemany("INSERT INTO failure VALUES (1, ?, 'inbound', 1, ?, ?, 1, ?, ?, 0, 0)",
                           [(time(hour), n + 100, n + 1, kind + 1, v)
                            for kind, v in refused.items() if v])
        db.execute("INSERT INTO reply_seen SELECT 1, reply, min(hour), max(hour) + 3599"
                   " FROM failure GROUP BY reply")
        db.execute("INSERT INTO sample SELECT 1, id, id, ?, 'line of ' || template FROM reply",
                   [BEGIN])
        db.execute("INSERT INTO listing SELECT 1, hour, host, dnsbl, '192.0.2.10', sum(attempts),"
                   " hour, hour + 3599 FROM failure JOIN reply ON reply.id = failure.reply"
                   " WHERE dnsbl <> '' GROUP BY hour, host, dnsbl")
        db.execute("INSERT INTO hour_digest SELECT 1, host, hour, sum(delivered + bounced), hour,"
                   " hour * 1000000, (hour + 3600) * 1000000 - 1, 0 FROM traffic"
                   " GROUP BY host, hour")
        db.commit()
        db.close()
