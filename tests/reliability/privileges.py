#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a root job must not do, and what must not be done to it.

usage: [SMTPSCOPE=program] tests/reliability/privileges.py [WORD...]

With WORDs, only cases whose name holds one of them.

  inside   tests/reliability/intruder.c runs within the program once it reads
           its first log, and tries what a fault in a decoder would be used
           for; nothing of it may work.  The same in a program without fences
           must work, or the attempt proves nothing.
  traps    links, files and pipes of another user in a folder like /tmp.
  modes    what is created, with an umask that forbids nothing.
  calls    under strace, no command starts a program or opens a socket.

Prints what fails and, last, "N passed, N failed".
"""
import ctypes
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str((TOP / os.environ.get("SMTPSCOPE", "build/smtpscope")).resolve())
INTRUDER = TOP / "build/release/tests/reliability/intruder.so"
LOG = str(TOP / "samples" / "mail.log-20261101")
FILES = ("read", "write", "create", "remove", "truncate", "make a link")
NOBODY = 65534
CREATE_RULESET = 444


class Skip(Exception):
    """This machine cannot show it."""


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def run(*args, status=0, **options):
    """Run smtpscope; its standard error."""
    done = subprocess.run([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60, check=False, **options)
    err = done.stderr.decode("utf-8", "replace")
    check(done.returncode == status,
          f"{args}: status {done.returncode}, not {status}\n{err}")
    return err


def dump(database):
    return subprocess.run([PROGRAM, "dump", "-d", str(database)], check=True,
                          stdout=subprocess.PIPE).stdout


def as_root():
    if os.geteuid() != 0:
        raise Skip("needs root to act as another user")


# ---- inside ----

def has_landlock():
    return ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, 1) > 0


def intrude(command):
    """The attempts that worked, and all of them, when ${command} is run with
    the intruder in it."""
    foreign = pathlib.Path(tempfile.mkdtemp())
    for name in ("secret", "doomed"):
        (foreign / name).write_text("private")
    reader, writer = os.pipe()
    environment = {**os.environ, "LD_PRELOAD": str(INTRUDER),
                   "INTRUDER_FD": str(writer), "INTRUDER_FOLDER": str(foreign)}
    done = subprocess.run(command, env=environment, pass_fds=[writer],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          timeout=60, check=False)
    os.close(writer)
    with os.fdopen(reader) as said:
        lines = said.read().splitlines()
    shutil.rmtree(foreign)
    tried = [line[7:] for line in lines if line.startswith("trying ")]
    shut = [line[5:] for line in lines if line.startswith("shut ")]
    return [t for t in tried if t not in shut], tried, done


def expect_shut(*args):
    worked, tried, done = intrude([PROGRAM, *map(str, args)])
    check(len(tried) >= 14, f"only tried: {tried}")
    if not has_landlock():
        worked = [w for w in worked if not w.startswith(FILES)]
    check(worked == [], f"{args[0]}: worked: {worked}")
    check(done.returncode == 0, done.stderr.decode())


def inside_nothing_is_tried_in_vain(_place):
    code = "import os; os.posix_fadvise(0, 0, 0, 0)"
    worked, tried, _ = intrude([sys.executable, "-c", code])
    if os.geteuid() == 0:
        missing = [t for t in tried if t not in worked]
        check(missing in ([], ["mount"], ["trace"], ["trace", "mount"]), f"did not work unfenced: {missing}")
    else:
        check("open a socket" in worked and "run a program" in worked, worked)


def inside_ingest(place):
    expect_shut("ingest", "-q", "-d", place / "x.db", LOG)


def inside_a_worker_thread(place):
    logs = []
    for i in range(3):
        logs.append(place / f"{i}.log")
        logs[i].write_bytes(pathlib.Path(LOG).read_bytes()[i * 40000:])
    expect_shut("ingest", "-q", "-j", "3", "-d", place / "x.db", *logs)


def inside_events(_place):
    expect_shut("events", LOG)


def inside_an_old_kernel(place):
    """Without either fence all works, and -v says that they are missing."""
    environment = {**os.environ, "LD_PRELOAD": str(INTRUDER),
                   "INTRUDER_OLD_KERNEL": "1"}
    err = run("ingest", "-v", "-d", place / "old.db", LOG, env=environment)
    check("Landlock" in err and "seccomp" in err, err)
    err = run("ingest", "-d", place / "quiet.db", LOG, env=environment)
    check("Landlock" not in err and "seccomp" not in err, err)
    run("ingest", "-q", "-d", place / "new.db", LOG)
    check(dump(place / "old.db") == dump(place / "new.db"), "dumps differ")


def inside_a_rotated_log(place):
    """A log that is renamed and made anew after the walk can still be read:
    here by a link that leads to another folder, both known by then."""
    real = place / "real"
    real.mkdir()
    shutil.copy(LOG, real / "mail.log")
    link = place / "link.log"
    link.symlink_to(real / "mail.log")
    err = run("ingest", "-d", place / "x.db", link)
    check("1 new" in err, err)


def inside_a_pipe(place):
    command = f'"{PROGRAM}" ingest -d "{place}/x.db" <(cat "{LOG}") /dev/stdin'
    with open(TOP / "samples" / "mail.log-20261108", "rb") as log:
        done = subprocess.run(["bash", "-c", command], stdin=log, check=False,
                              stderr=subprocess.PIPE)
    check(done.returncode == 0 and b"2 new" in done.stderr, done.stderr)


# ---- traps ----

def sticky(place):
    folder = place / "tmp"
    folder.mkdir()
    os.chmod(folder, 0o1777)
    return folder


def lay(path, target=None):
    """Another user's link to ${target}, or his empty file."""
    if target is not None:
        path.symlink_to(target)
    else:
        path.touch()
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def traps_link_as_database(place):
    as_root()
    folder = sticky(place)
    victim = place / "victim"
    lay(folder / "x.db", victim)
    err = run("ingest", "-d", folder / "x.db", LOG, status=4)
    check("symbolic link" in err, err)
    check(not victim.exists(), "the link was followed")


