#!/usr/bin/env python3
"""continue-after-reset on a private tmux server, whose panes show recorded screens.

    continue_test.py QUOTAWATCH
"""
import os
import pathlib
import pty
import re
import subprocess
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone

import tap
from support import HOSTILE, ROOT, HookTest

QUOTAWATCH = None
CAPTURES = ROOT / "fixtures" / "captures"
RESET = "Nov 26, 12am"
PATIENCE_S = 20

# Shows a screen and records what is typed, line by line.
PANE = 'stty -echo; cat "$1"; exec cat > "$2"'
# The same, with a part of the screen that keeps changing.
BUSY_PANE = ('stty -echo; cat "$1"; exec 3<&0; cat <&3 > "$2" & '
             'while :; do i=$((i + 1)); printf "\\033[1;1H%s" $i; sleep 0.1; done')


def screens(path):
    """The recorded screens of a transcript, as lists of rows."""
    found = []
    for line in (CAPTURES / path).read_text(encoding="utf-8").splitlines():
        if re.match(r"@\S+ screen ", line):
            found.append([])
        elif line.startswith("|") and found:
            found[-1].append(line[1:])
    return found


def recorded(path, *words, without=()):
    """The first screen on which all these words stand."""
    for rows in screens(path):
        text = "\n".join(rows)
        if all(word in text for word in words) and not any(word in text for word in without):
            return rows
    raise AssertionError(f"no such screen in {path}")


WEEKLY = recorded("claude-code/2.1.330-100-weekly_limit.transcript", RESET, "❯\u00a0",
                  without=["What do you want to do?"])
MENU = recorded("claude-code/2.1.330-100-weekly_limit.transcript", RESET, "What do you want to do?")
CODEX = recorded("codex/0.169.0-100-weekly_limit.transcript", "Ask Codex to do anything",
                 "try again at Nov 26th, 2026 9:45 PM")
SESSION = recorded("claude-code/2.0.47-100-plain_session_limit.transcript", "resets 12:30am")
AUTOMATIC = recorded("claude-code/2.1.330-100-session_limit.transcript", "resets 12am",
                     "Continuing automatically", without=["❯\u00a0again"])
AFTER_ERROR = recorded("claude-code/2.1.330-100-limit_then_500.transcript", "API Error: 500")
TALK = screens("claude-code/2.1.330-100-talk_about_limits.transcript")[-1]


def changed(rows, old, new):
    result = [row.replace(old, new) for row in rows]
    assert result != rows, old
    return result


