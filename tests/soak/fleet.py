"""A private tmux server whose panes show what the driver writes to them, and note what is typed."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

SOCKET = "quotawatch-soak"
END_OF_TRANSMISSION = b"\x04"


def draw(rows):
    """Rows as a terminal gets them: from the bottom up, so that what is caught half-drawn
    shows the newest word first, and no row is ever blank between old and new."""
    parts = [f"\x1b[{number};1H{rows[number - 1]}\x1b[K" for number in range(len(rows), 0, -1)]
    return "".join(parts).encode()


class Fleet:
    """The server and its sessions. In each pane runs a player (player.cc), which reads a pipe of ours."""

    def __init__(self, folder, sizes, player):
        self.folder = pathlib.Path(folder)
        self.player = player
        self.sizes = sizes  # by session: columns, rows
        self.screens = {}  # by session: rows
        self.pipes = {}
        self.waiting = {}  # by session: bytes that did not fit into its pipe
        self.modes = {}  # by session in copy mode: since when
        self.absent = set()  # sessions whose program has ended
        self.generation = 0
        self.pid = None
        self.stopped = False
        self.environment = {**os.environ, "TMUX_TMPDIR": str(self.folder), "SHELL": "/bin/sh",
                            "LC_ALL": "C.UTF-8"}
        self.environment.pop("TMUX", None)

    def tmux(self, *arguments):
        command = ["tmux", "-u", "-f", "/dev/null", "-L", SOCKET, *arguments]
        return subprocess.run(command, env=self.environment, cwd=self.folder, text=True, check=True,
                              capture_output=True, timeout=60).stdout

    def up(self):
        return self.pid is not None and not self.stopped

    def build(self):
        """A server with all sessions, which show what they showed before."""
        self.generation += 1
        pipes = self.folder / f"pipes-{self.generation}"
        pipes.mkdir()
        lines = ["set-option -g status off", "set-option -g exit-empty off"]
        for session, (columns, rows) in self.sizes.items():
            path = pipes / session
            os.mkfifo(path, 0o600)
            # We open it for reading, too, so that cat always has a writer.
            self.pipes[session] = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            self._write(session, draw(self.screens[session]))
            lines.append(f"new-session -d -s {session} -x {columns} -y {rows} '{self._program(session)}'")
        script = self.folder / "sessions.tmux"
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.pid = int(self.tmux("start-server", ";", "source-file", str(script), ";",
                                 "display-message", "-p", "#{pid}").split()[-1])

    def _program(self, session):
        return f"exec {self.player} pipes-{self.generation}/{session} {session} typed.jsonl"

    def end_program(self, session):
        """Its session ends with it."""
        if session in self.pipes and session not in self.absent:
            self.absent.add(session)
            self.modes.pop(session, None)
            self._write(session, END_OF_TRANSMISSION)

    def begin_program(self, session):
        columns, rows = self.sizes[session]
        self.tmux("new-session", "-d", "-s", session, "-x", str(columns), "-y", str(rows), self._program(session))
        self.absent.discard(session)

    def scroll(self, session):
        """Into copy mode, as somebody who looks further up."""
        if self.up() and session not in self.absent and session not in self.modes:
            self.tmux("copy-mode", "-t", f"={session}:")
            self.modes[session] = time.time()

    def leave_mode(self, session):
        if session not in self.modes:
            return
        self.go_on()
        if self.up():
            self.tmux("send-keys", "-t", f"={session}:", "-X", "cancel")
        del self.modes[session]

    def show(self, session, rows):
        self.screens[session] = rows
        if session in self.pipes and session not in self.absent:
            self._write(session, draw(rows))

    def _write(self, session, text):
        text = self.waiting.pop(session, b"") + text
        try:
            written = os.write(self.pipes[session], text)
        except BlockingIOError:
            written = 0
        if written < len(text):
            self.waiting[session] = text[written:]

    def flush(self):
        for session in list(self.waiting):
            self._write(session, b"")

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self._forget()

    def end(self):
        """Ends the server if one runs; its panes end with it."""
        if self.pid is not None:
            self.go_on()
            self.kill()

    def _forget(self):
        self.pid = None
        self.stopped = False
        for pipe in self.pipes.values():
            os.close(pipe)
        self.pipes.clear()
        self.waiting.clear()
        self.modes.clear()
        self.absent.clear()
        shutil.rmtree(self.folder / f"pipes-{self.generation}")

    def stop(self):
        os.kill(self.pid, signal.SIGSTOP)
        self.stopped = True

    def go_on(self):
        if self.stopped:
            os.kill(self.pid, signal.SIGCONT)
        self.stopped = False
