#!/usr/bin/env python3
"""The hooks in tools/hooks that tell and switch, against fakes of what they call.

    hooks_test.py
"""
import json
import os
import sys

import tap
from support import HOOKS, HOSTILE, HookTest


class AllHooks(HookTest):
    def test_are_plain_sh_that_says_what_it_is_for(self):
        hooks = sorted(path.name for path in HOOKS.iterdir())
        self.assertEqual(hooks, ["continue-after-reset", "notify-desktop",
                                 "switch-claude-config-dir", "webhook"])
        for name in hooks:
            lines = (HOOKS / name).read_text().splitlines()
            self.assertEqual(lines[0], "#!/bin/sh", name)
            self.assertRegex(lines[1], r"^# (An events|A switch) hook of quotawatch: ", name)
            self.assertTrue(any('"command": [' in line for line in lines[:12]), name)
            self.assertTrue(os.access(HOOKS / name, os.X_OK), name)

    def test_do_nothing_without_an_event(self):
        self.fake("curl")
        self.fake("notify-send")
        for name, status in {"notify-desktop": 2, "webhook": 2, "continue-after-reset": 0,
                             "switch-claude-config-dir": 1}.items():
            self.assertEqual(self.run_hook(name, {}).returncode, status, name)
        self.assertEqual(self.calls("curl") + self.calls("notify-send"), [])


class NotifyDesktop(HookTest):
    def shown(self, variables):
        self.fake("notify-send")
        result = self.run_hook("notify-desktop", variables)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        calls = self.calls("notify-send")
        self.assertEqual(len(calls), 1)
        return calls[0]

    def test_tells_of_a_reset(self):
        self.assertEqual(
            self.shown({"EVENT": "reset", "SESSIONS": "main\nccl-auto-1", "ACCOUNT": "work",
                        "RESET_AT": "2026-11-23T20:00:00Z"}),
            ["--app-name=quotawatch", "--urgency=normal", "--", "A limit has ended",
             "sessions: main ccl-auto-1\naccount: work\nresets: 2026-11-23T20:00:00Z"])

    def test_is_urgent_where_every_account_is_out(self):
        arguments = self.shown({"EVENT": "exhausted_everywhere", "SESSION": "main", "FROM": "a",
                                "SNIPPET": "You've hit your limit",
                                "RETRY_AT": "2026-11-23T20:00:00Z"})
        self.assertEqual(arguments[1:4],
                         ["--urgency=critical", "--", "Every account is at its limit"])
        self.assertEqual(arguments[4], "session: main\nfrom: a\nshows: You've hit your limit\n"
                                       "next account free: 2026-11-23T20:00:00Z")

    def test_has_a_title_for_each_event_that_is_told_by_default(self):
        titles = set()
        for event in ("exhausted_everywhere", "stale", "unrecognised", "verdict", "reset"):
            (self.folder / "notify-send.arguments").unlink(missing_ok=True)
            titles.add(self.shown({"EVENT": event, "VERDICT": "auth"})[3])
        self.assertEqual(len(titles), 5, titles)
        self.assertIn("A session shows: auth", titles)

    def test_hostile_text_is_text(self):
        arguments = self.shown({"EVENT": "unrecognised", "SESSION": HOSTILE, "SNIPPET": HOSTILE,
                                "WHY": HOSTILE})
        self.assertEqual(len(arguments), 5)
        plain = (HOSTILE.replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
                 .replace(">", "&gt;"))
        self.assertEqual(arguments[4], f"session: {plain}\nshows: {plain}\nwhy: {plain}")

    def test_fails_where_notify_send_does(self):
        self.fake("notify-send", status=1)
        self.assertEqual(self.run_hook("notify-desktop", {"EVENT": "stale"}).returncode, 1)


