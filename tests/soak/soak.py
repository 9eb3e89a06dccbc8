#!/usr/bin/env python3
"""Runs the real monitor on a real tmux server, breaks everything around it, and watches.

    soak.py --build BUILD [--minutes N] [--seed S] [--sessions N] [--connection] [--keep DIR]
            [--binary FILE] [--temper NAME]

tools/soak.sh is the way to start it. Recorded screens play in the panes; faults are drawn
from the seed; now and then an account is truly used up, and one switch must come of it.

Exit code 0: all held; 1: it was too short to come to everything it should have; 3: an
invariant broke; 4: a switch was due and none came; 77: there is no tmux.
"""
import argparse
import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import reactions
import recordings
import report
from faults import Faults
from fleet import SOCKET, Fleet
from monitor import Monitor, end_children
from scenario import Scenario
from world import CONFIG, World

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCOUNTS = ["a", "b", "c", "d", "e", "f"]
PREFIX = "ccl-auto-"
DISK_BYTES = 512 * 1024
PR_SET_CHILD_SUBREAPER = 36
# The program and size of each session, cyclically.
FAMILIES = (("claude-code", 100, 36), ("claude-code", 100, 36), ("codex", 100, 34),
            ("claude-code", 100, 36), ("gemini", 100, 34), ("claude-code", 100, 36),
            ("claude-code", 60, 36))

LEFT_ALONE = "gemini"  # the program whose sessions nobody asks to go on


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--binary", help="watch with this program instead of the build's")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--connection", action="store_true",
                        help="ask tmux over a lasting connection, whatever its version")
    parser.add_argument("--temper", choices=list(reactions.TEMPERS),
                        help="every session at a limit takes keys so, instead of drawing it from the seed")
    parser.add_argument("--keep", type=pathlib.Path, help="leave all that was recorded here")
    return parser.parse_args()


def adopt_orphans():
    """Whatever loses its parent below us becomes our child: so that it can be ended."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def mount_disk(path):
    """A small disk of its own for the state. False where nobody may mount."""
    path.mkdir(mode=0o700)
    options = f"size={DISK_BYTES},mode=0700"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "soak", str(path)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"the disk is not filled in this run: {done.stderr.strip()}")
    return done.returncode == 0


def sessions_of(count):
    dedicated = [f"main-{number}" for number in range(1, max(1, count // 8) + 1)]
    pool = [f"{PREFIX}{number}" for number in range(1, count - len(dedicated) + 1)]
    return pool, dedicated


def write_config(folder, pool, dedicated, left_alone, connection):
    config = json.loads(json.dumps(CONFIG))
    config["pool"] = {"autonomous": {"prefix": PREFIX, "start_index": 1, "max": len(pool)},
                      "dedicated": [{"name": name} for name in dedicated]}
    config["accounts"] = [{"name": name} for name in ACCOUNTS]
    config["active_account"] = ACCOUNTS[0]
    config["tmux"]["socket_name"] = SOCKET
    if connection:
        config["tmux"]["keep_connection"] = True
    config["resume"]["sessions"] = {name: {"how": "off"} for name in left_alone}
    config["switch"]["command"] = [str(folder / "hook.sh"), str(folder)]
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.random = random.Random(options.seed)
        disk = folder / "state" if mount_disk(folder / "state") else None
        self.has_disk = disk is not None
        pool, dedicated = sessions_of(options.sessions)
        families = {name: FAMILIES[number % len(FAMILIES)]
                    for number, name in enumerate(dedicated + pool)}
        left_alone = [name for name, family in families.items() if family[0] == LEFT_ALONE]
        write_config(folder, pool, dedicated, left_alone, options.connection)
        shutil.copy(ROOT / "tests/soak/hook.sh", folder)
        self.fleet = Fleet(folder, {name: family[1:] for name, family in families.items()},
                           options.build / "tests/soak/player")
        binary = options.binary or str(options.build / "quotawatch")
        shim = str(options.build / "tests/soak/crash_shim.so")
        self.monitor = Monitor(folder, binary, shim, self.fleet.environment)
        self.world = World(folder, self.fleet, self.monitor, pool, dedicated, ACCOUNTS)
        self.world.left_alone.update(left_alone)
        library = recordings.read_recordings(ROOT / "fixtures")
        self.scenario = Scenario(self.world, self.random, library, families)
        self.scenario.reactions.only_temper = options.temper
        self.faults = Faults(self.world, self.random, self.scenario, disk)

    def run(self):
        for session in self.fleet.sizes:
            self.scenario.show_work(session)
        self.scenario.set_hook("ok 0.05")
        self.fleet.build()
        self.scenario.start_monitor()
        until = time.time() + self.options.minutes * 60
        while time.time() < until and not self.world.violations:
            self.scenario.episode(self.faults, until)
        self.world.run_until(time.time() + 1)

    def end(self):
        """Ends everything that runs and writes down what is saved at last."""
        code = self.monitor.end()
        if code not in (None, 0):
            self.world.violate("crash", f"SIGTERM ended the monitor with exit code {code}")
        self.world.follow()
        self.monitor.note_life()

    def stop(self):
        self.monitor.end()
        self.fleet.end()
        end_children()
        if self.has_disk:
            subprocess.run(["umount", str(self.folder / "state")], check=False)


def run(options, folder):
    soak = Soak(options, folder)
    try:
        soak.run()
        soak.end()
        lives = subprocess.run([str(options.build / "tests/soak/check_lives"), str(folder)],
                               capture_output=True, text=True, check=False)
    finally:
        soak.world.trace.flush()
        soak.stop()
    return report.tell(soak.world, lives, options, soak.has_disk)


def main():
    if not shutil.which("tmux"):
        print("soak: skipped: there is no tmux")
        return 77
    options = arguments()
    options.build = options.build.resolve()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    adopt_orphans()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: sys.exit("soak: stopped"))
    print(f"soak: {options.minutes:g} minutes, {options.sessions} sessions, seed {options.seed}",
          flush=True)
    if options.keep:
        options.keep.mkdir(parents=True, mode=0o700)
        return run(options, options.keep.resolve())
    with tempfile.TemporaryDirectory(prefix="quotawatch-soak-") as folder:
        return run(options, pathlib.Path(folder).resolve())


if __name__ == "__main__":
    os.umask(0o077)
    os.environ.pop("TZ", None)  # banners use the machine's own zone
    time.tzset()
    sys.exit(main())
