"""One host: a private tmux server with one agent's screen, a monitor, and a hook that writes down each switch."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

HOOK = """#!/bin/sh
echo "$(date +%s%N) $QUOTAWATCH_GENERATION $QUOTAWATCH_FROM $QUOTAWATCH_TO" >> "{folder}/switches"
exit "$(cat "{folder}/status")"
"""


def wait_for(condition, seconds=30.0):
    """What the condition says once that is true; else what it says last."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.02)


class Host:
    def __init__(self, program, name, address, **store):
        self.program = program
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"quotawatch-{name}-"))
        self.process = None
        self.screens = 0
        (self.folder / "status").write_text("0")
        (self.folder / "switches").write_text("")
        hook = self.folder / "hook"
        hook.write_text(HOOK.format(folder=self.folder))
        hook.chmod(0o700)
        self.config = self.folder / "quotawatch.json"
        self.config.write_text(json.dumps({
            "quota": {"poll_interval": "200ms", "reactivate_cooldown": "400ms"},
            "pool": {"dedicated": [{"name": "main"}]},
            "accounts": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "active_account": "a",
            "switch": {"command": [str(hook)]}, "tmux": {"socket_name": "hosts"},
            "store": {"postgresql": address, "host": name, "timeout": "1s", **store},
            "journal": {"path": str(self.folder / "journal")}}))
        self.config.chmod(0o600)
        self.environment = {**os.environ, "TMUX_TMPDIR": str(self.folder), "TZ": "UTC"}
        self.environment.pop("TMUX", None)
        self.show("> hello\n")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", "hosts", "-f", "/dev/null", *arguments], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def show(self, text):
        self.screens += 1
        screen = self.folder / f"screen-{self.screens}"
        screen.write_text(text.rstrip("\n"))
        shown = f"cat {screen}; exec sleep 6000"
        if self.screens == 1:
            self.tmux("new-session", "-d", "-s", "main", "-x", "100", "-y", "30", shown)
        else:
            self.tmux("respawn-pane", "-k", "-t", "=main:", shown)

    def run(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([self.program, "run", "--config", self.config], env=self.environment,
                                        stdout=log, stderr=log)
        log.close()

    def end(self, number=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
        self.process = None

    def command(self, *arguments, check=True):
        return subprocess.run([self.program, *arguments, "--config", self.config], env=self.environment, check=check,
                              capture_output=True, text=True)

    def switches(self):
        """(when, generation, from, to) of each hook."""
        lines = [line.split() for line in (self.folder / "switches").read_text().splitlines()]
        return [(int(when), int(generation), one, other) for when, generation, one, other in lines]

    def generations(self):
        return [generation for _, generation, _, _ in self.switches()]

    def set_hook(self, status):
        (self.folder / "status").write_text(str(status))

    def journal(self, *events):
        path = self.folder / "journal"
        lines = path.read_text().splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["event"] in events]

    def close(self):
        self.end()
        subprocess.run(["tmux", "-L", "hosts", "kill-server"], env=self.environment, check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
