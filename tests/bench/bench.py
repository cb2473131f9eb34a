#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measure smtpscope beside its peers, and how it scales.

usage: tests/bench/bench.py [--write FILE] [--runs K] [SECTION...]

Sections: peers readers containers kinds files lines unchanged workers classify
reports counts (default: all).  Each prints a Markdown table; --write replaces the block
between "<!-- bench:NAME:begin -->" and "<!-- bench:NAME:end -->" of each
section in FILE.  Data are generated under build/bench when they are absent,
always the same.

All programs of a section run in turn, A B C A B C ..., K rounds (at least 5),
so that whatever else the machine does falls on all of them; a ratio is the
median of the ratios within each round.  Nothing fails because it was slow.

BENCH_LINES (default 4000000) is the size of the archives in lines; the other
sizes go with it.  SMTPSCOPE names another program to measure.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BENCH = TOP / "build/bench"
LINES = int(os.environ.get("BENCH_LINES", "4000000"))
PROGRAM = os.environ.get("SMTPSCOPE", str(TOP / "build/smtpscope"))
LOGWATCH = "/usr/share/logwatch/scripts/services/postfix"
COUNT_LINES = 20000  # of the fixed input whose instructions are counted
N_FILES = 1000       # of the unchanged archive
MTIME = 1782864000   # July 2026: the year of stamps without one
NULL = subprocess.DEVNULL


# --- running ----------------------------------------------------------------

class Sample:
    def __init__(self, wall, cpu, rss, status):
        self.wall, self.cpu, self.rss, self.status = wall, cpu, rss, status


def run(command):
    """A string is a shell pipeline; its memory is that of its largest part.

    GNU time stands between, because Linux counts the memory of the process
    that starts a program among the program's own.
    """
    argv = ["sh", "-c", command] if isinstance(command, str) else command
    with tempfile.NamedTemporaryFile("r", dir=BENCH) as told:
        begin = time.perf_counter()
        status = subprocess.call(["/usr/bin/time", "-q", "-o", told.name, "-f", "%U %S %M",
                                  *argv], stdin=NULL, stdout=NULL, stderr=NULL)
        wall = time.perf_counter() - begin
        user, system, rss = told.read().split()[-3:]
    return Sample(wall, float(user) + float(system), int(rss) / 1024, status)


def rounds(rows, n):
    """rows: name, command, and what to do before; -> name: samples."""
    samples = {row[0]: [] for row in rows}
    for number in range(n):
        print(f"bench.py: round {number + 1} of {n}", file=sys.stderr)
        for name, command, before in rows:
            before()
            samples[name].append(run(command))
    for name, list_ in samples.items():
        if any(s.status not in (0, 1) for s in list_):
            print(f"bench.py: {name} ended with status"
                  f" {[s.status for s in list_]}", file=sys.stderr)
    return samples


def nothing():
    pass


def median(samples, what="wall"):
    return statistics.median(getattr(s, what) for s in samples)


def ratio(samples, base, what="wall"):
    return statistics.median(getattr(a, what) / max(getattr(b, what), 1e-6)
                             for a, b in zip(samples, base))


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def compared(rows, samples, base):
    """One row for each program; ratios are those of the base to it."""
    out = []
    for name, _, _ in rows:
        s = samples[name]
        walls = [x.wall for x in s]
        failed = "" if all(x.status in (0, 1) for x in s) else " (failed)"
        out.append([f"`{name}`{failed}", str(len(s)), f"{median(s):.3f}",
                    f"{min(walls):.2f}-{max(walls):.2f}", f"{median(s, 'cpu'):.2f}",
                    f"{median(s, 'rss'):.1f}", f"{ratio(s, samples[base]):.2f}",
                    f"{ratio(s, samples[base], 'cpu'):.2f}"])
    return table(["program", "runs", "wall s", "wall range s", "CPU s", "max RSS MiB",
                  f"wall / {base}", f"CPU / {base}"], out)


