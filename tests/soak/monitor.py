"""The lives of the monitor: started, killed, found dead, and written down."""
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import time

STEPS = ("make-state", "write-state", "sync-state", "link-previous", "rename-previous",
         "rename-state", "sync-folder", "write-journal", "start-hook", "reap-hook", "type")
# All named points at which crash_shim.cc can end a life.
POINTS = tuple(f"{timing} {step}" for step in STEPS for timing in ("before", "half", "after")
               if timing != "half" or step.startswith("write-"))


@dataclasses.dataclass
class Death:
    life: int
    point: str = ""  # the named point at which it was killed, if any
    by_itself: str = ""  # how it ended, if it was not killed


def milliseconds():
    return time.time_ns() // 1_000_000


class Monitor:
    def __init__(self, folder, binary, shim, environment):
        self.folder = pathlib.Path(folder)
        self.binary, self.shim, self.environment = binary, shim, environment
        self.state_path = self.folder / "state" / "state.json"
        self.process = None
        self.life = 0
        self.stopped = False
        self.killed = False  # by us; its end has not been noticed yet
        self.points_reached = 0
        (self.folder / "logs").mkdir()
        (self.folder / "journal.jsonl").touch()

    def running(self):
        return self.process is not None

    def up(self):
        return self.process is not None and not self.stopped and not self.killed

    def listens(self):
        """It has said that it watches, which it does after it has begun to heed signals."""
        return b"watching" in self._log(self.life).read_bytes()

    def saved(self):
        """The text of the state, None where there is none."""
        try:
            return self.state_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def _log(self, life):
        return self.folder / "logs" / f"life-{life}.log"

    def _all_saved(self):
        """False if the last thing a life said of saving is that it could not."""
        if self.life == 0:
            return True
        log = self._log(self.life).read_bytes()
        return log.rfind(b"the state cannot be saved") <= log.rfind(b"the state can be saved again")

    def note_life(self):
        """What is saved at the beginning of a life; once more at the end of the soak."""
        note = {"life": self.life + 1, "at": milliseconds(), "whole": self._all_saved(),
                "state": self.saved(),
                "journal": (self.folder / "journal.jsonl").stat().st_size}
        with open(self.folder / "lives.jsonl", "a", encoding="utf-8") as lives:
            lives.write(json.dumps(note) + "\n")

    def start(self, point="", passage=1):
        self.note_life()
        self.life += 1
        environment = {**self.environment, "SOAK_LIFE": str(self.life), "LD_PRELOAD": self.shim,
                       "QUOTAWATCH_CRASH_STATE": "state.json",
                       "QUOTAWATCH_CRASH_JOURNAL": "journal.jsonl",
                       "QUOTAWATCH_CRASH_HOOK": str(self.folder / "hook.sh"),
                       "QUOTAWATCH_CRASH_LOG": str(self.folder / "points")}
        if point:
            environment["QUOTAWATCH_CRASH_AT"] = f"{point} {passage}"
        with open(self._log(self.life), "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "run", "--config", str(self.folder / "config.json"),
                 "--journal", str(self.folder / "journal.jsonl")],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self):
        self.killed = True
        self.process.send_signal(signal.SIGKILL)

    def stop(self):
        self.stopped = True
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        if self.stopped and self.process:
            self.process.send_signal(signal.SIGCONT)
        self.stopped = False

    def read_again(self):
        self.process.send_signal(signal.SIGHUP)

    def find_death(self):
        """How the life ended, once it has."""
        code = self.process.poll() if self.process else None
        if code is None:
            return None
        death = Death(self.life)
        points = self._points()
        if len(points) > self.points_reached:
            death.point = points[-1]
            self.points_reached = len(points)
        elif not self.killed or code != -signal.SIGKILL:
            said = self._log(self.life).read_text(encoding="utf-8", errors="replace")
            death.by_itself = f"exit code {code}: {said[-300:]}"
        self.process = None
        self.stopped = self.killed = False
        return death

    def _points(self):
        path = self.folder / "points"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def end(self):
        """SIGTERM, which ends the hook with it; what is left then is killed."""
        if not self.process:
            return None
        self.go_on()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process = None


def end_children(grace=5.0):
    """Kills what was left to us as the nearest ancestor: hooks of killed monitors."""
    until = time.time() + grace
    while time.time() < until:
        children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.02)
