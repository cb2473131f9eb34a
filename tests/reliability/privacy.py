#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whose mail it was must not be found in a database that need not know.

usage: [SMTPSCOPE=program] tests/reliability/privacy.py

Logs with names that occur nowhere else are taken in, also such as were cut
amid sessions, and the bytes of the database, and of all that lies beside it,
are searched for them.

Prints what fails and, last, "N passed, N failed".
"""
import hashlib
import hmac
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
SECRET = re.compile(rb"zq\w*\d", re.I)

# Every way to name somebody that logs have been seen to use; {0} is a name.
LINES = """
smtpd[1]: 3ABCDEF{1}: client=x.example[192.0.2.1], sasl_method=PLAIN, sasl_username={0}
smtpd[1]: 3ABCDEF{1}: client=x.example[192.0.2.1], sasl_method=PLAIN, sasl_username={0}@a.example
qmgr[1]: 3ABCDEF{1}: from=<{0}@sender.example>, size=1, nrcpt=1 (queue active)
smtp[1]: 3ABCDEF{1}: to=<{0}@{0}.example>, orig_to=<{0}>, relay=mx.{0}.example[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.{0}.example[192.0.2.7] said: 550 5.1.1 User {0} unknown in virtual mailbox table (in reply to RCPT TO command))
smtp[1]: 3ABCDEF{1}: to=<{0}@r.example>, relay=mx.r.example[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.r.example[192.0.2.7] said: 550 <{0}>: no such mailbox '{0}' here (in reply to RCPT TO command))
smtp[1]: 3ABCDEF{1}: to=<{0}@r.example>, relay=mx.r.example[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.r.example[192.0.2.7] said: 550 5.7.1 see http://r.example/unblock?email={0}@r.example&u={0} (in reply to RCPT TO command))
smtp[1]: 3ABCDEF{1}: to=<"{0} zqx1"@r.example>, relay=mx.r.example[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx.r.example[192.0.2.7] said: 550 5.7.1 <"{0} zqx1"@r.example> is bad (in reply to RCPT TO command))
smtp[1]: 3ABCDEF{1}: to=<{0}@r.example>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (connect to mx.r.example[192.0.2.7]:25: Connection timed out)
local[1]: 3ABCDEF{1}: to=<{0}@our.example>, orig_to=<{0}>, relay=local, delay=1, delays=0/0/0/1, dsn=5.2.2, status=bounced (mailbox full for user.{0})
smtpd[1]: NOQUEUE: reject: RCPT from x.example[192.0.2.1]: 550 5.1.1 <{0}@our.example>: Recipient address rejected: User unknown; from=<{0}@a.example> to=<{0}@our.example> proto=ESMTP helo=<x>
smtpd[1]: warning: a line that nobody knows, about {0}@x.example, user={0} and {0}
newprogram[1]: user=<{0}> mailbox={0}@y.example is strange
""".strip().splitlines()


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def run(*args):
    subprocess.run([PROGRAM, *map(str, args)], check=True, timeout=60,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def log_text(name, days_ago, number=0):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00",
                          time.gmtime(time.time() - days_ago * 86400))
    return "".join(f"{stamp} mx1 postfix/" + line.format(f"{name}{i}", number)
                   + "\n" for i, line in enumerate(LINES))


def remains(place, name="x.db"):
    """The names found in the bytes of the database and what lies beside."""
    found = set()
    for path in place.glob(name + "*"):
        found.update(SECRET.findall(path.read_bytes()))
    return {f.decode() for f in found}


def test_masked(place):
    (place / "a.log").write_text(log_text("zqname", 1).replace(
        "@zqname", "@domain"), encoding="utf-8")
    text = (place / "a.log").read_text(encoding="utf-8")
    (place / "a.log").write_text(
        re.sub(r"mx\.zqname\d+", "mx.domain", text), encoding="utf-8")
    run("ingest", "-q", "-d", place / "x.db", place / "a.log")
    check(remains(place) == set(), f"found: {sorted(remains(place))}")
    with sqlite3.connect(place / "x.db") as db:
        shown = db.execute("SELECT count(*) FROM evidence WHERE line LIKE "
                           "'%***@%'").fetchone()[0]
    check(shown >= 5, f"only {shown} lines of evidence")


def test_kept_where_asked(place):
    (place / "a.log").write_text(log_text("zqname", 1), encoding="utf-8")
    run("ingest", "-q", "--keep-addresses", "-d", place / "x.db",
        place / "a.log")
    check("zqname4" in remains(place), "nothing was kept")


def pseudonym(key, address):
    return "u" + hmac.new(key, address.encode(),
                          hashlib.sha256).hexdigest()[:16]


def evidence(database):
    with sqlite3.connect(database) as db:
        return "\n".join(str(row[0]) for row in db.execute(
            "SELECT line FROM evidence ORDER BY 1"))


def test_pseudonyms(place):
    (place / "a.log").write_text(log_text("zqname", 1), encoding="utf-8")
    (place / "key").write_text("my key\nmore\n")
    for name, key in (("x.db", "my key"), ("y.db", f"@{place}/key"),
                      ("z.db", "another")):
        run("ingest", "-q", "--pseudonymise", key, "-d", place / name,
            place / "a.log")
    want = pseudonym(b"my key", "zqname4@r.example")
    lines = evidence(place / "x.db")
    check(f"<{want}@r.example>" in lines, f"no {want} in:\n{lines}")
    check(f"<{want}>: no such mailbox '{want}'" in lines, lines)
    check("zqname4" not in remains(place), "a local part was kept")
    check(lines == evidence(place / "y.db"), "a key from a file is another")
    check(want not in evidence(place / "z.db"), "the key does not matter")


def test_domains_as_pseudonyms(place):
    (place / "a.log").write_text(log_text("zqname", 1), encoding="utf-8")
    run("ingest", "-q", "--pseudonymise", "k", "--pseudonymise-domains", "-d",
        place / "x.db", place / "a.log")
    check(remains(place) == set(), f"found: {sorted(remains(place))}")
    out = subprocess.run(
        [PROGRAM, "report", "-d", str(place / "x.db"), "-f", "csv", "domains"],
        check=True, stdout=subprocess.PIPE).stdout.decode()
    want = "d" + hmac.new(b"k", b"zqname3.example",
                          hashlib.sha256).hexdigest()[:16] + ".invalid"
    check(want in out, out)


# Sessions whose first lines are in another file: what names somebody is {0}.
CUT = {
    "qmail": ("""
10:00:00 mx qmail: new msg 7
10:00:01 mx qmail: info msg 7: bytes 9 from <{0}s@s.example> qp 1 uid 2
10:00:02 mx qmail: starting delivery 1: msg 7 to remote {0}@r.example
10:00:03 mx qmail: starting delivery 2: msg 7 to remote {0}2@r.example
""", """
11:00:00 mx qmail: status: local 0/10 remote 1/40
11:00:03 mx qmail: delivery 1: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_<{0}@r.example>:_unknown/
11:00:03 mx qmail: delivery 2: failure: Sorry,_I_wasn't_able_to_deliver_to_{0}2@r.example._(#5.1.1)/
11:00:04 mx qmail: end msg 7
"""),
    "Haraka": ("""
10:00:00 mx haraka: [NOTICE] [6BD89C8B-8CD6-45E4-B5C4-6945A217C6B9] [core] connect ip=192.0.2.10 port=52291 local_ip=192.0.2.25 local_port=25
10:00:01 mx haraka: [NOTICE] [6BD89C8B-8CD6-45E4-B5C4-6945A217C6B9.1] [core] sender <{0}s@s.example> code=CONT msg=""
""", """
11:00:00 mx haraka: [NOTICE] [6BD89C8B-8CD6-45E4-B5C4-6945A217C6B9.1] [core] recipient <{0}@r.example> code=DENY msg="no such user" {0}s@s.example
11:00:01 mx haraka: [NOTICE] [6BD89C8B-8CD6-45E4-B5C4-6945A217C6B9.1] [outbound] recipient <{0}@r.example> rejected: 550 5.1.1 <{0}@r.example>: Recipient address rejected
"""),
    "OpenSMTPD": ("""
10:00:00 mx smtpd[1]: 6495bce3787f2caa smtp connected address=192.0.2.10 host=app1.corp.example
""", """
11:00:00 mx smtpd[1]: 6495bce3787f2caa smtp failed-command command="RCPT TO:<{0}@r.example>" result="550 Invalid recipient: <{0}@r.example>"
"""),
}
# The same, and in the other file the name stands alone.
ALONE = {
    "qmail": (CUT["qmail"][0], """
11:00:03 mx qmail: delivery 1: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_No_such_user:_{0}._Sorry/
"""),
    "OpenSMTPD": ("""
10:00:00 mx smtpd[1]: 6495bce3787f2caa smtp connected address=192.0.2.10 host=app1.corp.example
""", """
11:00:00 mx smtpd[1]: 6495bce3787f2caa smtp failed-command command="RCPT TO:<{0}@r.example>" result="550 {0} is no user of ours"
"""),
}
FIXTURES = ("haraka", "qmail", "opensmtpd", "courier", "zonemta", "exchange")


def put_cut(place, before, after, name):
    """The two files of a session that began yesterday."""
    day = time.strftime("%b %d ", time.gmtime(time.time() - 86400))
    for file, text in (("before.log", before), ("after.log", after)):
        lines = text.format(name).strip().splitlines()
        (place / file).write_text("".join(day + line + "\n" for line in lines))


def n_held(database):
    with sqlite3.connect(database) as db:
        return db.execute("SELECT count(*) FROM held_line").fetchone()[0]


def look_at_cut(place, mta, files, runs, *options):
    """What is found after ${runs}, each of which reads some of the files."""
    put_cut(place, *files, "zqcut1")
    for names in runs:
        run("ingest", "-q", "--tz", "UTC", *options, "-d", place / "x.db",
            *(place / f for f in names))
    check(n_held(place / "x.db") > 0, f"{mta}: no line was held")
    run("check", "-d", place / "x.db")
    check(remains(place) == set(), f"{mta}, {runs}: {remains(place)}")
    for path in place.glob("x.db*"):
        path.unlink()


def test_cut_sessions(place):
    """In any order, alone or together, and with the other file never there."""
    for mta, files in CUT.items():
        for runs in ((["before.log"], ["after.log"]), (["after.log"],),
                     (["after.log"], ["before.log"]),
                     (["before.log", "after.log"],)):
            look_at_cut(place, mta, files, runs)


def test_cut_with_names_alone(place):
    """As soon as the file is there that says that it is a name, also in the
    reply that was counted before."""
    for mta, files in ALONE.items():
        for options in ((), ("--pseudonymise", "k")):
            for runs in ((["before.log"], ["after.log"]),
                         (["before.log", "after.log"],),
                         (["after.log"], ["before.log"])):
                look_at_cut(place, mta, files, runs, *options)


def named_anew(line):
    """Each local part as a name of its own that occurs nowhere else; but what
    stands in bytes that were no text is nobody's."""
    if b"\xef\xbf\xbd" in line:
        return line
    return re.sub(rb"[\w.+-]+(?=@)", lambda m: b"zq%s1" % hashlib.sha256(
        m[0].lower()).hexdigest()[:8].encode(), line)


def test_cut_fixtures(place):
    held = 0
    for path in sorted(p for mta in FIXTURES for p in
                       (TOP / "tests" / "fixtures" / mta).glob("*.log")):
        lines = [*map(named_anew, path.read_bytes().splitlines(True))]
        header = [line for line in lines[:20] if line.lstrip(
            b"\xef\xbb\xbf").startswith((b"#", b"date-time,"))]
        for cut in (len(lines) // 3, len(lines) * 2 // 3):
            (place / "before.log").write_bytes(b"".join(lines[:cut]))
            (place / "after.log").write_bytes(b"".join(header + lines[cut:]))
            run("ingest", "-q", "--tz", "UTC", "--year", "2026", "-d",
                place / "x.db", place / "after.log", place / "before.log")
            held += n_held(place / "x.db")
            check(remains(place) == set(),
                  f"{path.name} cut at {cut}: {sorted(remains(place))[:9]}")
            for file in place.glob("x.db*"):
                file.unlink()
    check(held > 100, f"only {held} lines were held")


def test_prune_removes(place):
    (place / "old.log").write_text(log_text("zqold", 900, 1), encoding="utf-8")
    (place / "new.log").write_text(log_text("zqnew", 2, 2), encoding="utf-8")
    run("ingest", "-q", "--keep-addresses", "-d", place / "x.db",
        place / "old.log", place / "new.log")
    check(any("old" in f for f in remains(place)), "nothing to remove")
    reader = sqlite3.connect(place / "x.db")
    reader.execute("SELECT count(*) FROM source").fetchall()
    run("prune", "-q", "--keep", "400d", "-d", place / "x.db")
    left = {f for f in remains(place) if "old" in f}
    check(left == set(), f"left: {sorted(left)}")
    reader.close()
    check(any("new" in f for f in remains(place)), "too much was removed")
    run("check", "-d", place / "x.db")


def main():
    passed, failed = 0, 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as place:
            try:
                test(pathlib.Path(place))
                passed += 1
            except (AssertionError, OSError,
                    subprocess.SubprocessError) as why:
                failed += 1
                said = getattr(why, "stderr", None) or b""
                print(f"FAIL {name}: {why}{said.decode()}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