# --- data -------------------------------------------------------------------

def build():
    BENCH.mkdir(parents=True, exist_ok=True)
    cc = os.environ.get("CC", "cc")
    subprocess.run([cc, "-std=c11", "-O2", "-o", str(BENCH / "generate"),
                    *map(str, sorted((TOP / "tests/bench").glob("gen*.c")))], check=True)


def whole(path, make):
    """The file appears under its name only when all of it is there."""
    if not path.exists():
        print(f"bench.py: generating {path.name}", file=sys.stderr)
        new = path.with_name("new-" + path.name)
        make(new)
        os.utime(new, (MTIME, MTIME))
        new.rename(path)
    return path


def plain(kind, lines):
    options = ["--hostile"] if kind == "hostile" else ["--kind", kind]

    def make(new):
        with open(new, "wb") as out:
            subprocess.run([str(BENCH / "generate"), "--lines", str(lines), *options],
                           stdout=out, check=True)
    return whole(BENCH / f"{kind}-{lines}.log", make)


def packed(path, suffix, command):
    def make(new):
        with open(path, "rb") as source, open(new, "wb") as out:
            subprocess.run(command, stdin=source, stdout=out, check=True)
    return whole(path.with_name(path.name + suffix), make)


def gzipped(kind, lines):
    tool = "pigz" if shutil.which("pigz") else "gzip"
    return packed(plain(kind, lines), ".gz", [tool, "-6", "-n", "-c"])


def pieces(n, lines):
    """n archives of the same size, each another part of the year."""
    found = []
    for i in range(n):
        def make(new, seed=i + 1):
            generate = [str(BENCH / "generate"), "--lines", str(lines), "--seed", str(seed),
                        "--start", f"2026-{1 + seed % 6:02}-01", "--days", "28"]
            with open(new, "wb") as out:
                source = subprocess.Popen(generate, stdout=subprocess.PIPE)
                subprocess.run(["gzip", "-6", "-n", "-c"], stdin=source.stdout, stdout=out,
                               check=True)
                source.wait()
        found.append(str(whole(BENCH / f"piece-{lines}-{i}.log.gz", make)))
    return found


class Database:
    """A fresh one for each run."""

    def __init__(self, name):
        self.path = str(BENCH / f"{name}.db")

    def drop(self):
        for suffix in ("", "-wal", "-shm"):
            pathlib.Path(self.path + suffix).unlink(missing_ok=True)

    def ingest(self, *paths, workers=None):
        more = ["-j", str(workers)] if workers else []
        return [PROGRAM, "ingest", "-q", *more, "-d", self.path, *map(str, paths)]

    def size(self):
        return os.path.getsize(self.path)


# --- sections ---------------------------------------------------------------

def there(command):
    return shutil.which(command) is not None


def logwatch_link():
    """Under this name the script reads logs by itself."""
    link = BENCH / "postfix-logwatch"
    if not link.is_symlink():
        link.symlink_to(LOGWATCH)
    return link


def beside(peers, lines, n):
    """Peers (tool, name, command) that are there beside an ingest of the same
    archive; -> the text, and the database."""
    data = gzipped("postfix", lines)
    db = Database("peers")
    rows = [("smtpscope ingest", db.ingest(data), db.drop),
            ("smtpscope ingest, unchanged", db.ingest(data), nothing)]
    rows += [(name, command, nothing) for tool, name, command in peers if there(tool)]
    samples = rounds(rows, n)
    absent = [name for tool, name, _ in peers if not there(tool)]
    text = (f"Archive: {lines} Postfix lines, {plain('postfix', lines).stat().st_size / 1e6:.0f}"
            f" MB, {data.stat().st_size / 1e6:.0f} MB as gzip.\n\n"
            + compared(rows, samples, "smtpscope ingest"))
    return text + ("\n\nNot installed: " + ", ".join(absent) + "." if absent else ""), db