def traps_foreign_database(place):
    as_root()
    folder = sticky(place)
    lay(folder / "x.db")
    err = run("ingest", "-d", folder / "x.db", LOG, status=4)
    check("another user" in err, err)
    check((folder / "x.db").stat().st_size == 0, "it was written to")


def traps_foreign_wal(place):
    as_root()
    folder = sticky(place)
    victim = place / "victim"
    for ending in ("-wal", "-journal", "-shm"):
        lay(folder / f"x.db{ending}", victim)
        err = run("ingest", "-d", folder / "x.db", LOG, status=4)
        check("symbolic link" in err and ending in err, err)
        (folder / f"x.db{ending}").unlink()
    check(not victim.exists(), "a link was followed")


def traps_own_link_is_good(place):
    folder = sticky(place)
    (folder / "x.db").symlink_to(place / "real.db")
    run("ingest", "-q", "-d", folder / "x.db", LOG)
    check((place / "real.db").exists(), "the link was not followed")


def traps_own_link_without_sticky_bit(place):
    folder = place / "open"
    folder.mkdir()
    os.chmod(folder, 0o777)
    (folder / "x.db").symlink_to(place / "real.db")
    run("ingest", "-q", "-d", folder / "x.db", LOG, status=4)
    run("ingest", "-q", "-d", folder / "y.db", LOG)


def traps_link_as_report(place):
    as_root()
    folder = sticky(place)
    victim = place / "victim"
    victim.write_text("private")
    lay(folder / "r.html", victim)
    run("ingest", "-q", "-d", place / "x.db", LOG)
    run("report", "-d", place / "x.db", "-f", "html", "-o", folder / "r.html")
    check(victim.read_text() == "private", "the link was followed")
    check(stat.S_ISREG((folder / "r.html").lstat().st_mode), "still a link")