class ContinueAfterReset(HookTest):
    def setUp(self):
        super().setUp()
        self.socket = f"quotawatch-hooks-{os.getpid()}"
        (self.folder / "tmux").mkdir()
        os.environ["TMUX_TMPDIR"] = str(self.folder / "tmux")
        self.addCleanup(self.tmux, "kill-server")
        self.typed_files = {}

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-u", "-f", "/dev/null", "-L", self.socket, *arguments],
                              capture_output=True, text=True, check=False).stdout.strip()

    def show(self, session, rows, pane=PANE):
        """A session whose pane shows these rows and nothing else. Its id."""
        number = len(self.typed_files)
        screen, typed = self.folder / f"screen-{number}", self.folder / f"typed-{number}"
        screen.write_text("\n".join(rows), encoding="utf-8")
        typed.touch()
        made = self.tmux("new-session", "-d", "-P", "-F", "#{session_id}", "-s", session, "-x",
                         "100", "-y", str(len(rows)), "sh", "-c", pane, "sh", str(screen),
                         str(typed))
        self.assertRegex(made, r"^\$\d+$", session)
        self.typed_files[session] = (made, typed)
        last = [row for row in rows if row.strip()][-1].strip()
        self.eventually(lambda: last in self.tmux("capture-pane", "-p", "-t", made + ":"))
        return made

    def eventually(self, condition):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertLess(time.monotonic(), end, "it never came so far")
            time.sleep(0.02)

    def typed(self, session):
        """What was typed so far; what is typed after it proves that nothing is under way."""
        made, file = self.typed_files[session]
        self.tmux("send-keys", "-t", made + ":", "-X", "cancel")  # leave copy mode, if it is active
        self.tmux("send-keys", "-t", made + ":", "the end", "Enter")
        self.eventually(lambda: file.read_text().endswith("the end\n"))
        return file.read_text().removesuffix("the end\n")

    def run_for(self, sessions, reset_text=RESET, **variables):
        """What the hook says of each session."""
        result = self.run_hook("continue-after-reset", {
            "EVENT": "reset", "SESSIONS": "\n".join(sessions), "RESET_TEXT": reset_text,
            "TMUX_SOCKET": self.socket, "PROGRAM": QUOTAWATCH, **variables})
        self.assertEqual(result.returncode, 0, result.stderr)
        said = {}
        for line in result.stderr.splitlines():
            name, _, what = line.rpartition(": left alone: ")
            if not name:
                name, _, what = line.rpartition(": ")
            said[name] = what
        return said

    def test_types_only_where_nobody_is_disturbed(self):
        hostile = HOSTILE
        shown = {
            "main": WEEKLY,
            hostile: WEEKLY,
            "codex": changed(CODEX, "Nov 26th, 2026 9:45 PM", RESET),
            "draft": changed(WEEKLY, "❯\u00a0", "❯\u00a0but first"),
            "codex-draft": changed(changed(CODEX, "Nov 26th, 2026 9:45 PM", RESET),
                                   "Ask Codex to do anything", "Ask Codex to do anything else"),
            "menu": MENU,
            "automatic": changed(AUTOMATIC, "resets 12am (Europe/Paris)", f"resets {RESET}"),
            "other-limit": changed(WEEKLY, RESET, "Nov 27, 12am"),
            "error": AFTER_ERROR,
            "talk": TALK,
            "main-10": WEEKLY,
        }
        for session, rows in shown.items():
            self.show(session, rows)
        self.show("busy", WEEKLY, BUSY_PANE)
        scrolled = self.show("scrolled", WEEKLY)
        self.tmux("copy-mode", "-t", scrolled + ":")
        said = self.run_for([*(name for name in shown if name != "main-10"), "busy", "scrolled",
                             "main-1", "gone", "mai", "*", "=main"])
        self.assertEqual(said, {
            "main": 'typed "continue"',
            hostile: 'typed "continue"',
            "codex": 'typed "continue"',
            "draft": "has something typed in its prompt",
            "codex-draft": "has something typed in its prompt",
            "menu": "has a menu open",
            "automatic": "goes on by itself",
            "other-limit": "shows another limit than the one that has ended",
            "error": "shows no limit message (any more)",
            "talk": "shows no limit message (any more)",
            "busy": "it changes",
            "scrolled": "is scrolled back",
            "main-1": "does not exist",
            "gone": "does not exist",
            "mai": "does not exist",
            "*": "does not exist",
            "=main": "does not exist",
        })
        for session in [*shown, "busy", "scrolled"]:
            wanted = "continue\n" if said.get(session) == 'typed "continue"' else ""
            self.assertEqual(self.typed(session), wanted, session)

    def test_without_a_text_only_banners_that_have_expired(self):
        now = datetime.now(timezone.utc)
        over, ahead = (f"{moment:%I%p} (UTC)".lstrip("0").replace("AM", "am").replace("PM", "pm")
                       for moment in (now - timedelta(hours=2), now + timedelta(hours=3)))
        self.show("over", changed(SESSION, "12:30am", over))
        self.show("ahead", changed(SESSION, "12:30am", ahead))
        self.assertEqual(self.run_for(["over", "ahead"], reset_text=""),
                         {"over": 'typed "continue"',
                          "ahead": "shows a limit that has not ended, or nobody can tell"})
        self.assertEqual((self.typed("over"), self.typed("ahead")), ("continue\n", ""))

    def attach(self, session):
        """Somebody at a terminal of his own."""
        controller, terminal = pty.openpty()
        client = subprocess.Popen(["tmux", "-u", "-f", "/dev/null", "-L", self.socket, "attach",
                                   "-t", session], stdin=terminal, stdout=terminal, stderr=terminal,
                                  env={**os.environ, "TERM": "screen", "TMUX": ""},
                                  start_new_session=True)
        os.close(terminal)

        def leave():
            client.kill()
            client.wait()
            os.close(controller)
        self.addCleanup(leave)
        self.eventually(lambda: self.tmux("list-clients", "-t", session))

    def test_waits_for_nobody_who_was_there_just_now(self):
        used = self.show("used", WEEKLY)
        self.show("beside", WEEKLY)
        self.tmux("set-option", "-g", "status", "off")
        self.attach(used)
        self.tmux("resize-window", "-t", used + ":", "-x", "100", "-y", str(len(WEEKLY)))
        self.assertEqual(self.run_for(["used", "beside"]),
                         {"used": "somebody is there", "beside": 'typed "continue"'})
        self.assertEqual((self.typed("used"), self.typed("beside")), ("", "continue\n"))

    def test_types_where_a_client_is_attached_that_nobody_has_used(self):
        used = self.show("used", WEEKLY)
        self.tmux("set-option", "-g", "status", "off")
        self.attach(used)
        self.tmux("resize-window", "-t", used + ":", "-x", "100", "-y", str(len(WEEKLY)))
        later = self.folder / "bin" / "date"
        later.write_text('#!/bin/sh\necho $(($(/bin/date "$@") + 60))\n')
        later.chmod(0o755)
        self.assertEqual(self.run_for(["used"]), {"used": 'typed "continue"'})

    def test_does_nothing_at_other_events(self):
        self.show("main", WEEKLY)
        self.assertEqual(self.run_for(["main"], EVENT="stale"), {})
        self.assertEqual(self.typed("main"), "")

    def test_fails_where_quotawatch_does(self):
        self.show("main", WEEKLY)
        result = self.run_hook("continue-after-reset", {
            "EVENT": "reset", "SESSIONS": "main", "TMUX_SOCKET": self.socket,
            "PROGRAM": "/no/such/program"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("/no/such/program", result.stderr)
        self.assertEqual(self.typed("main"), "")


if __name__ == "__main__":
    QUOTAWATCH = str(pathlib.Path(sys.argv[1]).resolve())
    tap.run(sys.modules["__main__"])