class Webhook(HookTest):
    event = json.dumps({"event": "stale", "session": HOSTILE}) + "\n"

    def post(self, url, status=0):
        self.fake("curl", status)
        return self.run_hook("webhook", {"EVENT": "stale", "SESSION": HOSTILE, "WEBHOOK_URL": url},
                             self.event)

    def test_posts_the_object_as_it_is(self):
        result = self.post("https://example.org/a?b=c d")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(self.input_of("curl"), self.event)
        (arguments,) = self.calls("curl")
        self.assertEqual(arguments[-2:], ["--url", "https://example.org/a?b=c d"])
        self.assertEqual(arguments[arguments.index("--data-binary") + 1], "@-")
        self.assertIn("--fail", arguments)
        self.assertTrue(0 < int(arguments[arguments.index("--max-time") + 1]) < 30,
                        "it has to end before events.timeout ends it")
        self.assertFalse([word for word in arguments if "touch" in word])

    def test_fails_where_the_server_does(self):
        self.assertEqual(self.post("https://example.org/", status=22).returncode, 22)

    def test_refuses_what_is_no_address_of_the_web(self):
        for url in ("", "example.org", "file:///etc/passwd", "--config=x"):
            result = self.post(url)
            self.assertEqual(result.returncode, 2, url)
            self.assertIn("QUOTAWATCH_WEBHOOK_URL", result.stderr)
        self.assertEqual(self.calls("curl"), [])


class SwitchClaudeConfigDir(HookTest):
    def setUp(self):
        super().setUp()
        self.accounts = self.folder / ".claude-accounts"
        self.current = self.folder / ".claude-current"
        for name in ("work", "spare", "two words"):
            (self.accounts / name).mkdir(parents=True)
            (self.accounts / name / "kept").write_text(name)

    def switch(self, to, request="id-1"):
        return self.run_hook("switch-claude-config-dir",
                             {"_HOME": str(self.folder), "ID": request, "TO": to, "FROM": "work"})

    def target(self):
        return os.readlink(self.current)

    def test_points_the_link_to_the_account(self):
        for number, name in enumerate(("spare", "two words", "work")):
            result = self.switch(name, f"id-{number}")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(self.target(), str(self.accounts / name))
        inside = sorted(path.name for path in (self.accounts / "work").iterdir())
        self.assertEqual(inside, ["kept"], "no link was made within the one before")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         [".claude-accounts", ".claude-current", "bin", "work"])

    def test_the_same_request_changes_nothing_more(self):
        self.assertEqual(self.switch("spare").returncode, 0)
        self.current.unlink()
        self.current.symlink_to(self.accounts / "work")  # the user switched back
        again = self.switch("spare")
        self.assertEqual((again.returncode, self.target()), (0, str(self.accounts / "work")))
        self.assertEqual(self.switch("spare", "id-2").returncode, 0)
        self.assertEqual(self.target(), str(self.accounts / "spare"))

    def test_a_request_that_came_to_nothing_is_carried_out_when_it_comes_again(self):
        self.assertEqual(self.switch("later").returncode, 1)
        (self.accounts / "later").mkdir()
        self.assertEqual(self.switch("later").returncode, 0)
        self.assertEqual(self.target(), str(self.accounts / "later"))

    def test_refuses_what_is_no_account(self):
        self.assertEqual(self.switch("work").returncode, 0)
        for name in ("", ".", "..", "../work", "/tmp", "work/", "work/../spare", "nobody", HOSTILE):
            result = self.switch(name, f"id of {name}")
            self.assertEqual(result.returncode, 1, name)
            self.assertNotEqual(result.stderr, "", name)
            self.assertEqual(self.target(), str(self.accounts / "work"), name)

    def test_refuses_to_replace_what_is_no_link(self):
        self.current.mkdir()
        result = self.switch("spare")
        self.assertEqual(result.returncode, 1)
        self.assertIn("is no link", result.stderr)
        self.assertEqual(list(self.current.iterdir()), [])

    def test_a_link_to_nowhere_is_replaced(self):
        self.current.symlink_to(self.folder / "gone")
        self.assertEqual(self.switch("spare").returncode, 0)
        self.assertEqual(self.target(), str(self.accounts / "spare"))


if __name__ == "__main__":
    tap.run(sys.modules["__main__"])