def section_peers(n):
    data = gzipped("postfix", LINES)
    text, db = beside(
        [("igzip", "igzip -dc", ["igzip", "-dc", str(data)]),
         ("gzip", "gzip -dc", ["gzip", "-dc", str(data)]),
         ("rg", "rg -zc status=", ["rg", "-zc", "status=", str(data)]),
         ("zgrep", "zgrep -c status=", ["zgrep", "-c", "status=", str(data)])], LINES, n)
    return text + (f"\n\nDatabase: {db.size() / 1e6:.2f} MB,"
                   f" {db.size() / LINES:.2f} MB per million lines.")


def section_readers(n):
    lines = LINES // 8
    data = gzipped("postfix", lines)
    return beside(
        [("lnav", "lnav, counting status=",
          ["lnav", "-n", "-c", ";SELECT count(*) FROM syslog_log"
           " WHERE log_body LIKE '%status=%'", str(data)]),
         ("pflogsumm", "gzip -dc, pflogsumm", f"gzip -dc {data} | pflogsumm"),
         (LOGWATCH, "gzip -dc, logwatch's postfix",
          f"gzip -dc {data} | perl {logwatch_link()} --nodetail")], lines, n)[0]


def section_containers(n):
    log = plain("postfix", LINES)
    tool = str(BENCH / "decode_bench")
    kinds = [("gzip", ".gz", ["gzip", "-6", "-n", "-c"], "igzip"),
             ("zstd", ".zst", ["zstd", "-q", "-3", "-c"], "zstd"),
             ("zstd --long=27", ".long.zst", ["zstd", "-q", "-3", "--long=27", "-c"], "zstd"),
             ("xz, one block", ".xz", ["xz", "-2", "-T1", "-c"], "xz"),
             ("xz, blocks of 16 MiB", ".blocks.xz",
              ["xz", "-2", "-T2", "--block-size=16MiB", "-c"], "xz"),
             ("bzip2", ".bz2", ["bzip2", "-c"], "bzip2"),
             ("lz4", ".lz4", ["lz4", "-q", "-c"], "lz4")]
    out = []
    for name, suffix, command, peer in kinds:
        if not there(peer) or not there(command[0]):
            continue
        data = str(packed(log, suffix, command))
        more = ["-T1"] if peer == "xz" else []
        rows = [("ours", [tool, data], nothing),
                ("theirs", [peer, *more, "-q", "-dc", data] if peer == "zstd"
                 else [peer, *more, "-dc", data], nothing)]
        s = rounds(rows, n)
        out.append([name, f"`{peer} -dc`" if not more else "`xz -T1 -dc`",
                    f"{median(s['ours']):.3f}", f"{median(s['theirs']):.3f}",
                    f"{ratio(s['ours'], s['theirs']):.2f}",
                    f"{ratio(s['ours'], s['theirs'], 'cpu'):.2f}",
                    f"{median(s['ours'], 'rss'):.1f}"])
    return ("Decoding alone (tests/bench/decode_bench.c).\n\n"
            + table(["container", "beside", "ours s", "theirs s", "wall ratio", "CPU ratio",
                     "ours, max RSS MiB"], out))


def section_kinds(n):
    kinds = ["postfix", "exim", "mixed", "hostile"]
    rows, dbs = [], {}
    for kind in kinds:
        dbs[kind] = Database(f"kind-{kind}")
        rows.append((kind, dbs[kind].ingest(gzipped(kind, LINES)), dbs[kind].drop))
    if there("eximstats"):
        rows.append(("eximstats", f"gzip -dc {gzipped('exim', LINES)} | eximstats", nothing))
    samples = rounds(rows, n)
    out = []
    for name, _, _ in rows:
        s = samples[name]
        size = f"{dbs[name].size() / LINES:.2f}" if name in dbs else ""
        out.append([f"`{name}`" if name == "eximstats" else name, f"{median(s):.3f}",
                    f"{LINES / median(s) / 1e6:.2f}",
                    f"{ratio(samples['postfix'], s):.2f}", f"{median(s, 'rss'):.1f}", size])
    return table(["log", "wall s", "million lines/s", "speed / postfix", "max RSS MiB",
                  "database, MB per million lines"], out)