def traps_device_and_pipe_as_report(place):
    as_root()
    folder = sticky(place)
    run("ingest", "-q", "-d", place / "x.db", LOG)
    lay(folder / "r.html", "/dev/null")
    os.mkfifo(folder / "pipe")
    os.chown(folder / "pipe", NOBODY, NOBODY)
    for name in ("r.html", "pipe"):
        err = run("report", "-d", place / "x.db", "-f", "html", "-o",
                  folder / name, status=4)
        check("everybody" in err, err)


def traps_foreign_folder_as_report(place):
    as_root()
    folder = sticky(place)
    (folder / "reports").mkdir()
    os.chown(folder / "reports", NOBODY, NOBODY)
    run("ingest", "-q", "-d", place / "x.db", LOG)
    err = run("report", "-d", place / "x.db", "-f", "csv", "-o",
              folder / "reports", "codes", "causes", status=4)
    check("another user" in err, err)
    check(list((folder / "reports").iterdir()) == [], "files were written")


# ---- modes ----

def modes_of_what_is_made(place):
    before = os.umask(0)
    try:
        run("ingest", "-q", "-d", place / "x.db", LOG)
        run("report", "-d", place / "x.db", "-f", "html", "-o", place / "r")
        run("report", "-d", place / "x.db", "-f", "csv", "-o", place / "csv",
            "codes", "causes")
        run("merge", "-q", "-d", place / "y.db", place / "x.db")
    finally:
        os.umask(before)
    made = [p for p in place.rglob("*") if p.is_file()]
    check(len(made) >= 5, made)
    for path in made:
        mode = stat.S_IMODE(path.stat().st_mode)
        check(mode == 0o640, f"{path.name}: {mode:o}")
    mode = stat.S_IMODE((place / "csv").stat().st_mode)
    check(mode == 0o750, f"csv/: {mode:o}")


# ---- calls ----

def trace(place, *args):
    """The programs started and sockets opened by smtpscope ${args}."""
    log = place / "trace"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", str(log), "-e",
         "trace=execve,execveat,fork,vfork,socket,connect,bind", PROGRAM,
         *map(str, args)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        check=False)
    if b"ptrace" in done.stderr or not log.exists():
        raise Skip("strace may not trace here")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    check("execve" in lines[0], lines[0])
    return [line for line in lines[1:] if "+++" not in line]


def calls_of_all_commands(place):
    if shutil.which("strace") is None:
        raise Skip("no strace")
    db, other = place / "x.db", place / "y.db"
    run("ingest", "-q", "-d", other, str(TOP / "samples"))
    packed = place / "a.gz"
    with open(packed, "wb") as out:
        subprocess.run(["gzip", "-c", LOG], stdout=out, check=True)
    for args in (("ingest", "-j", "2", "-d", db, packed, LOG),
                 ("report", "-d", db), ("report", "-d", db, "-f", "html", "-o",
                                        place / "r.html"),
                 ("events", packed), ("classify", "550 5.1.1 no such user"),
                 ("explain", "550"), ("patterns", "check"),
                 ("reclassify", "-d", db), ("merge", "-d", db, other),
                 ("prune", "-d", db), ("check", "-d", db),
                 ("dump", "-d", db)):
        found = trace(place, *args)
        check(found == [], f"{args[0]}: {found[:3]}")


def main():
    subprocess.run(["make", "-s", "--no-print-directory",
                    str(INTRUDER.relative_to(TOP))], cwd=TOP, check=True)
    passed, failed, skipped = 0, 0, 0
    for name, case in sorted(globals().items()):
        kind = name.split("_")[0]
        if kind not in ("inside", "traps", "modes", "calls") or (
                sys.argv[1:] and not any(w in name for w in sys.argv[1:])):
            continue
        with tempfile.TemporaryDirectory() as place:
            try:
                case(pathlib.Path(place))
                passed += 1
            except Skip as why:
                skipped += 1
                print(f"skipped: {name}: {why}")
            except (AssertionError, OSError,
                    subprocess.SubprocessError) as why:
                failed += 1
                print(f"FAIL {name}: {why}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