def section_files(n):
    names = pieces(8, LINES // 4)
    db = Database("files")
    rows = [(str(k), db.ingest(*names[:k]), db.drop) for k in (1, 2, 4, 8)]
    samples = rounds(rows, n)
    return table(["files", "lines", "wall s", "wall / one file", "CPU s", "max RSS MiB"],
                 [[k, str(int(k) * (LINES // 4)), f"{median(samples[k]):.3f}",
                   f"{ratio(samples[k], samples['1']):.2f}", f"{median(samples[k], 'cpu'):.2f}",
                   f"{median(samples[k], 'rss'):.1f}"] for k, _, _ in rows])


def section_lines(n):
    db = Database("lines")
    sizes = [LINES // 4, LINES, LINES * 5 // 2, LINES * 10]
    rows = [(str(k), db.ingest(gzipped("postfix", k)), db.drop) for k in sizes]
    samples = rounds(rows, n)
    return table(["lines", "wall s", "µs a line", "CPU s", "max RSS MiB"],
                 [[k, f"{median(samples[k]):.3f}", f"{median(samples[k]) / int(k) * 1e6:.3f}",
                   f"{median(samples[k], 'cpu'):.2f}", f"{median(samples[k], 'rss'):.1f}"]
                  for k, _, _ in rows])


def section_unchanged(n):
    folder = BENCH / "unchanged"
    if not folder.exists():
        new = BENCH / "new-unchanged"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        lines = plain("postfix", LINES // 4).read_bytes().splitlines(keepends=True)
        share = max(1, min(200, len(lines) // N_FILES))
        for i in range(N_FILES):
            path = new / f"mail.log.{i}.gz"
            subprocess.run(["gzip", "-n"], input=b"".join(lines[i * share:(i + 1) * share]),
                           stdout=open(path, "wb"), check=True)
            os.utime(path, (MTIME, MTIME))
        new.rename(folder)
    db = Database("unchanged")
    db.drop()
    run(db.ingest(folder))
    samples = rounds([("again", db.ingest(folder), nothing)], n)["again"]
    return (f"Second run over {N_FILES} unchanged files: {median(samples):.3f} s,"
            f" {median(samples, 'rss'):.1f} MiB.")


def section_workers(n):
    names = pieces(8, LINES // 4)
    db = Database("workers")
    rows = [(str(j), db.ingest(*names, workers=j), db.drop) for j in (1, 2, 4, 8)]
    samples = rounds(rows, n)
    return table(["-j", "wall s", "CPU s", "max RSS MiB", "MiB a worker beyond the first"],
                 [[j, f"{median(samples[j]):.3f}", f"{median(samples[j], 'cpu'):.2f}",
                   f"{median(samples[j], 'rss'):.1f}",
                   "" if j == "1" else
                   f"{(median(samples[j], 'rss') - median(samples['1'], 'rss')) / (int(j) - 1):.1f}"]
                  for j, _, _ in rows])


def section_reports(n):
    failures = LINES * 5 // 4  # 5 million
    db = BENCH / f"bigstore-{failures}.db"
    if not db.exists():
        new = BENCH / "new-bigstore.db"
        for suffix in ("", "-wal", "-shm"):
            pathlib.Path(str(new) + suffix).unlink(missing_ok=True)
        subprocess.run([sys.executable, str(TOP / "tests/bench/bigstore.py"), str(new),
                        str(failures)], check=True)
        new.rename(db)
    report = [PROGRAM, "report", "-d", str(db)]
    week = "2026-01-23"  # the last of the store's days is 2026-01-29
    asked = [("page", ["-f", "html"]), ("causes", ["-f", "csv", "causes"]),
             ("domains", ["-f", "csv", "domains"])]
    for name in ("causes", "details", "domains", "providers", "timeline", "dns"):
        for option in (["--domain", "gmail.example"], ["--since", week],
                       ["--direction", "inbound"]):
            asked.append((" ".join([name, *option]), ["-f", "csv", *option, name]))
    rows = [(name, report + words, nothing) for name, words in asked]
    rows.insert(1, ("findings", [PROGRAM, "findings", "-d", str(db)], nothing))
    rows.append(("smtpscope explain 550", [PROGRAM, "explain", "550"], nothing))
    samples = rounds(rows, n)
    return (f"{failures} failure rows of 90 days, {db.stat().st_size / 1e6:.0f} MB.\n\n"
            + table(["what", "wall s", "CPU s", "max RSS MiB"],
                    [[f"`{name}`", f"{median(samples[name]):.3f}",
                      f"{median(samples[name], 'cpu'):.3f}",
                      f"{median(samples[name], 'rss'):.1f}"] for name, _, _ in rows]))


def replies():
    """The labelled replies of tests/replies, one in a line."""
    path = BENCH / "replies.txt"
    with open(path, "w", encoding="utf-8") as out:
        for batch in sorted((TOP / "tests/replies").glob("*.tsv")):
            for line in batch.read_text(encoding="utf-8").splitlines()[1:]:
                out.write(line.split("\t")[2] + "\n")
    return path


def more_rules():
    """A folder with 500 rules that fit none of the replies."""
    folder = BENCH / "more-rules"
    folder.mkdir(exist_ok=True)
    rules = "".join(f"  - id: more-{i}\n    cause: policy.local_policy\n"
                    f"    match: '(?:refused|rejected) by (?:rule|filter) {i:03} of (?:this|our) site'\n"
                    f"    examples:\n      - '550 refused by rule {i:03} of this site'\n"
                    for i in range(500))
    (folder / "10-more.yaml").write_text("order: 10\nrules:\n" + rules)
    return folder


def section_classify(n):
    tool, data = str(BENCH / "classify_bench"), str(replies())
    told = {"all rules": [], "500 more": []}
    for number in range(n):
        print(f"bench.py: round {number + 1} of {n}", file=sys.stderr)
        for name, more in (("all rules", []), ("500 more", ["--more-rules", str(more_rules())])):
            told[name].append(subprocess.run([tool, *more, data], capture_output=True, text=True,
                                             check=True).stdout.strip())
    started = rounds([("classify", [PROGRAM, "classify"], nothing)], n)["classify"]
    return ("One thread, each reply judged anew, template included; each line is the median of"
            " the rounds of one run of classify_bench, in turn.\n\n"
            + "\n".join(f"    {line}" for pair in zip(*told.values()) for line in pair)
            + f"\n\n`classify` without a reply: {median(started):.3f} s,"
              f" CPU {median(started, 'cpu'):.2f} s.")


# --- instructions -----------------------------------------------------------

def stage_of(path):
    """The layer of a source file, or the library that holds it."""
    parts = path.split("/")
    if "analyzer" in parts[:-1]:
        return parts[len(parts) - 1 - parts[::-1].index("analyzer") + 1]
    return None


def instructions(profile):
    """Self cost by stage, from callgrind's own format."""
    names, total, by_stage = {}, 0, {}
    state = {"fl": "", "ob": "", "calls": False}

    def full(text):
        number, _, name = text.partition(" ")
        if name:
            names[number] = name
        return names.get(number, name or number)

    def add(count):
        stage = stage_of(state["fl"])
        if stage is None:
            stage = os.path.basename(state["ob"]).split(".so")[0] or "other"
        by_stage[stage] = by_stage.get(stage, 0) + count

    spaces = {"fl": {}, "ob": {}}
    for line in open(profile, encoding="utf-8", errors="replace"):
        line = line.rstrip("\n")
        key, eq, value = line.partition("=")
        if eq and key in ("fl", "fi", "fe", "cfi", "cfl", "ob", "cob"):
            space = "ob" if key.endswith("ob") else "fl"
            names = spaces[space]
            name = full(value)
            if key in ("fl", "fi", "fe", "ob"):
                state[space] = name
        elif eq and key == "calls":
            state["calls"] = True
        elif line[:1].isdigit() or line[:1] in "+-*":
            words = line.split()
            if state["calls"]:
                state["calls"] = False  # what the callee cost
            elif len(words) >= 2:
                add(int(words[1]))
                total += int(words[1])
    return total, by_stage


def section_counts(_):
    if not there("valgrind"):
        return "valgrind is not installed."
    out = []
    totals = {}
    for kind in ("postfix", "exim", "mixed", "hostile"):
        data = plain(kind, COUNT_LINES)
        db = Database("counts")
        db.drop()
        profile = BENCH / "counts.callgrind"
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
                        *db.ingest(data, workers=1)], stderr=NULL, stdout=NULL, check=False)
        total, by_stage = instructions(profile)
        totals[kind] = by_stage
        out.append([kind, f"{total / 1e6:.1f}", f"{total / COUNT_LINES:.0f}"])
        db.drop()
    stages = sorted({s for t in totals.values() for s in t},
                    key=lambda s: -totals["postfix"].get(s, 0))
    shown = [s for s in stages if max(t.get(s, 0) for t in totals.values()) > 2e6]
    return (f"`ingest -j 1` of {COUNT_LINES} plain lines, in millions of instructions,"
            " start and end of the program included.\n\n"
            + table(["log", "millions", "a line"], out) + "\n\n"
            + table(["layer or library", *totals],
                    [[f"`{s}`", *(f"{t.get(s, 0) / 1e6:.1f}" for t in totals.values())]
                     for s in shown]))


SECTIONS = {"peers": section_peers, "readers": section_readers,
            "containers": section_containers, "kinds": section_kinds,
            "files": section_files, "lines": section_lines, "unchanged": section_unchanged,
            "workers": section_workers, "classify": section_classify,
            "reports": section_reports, "counts": section_counts}


# --- writing ----------------------------------------------------------------

def machine():
    model = ""
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    cores = len(os.sched_getaffinity(0))
    packages = ["isal", "gzip", "zstd", "xz-utils", "bzip2", "lz4", "ripgrep", "pflogsumm",
                "logwatch", "exim4-base", "lnav"]
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages],
                           capture_output=True, text=True, check=False).stdout
    return f"Machine: {model}, {cores} cores. {found.rstrip(', ')}."


def write(target, name, text):
    begin, end = f"<!-- bench:{name}:begin -->", f"<!-- bench:{name}:end -->"
    old = target.read_text(encoding="utf-8")
    if begin not in old or end not in old:
        sys.exit(f"bench.py: {target}: lacks the lines {begin} and {end}")
    head, _, rest = old.partition(begin)
    _, _, tail = rest.partition(end)
    new = target.with_name(target.name + ".new")
    new.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")
    new.replace(target)


def main():
    words, target, n = sys.argv[1:], None, 5
    chosen = []
    while words:
        word = words.pop(0)
        if word == "--write" and words:
            target = pathlib.Path(words.pop(0)).resolve()
        elif word == "--runs" and words and words[0].isdigit():
            n = max(5, int(words.pop(0)))
        elif word in SECTIONS:
            chosen.append(word)
        else:
            sys.exit(__doc__)
    build()
    for name in chosen or SECTIONS:
        print(f"bench.py: {name}", file=sys.stderr)
        text = SECTIONS[name](n)
        if name != "counts":
            text += f"\n\nMedians of {n} rounds. {machine()}"
        print(f"\n## {name}\n\n{text}")
        if target is not None:
            write(target, name, text)


if __name__ == "__main__":
    main()
