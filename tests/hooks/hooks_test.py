#!/usr/bin/env python3
"""The hooks in tools/hooks that tell and switch, against fakes of what they call.

    hooks_test.py
"""
import json
import os
import sys

import tap
from support import HOOKS, HOSTILE, HookTest



def tree(folder):
    """Every file and link below a folder, with what it says."""
    return {str(path): os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*"))}


# What several hooks share; each of the others is a hook by itself.
SHARED = ["event-text", "post-privately", "swap-private-file"]
EVENT_HOOKS = ["notify-desktop", "notify-ntfy", "webhook"]
SWITCH_HOOKS = ["switch-claude-config-dir", "switch-claude-credentials", "switch-codex-auth",
                "switch-with-caam", "switch-with-cswap"]


class AllHooks(HookTest):
    def test_are_plain_sh_that_says_what_it_is_for(self):
        self.assertEqual(sorted(path.name for path in HOOKS.iterdir()),
                         sorted(SHARED + EVENT_HOOKS + SWITCH_HOOKS))
        for name in SHARED + EVENT_HOOKS + SWITCH_HOOKS:
            lines = (HOOKS / name).read_text().splitlines()
            self.assertEqual(lines[0], "#!/bin/sh", name)
            self.assertTrue(os.access(HOOKS / name, os.X_OK), name)
            if name not in SHARED:
                self.assertRegex(lines[1], r"^# (An events|A switch) hook of quotawatch: ", name)
                self.assertTrue(any('"command": [' in line for line in lines[:12]), name)

    def test_do_nothing_without_a_request(self):
        for program in ("curl", "notify-send", "cswap", "caam"):
            self.fake(program)
        for name in EVENT_HOOKS:
            self.assertEqual(self.run_hook(name, {}).returncode, 2, name)
        for name in SWITCH_HOOKS:
            result = self.run_hook(name, {"_HOME": str(self.folder), "TO": "spare"})
            self.assertEqual((result.returncode, result.stdout), (1, ""), name)
            self.assertIn("no request", result.stderr, name)
        for program in ("curl", "notify-send", "cswap", "caam"):
            self.assertEqual(self.calls(program), [])


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
        events = ("exhausted_everywhere", "switch_failed", "switch_ineffective", "resume_failed", "tmux_down",
                  "no_agent", "stopped", "stale", "unrecognised", "verdict", "reset")
        for event in events:
            (self.folder / "notify-send.arguments").unlink(missing_ok=True)
            titles.add(self.shown({"EVENT": event, "VERDICT": "auth"})[3])
        self.assertEqual(len(titles), len(events), titles)
        self.assertFalse([title for title in titles if title.startswith("quotawatch: ")])
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


class PostTest(HookTest):
    """Hooks that post with curl to an address that is a secret."""
    secret = "https://example.org/a?b=c%20d"

    def setUp(self):
        super().setUp()
        self.fake("curl")
        self.file = self.folder / "address"

    def write_file(self, text, mode=0o600):
        self.file.write_text(text)
        self.file.chmod(mode)

    def config(self):
        return (self.folder / "curl.config").read_text().strip()

    def assert_posted(self, result, url):
        """Once, with a limit of time, and with nothing secret in a command line."""
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        (arguments,) = self.calls("curl")
        self.assertEqual(arguments[arguments.index("--data-binary") + 1], "@-")
        self.assertEqual(arguments[arguments.index("--config") + 1], "/dev/fd/3")
        self.assertIn("--fail", arguments)
        self.assertTrue(0 < int(arguments[arguments.index("--max-time") + 1]) < 30,
                        "it has to end before events.timeout ends it")
        self.assertFalse([word for word in arguments if "example.org" in word or "touch" in word])
        self.assertEqual(self.config().splitlines()[0], f'url = "{url}"')
        return arguments


class Webhook(PostTest):
    event = json.dumps({"event": "stale", "session": HOSTILE}) + "\n"

    def post(self, url="", **variables):
        return self.run_hook("webhook", {"EVENT": "stale", "SESSION": HOSTILE, "WEBHOOK_URL": url,
                                         "WEBHOOK_FILE": str(self.file), **variables}, self.event)

    def test_posts_the_object_as_it_is(self):
        self.assert_posted(self.post(self.secret), self.secret)
        self.assertEqual(self.input_of("curl"), self.event)

    def test_takes_address_and_token_from_a_private_file(self):
        self.write_file(self.secret + "\nt0ken")
        self.assert_posted(self.post(), self.secret)
        self.assertEqual(self.config().splitlines()[1], 'header = "Authorization: Bearer t0ken"')

    def test_refuses_a_file_that_others_can_read(self):
        for mode in (0o640, 0o604, 0o660):
            self.write_file(self.secret, mode)
            result = self.post()
            self.assertEqual(result.returncode, 2)
            self.assertIn("not private", result.stderr)
        self.file.unlink()
        self.assertEqual(self.post().returncode, 2)
        self.assertEqual(self.calls("curl"), [])

    def test_fails_where_the_server_does(self):
        self.fake("curl", status=22)
        self.assertEqual(self.post(self.secret).returncode, 22)

    def test_refuses_what_is_no_address_of_the_web(self):
        for url in ("example.org", "file:///etc/passwd", "--config=x", 'https://a"\noutput = "owned',
                    "https://a\noutput = owned", "https://a\\"):
            result = self.post(url)
            self.assertEqual(result.returncode, 2, url)
            self.assertNotIn(url, result.stderr)
        self.assertEqual(self.calls("curl"), [])


class NotifyNtfy(PostTest):
    def test_sends_title_and_what_is_known(self):
        arguments = self.assert_posted(
            self.run_hook("notify-ntfy", {"EVENT": "switch_failed", "NTFY_URL": self.secret, "FROM": "a", "TO": "b",
                                          "WHY": "timed out", "RETRY_AT": "2026-11-23T20:00:00Z"}), self.secret)
        self.assertIn("Priority: high", arguments)
        self.assertEqual(self.input_of("curl"), "Switching accounts has failed\nfrom: a\nto: b\n"
                                                "next attempt: 2026-11-23T20:00:00Z\nwhy: timed out\n")

    def test_hostile_text_is_text(self):
        self.write_file(self.secret + "\n")
        arguments = self.assert_posted(
            self.run_hook("notify-ntfy", {"EVENT": "stale", "SESSION": HOSTILE, "NTFY_FILE": str(self.file)}),
            self.secret)
        self.assertIn("Priority: default", arguments)
        self.assertIn(f"session: {HOSTILE}\n", self.input_of("curl"))


class SwitchClaudeConfigDir(HookTest):
    def setUp(self):
        super().setUp()
        self.accounts = self.folder / ".claude-accounts"
        self.current = self.folder / ".claude-current"
        for name in ("work", "spare", "two words"):
            (self.accounts / name).mkdir(parents=True)
            (self.accounts / name / "kept").write_text(name)

    def switch(self, to, request="id-1", **variables):
        return self.run_hook("switch-claude-config-dir",
                             {"_HOME": str(self.folder), "ID": request, "TO": to, "FROM": "work", **variables})

    def target(self):
        return os.readlink(self.current)

    def test_points_the_link_to_the_account(self):
        for number, name in enumerate(("spare", "two words", "work")):
            result = self.switch(name, f"id-{number}")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(self.target(), str(self.accounts / name))
        inside = sorted(path.name for path in (self.accounts / "work").iterdir())
        self.assertEqual(inside, ["kept", "projects"], "no link was made within the one before")
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

    def test_conversations_are_shared(self):
        (self.accounts / "work" / "projects" / "p").mkdir(parents=True)
        (self.accounts / "two words" / "projects").mkdir()  # as an account that was logged in to has it
        self.current.symlink_to(self.accounts / "work")
        for number, name in enumerate(("spare", "two words", "work", "spare")):
            result = self.switch(name, f"id-{number}")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual([path.name for path in (self.current / "projects").iterdir()], ["p"], name)
        self.assertFalse((self.accounts / "work" / "projects").is_symlink(), "where they are they stay")

    def test_different_conversations_are_refused_with_the_cure(self):
        for name in ("work", "spare"):
            (self.accounts / name / "projects" / name).mkdir(parents=True)
        self.current.symlink_to(self.accounts / "work")
        result = self.switch("spare")
        self.assertEqual((result.returncode, self.target()), (1, str(self.accounts / "work")))
        cure = result.stderr.splitlines()[1]
        self.assertEqual(os.system(cure), 0, cure)
        self.assertEqual(self.switch("spare").returncode, 0)
        self.assertEqual(sorted(path.name for path in (self.current / "projects").iterdir()), ["spare", "work"])

    def test_a_drill_checks_everything_and_changes_nothing(self):
        (self.accounts / "work" / "projects").mkdir()
        self.current.symlink_to(self.accounts / "work")
        before = tree(self.folder)
        self.assertEqual(self.switch("spare", DRILL="1").returncode, 0)
        self.assertEqual(self.switch("nobody", DRILL="1").returncode, 1)
        self.assertEqual(tree(self.folder), before)
        (self.accounts / "work" / "projects" / "a").mkdir()
        (self.accounts / "spare" / "projects" / "b").mkdir(parents=True)
        self.assertEqual(self.switch("spare", DRILL="1").returncode, 1)

    def test_a_link_to_nowhere_is_replaced(self):
        self.current.symlink_to(self.folder / "gone")
        self.assertEqual(self.switch("spare").returncode, 0)
        self.assertEqual(self.target(), str(self.accounts / "spare"))


class SwapTest(HookTest):
    """Hooks that swap a private file: Claude Code's credentials."""
    hook = "switch-claude-credentials"
    live_name = ".claude/.credentials.json"
    store_name = ".claude-credentials"

    def setUp(self):
        super().setUp()
        self.live = self.folder / self.live_name
        self.store = self.folder / self.store_name
        self.live.parent.mkdir()
        self.store.mkdir(mode=0o700)
        self.put(self.live, "work-1")
        self.put(self.store / "work.json", "work-1")
        self.put(self.store / "spare.json", "spare-1")

    @staticmethod
    def put(path, token):
        path.write_text(json.dumps({"secret": token}))
        path.chmod(0o600)

    @staticmethod
    def token(path):
        return json.loads(path.read_text())["secret"]

    def switch(self, to, request="id-1", **variables):
        result = self.run_hook(self.hook, {"_HOME": str(self.folder), "ID": request, "TO": to, "FROM": "work",
                                           **variables})
        for token in ("work-", "spare-", "third-"):
            self.assertNotIn(token, result.stdout + result.stderr, "what is secret is printed")
        return result

    def assert_done(self, result):
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def assert_refused(self, result, why):
        self.assertEqual(result.returncode, 1)
        self.assertIn(why, result.stderr)
        self.assertEqual(self.token(self.live), "work-1")
        self.assertEqual(self.token(self.store / "work.json"), "work-1")
        self.assertEqual(self.token(self.store / "spare.json"), "spare-1")


class SwitchClaudeCredentials(SwapTest):
    def test_swaps_and_keeps_what_was_refreshed_for_its_account(self):
        self.put(self.live, "work-2")
        self.assert_done(self.switch("spare"))
        self.assertEqual(self.token(self.live), "spare-1")
        self.assertEqual(self.token(self.store / "work.json"), "work-2")
        self.put(self.live, "spare-2")
        self.assert_done(self.switch("work", "id-2", FROM="spare"))
        self.assertEqual(self.token(self.live), "work-2")
        self.assertEqual(self.token(self.store / "spare.json"), "spare-2")
        for path in (self.live, *self.store.iterdir()):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
        self.assertEqual([path.name for path in self.live.parent.iterdir()], [".credentials.json"])

    def test_the_account_left_needs_no_copy_yet(self):
        (self.store / "work.json").unlink()
        self.assert_done(self.switch("spare"))
        self.assertEqual(self.token(self.store / "work.json"), "work-1")

    def test_a_refreshed_login_goes_to_its_account_whatever_the_request_says(self):
        self.assert_done(self.switch("spare"))
        self.put(self.live, "spare-2")
        self.assert_done(self.switch("work", "id-2", FROM="work"))
        self.assertEqual(self.token(self.store / "spare.json"), "spare-2")
        self.assertEqual(self.token(self.store / "work.json"), "work-1")

    def test_a_login_that_was_put_back_by_hand_is_recognised(self):
        self.assert_done(self.switch("spare"))
        self.put(self.live, "work-1")
        self.put(self.store / "third.json", "third-1")
        self.assert_done(self.switch("third", "id-2", FROM="spare"))
        self.assertEqual(self.token(self.store / "spare.json"), "spare-1")
        self.assertEqual(self.token(self.store / "work.json"), "work-1")

    def test_the_same_request_twice_is_once(self):
        self.assert_done(self.switch("spare"))
        self.put(self.live, "spare-2")
        result = self.switch("spare")
        self.assert_done(result)
        self.assertIn("done before", result.stdout)
        self.assertEqual(self.token(self.live), "spare-2")

    def kill_after_some_commands(self):
        """Makes commands that change something kill the hook, but for the first LAST of them."""
        count = self.folder / "count"
        for name in ("cp", "mv", "rm", "sync"):
            program = self.folder / "bin" / name
            program.write_text(f'''#!/bin/sh
n=$(cat "{count}" 2>/dev/null || echo 0); n=$((n + 1)); echo $n > "{count}"
if [ "$n" -gt "${{LAST:-9999}}" ]; then kill -KILL $PPID; exit 1; fi
exec /usr/bin/env PATH=/usr/bin:/bin {name} "$@"
''')
            program.chmod(0o755)
        return count

    def assert_killed_runs_are_finished(self, leave_behind):
        """The program goes on after each killed run, and the next run finishes it."""
        count = self.kill_after_some_commands()
        killed = 0
        for last in range(40):
            for leftover in (".active", ".switching", ".done", ".lock"):
                (self.store / leftover).unlink(missing_ok=True)
            self.put(self.live, "work-2")
            self.put(self.store / "work.json", "work-1")
            self.put(self.store / "spare.json", "spare-1")
            leave_behind()
            count.unlink(missing_ok=True)
            result = self.switch("spare", _LAST=str(last))
            killed += result.returncode != 0
            self.assertIn(self.token(self.live), ("work-2", "spare-1"), last)
            refreshed = {"work-2": "work-3", "spare-1": "spare-2"}[self.token(self.live)]
            self.put(self.live, refreshed)
            self.assert_done(self.switch("spare"))
            if refreshed == "work-3":
                self.assertEqual(self.token(self.store / "work.json"), "work-3", last)
                self.assertEqual(self.token(self.live), "spare-1", last)
            else:
                self.assertEqual(self.token(self.store / "work.json"), "work-2", last)
                self.assertEqual(self.token(self.live), "spare-2", last)
            self.assert_done(self.switch("work", "id-2", FROM="spare"))
            self.assertEqual(self.token(self.live), self.token(self.store / "work.json"), last)
            if result.returncode == 0:
                break
        self.assertGreater(killed, 12)
        self.assertLess(killed, 39, "some run came to its end")

    def test_a_run_that_was_killed_anywhere_is_finished_by_the_next(self):
        self.assert_killed_runs_are_finished(lambda: None)

    def test_so_is_one_that_was_to_finish_another(self):
        def leave_behind():
            (self.store / ".active").write_text("work\n")
            (self.store / ".switching").write_text("spare\n")
            self.put(self.live.parent / ".credentials.json.incoming", "spare-1")
        self.assert_killed_runs_are_finished(leave_behind)

    def test_refuses_what_is_not_private(self):
        for path, mode, good in ((self.live, 0o640, 0o600), (self.store / "spare.json", 0o604, 0o600),
                                 (self.store, 0o750, 0o700), (self.store, 0o701, 0o700),
                                 (self.live.parent, 0o777, 0o755)):
            path.chmod(mode)
            self.assert_refused(self.switch("spare"), "chmod")
            self.assertEqual(self.switch("spare", DRILL="1").returncode, 1)
            path.chmod(good)
        self.assert_done(self.switch("spare"))

    def test_refuses_links(self):
        real = self.folder / "elsewhere"
        self.live.rename(real)
        self.live.symlink_to(real)
        self.assert_refused(self.switch("spare"), "no regular file")
        self.assertTrue(self.live.is_symlink())

    def test_refuses_what_is_no_account(self):
        for name in ("", ".", "../work", "/tmp", "-x", "nobody", HOSTILE, "a\nb"):
            self.assert_refused(self.switch(name), "switch-claude-credentials: ")

    def test_refuses_damaged_files(self):
        (self.store / "spare.json").write_text("")
        self.assertEqual(self.switch("spare").returncode, 1)
        self.put(self.store / "spare.json", "spare-1")
        self.live.write_text('{"secret": "wo')
        self.assertEqual(self.switch("spare").returncode, 1)
        self.assertEqual(self.token(self.store / "work.json"), "work-1")
        self.assertEqual(self.live.read_text(), '{"secret": "wo')

    def test_refuses_where_the_file_is_not_used(self):
        for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"):
            result = self.switch("spare", **{"_" + name: "k-secret"})
            self.assert_refused(result, name)
            self.assertNotIn("k-secret", result.stderr)

    def test_refuses_if_nobody_knows_whose_login_it_is(self):
        self.put(self.live, "third-1")
        result = self.switch("spare", FROM="")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(self.token(self.live), "third-1")

    def test_respects_the_folder_of_the_config(self):
        other = self.folder / "other"
        other.mkdir()
        self.put(other / ".credentials.json", "work-3")
        self.assert_done(self.switch("spare", _CLAUDE_CONFIG_DIR=str(other)))
        self.assertEqual(self.token(other / ".credentials.json"), "spare-1")
        self.assertEqual(self.token(self.live), "work-1")

    def test_a_drill_checks_everything_and_changes_nothing(self):
        before = tree(self.folder)
        result = self.switch("spare", DRILL="1")
        self.assert_done(result)
        self.assertIn("would switch from work to spare", result.stdout)
        self.assertEqual(self.switch("nobody", DRILL="1").returncode, 1)
        self.assertEqual(tree(self.folder), before)


class SwitchCodexAuth(SwapTest):
    hook = "switch-codex-auth"
    live_name = ".codex/auth.json"
    store_name = ".codex-accounts"

    def test_swaps_and_keeps_what_was_refreshed_for_its_account(self):
        self.put(self.live, "work-2")
        before = tree(self.folder)
        self.assert_done(self.switch("spare", DRILL="1"))
        self.assertEqual(tree(self.folder), before)
        self.assert_done(self.switch("spare"))
        self.assertEqual(self.token(self.live), "spare-1")
        self.assertEqual(self.token(self.store / "work.json"), "work-2")

    def test_respects_codex_home(self):
        other = self.folder / "other"
        other.mkdir()
        self.put(other / "auth.json", "work-3")
        self.assert_done(self.switch("spare", _CODEX_HOME=str(other)))
        self.assertEqual((self.token(other / "auth.json"), self.token(self.live)), ("spare-1", "work-1"))


class SwitchWithCswap(HookTest):
    accounts = json.dumps({"accounts": [{"number": 1, "email": "a@example.org", "alias": "work"},
                                        {"number": 12, "email": "b@example.org", "usage": None}]}, indent=2)

    def switch(self, to, status=0, **variables):
        self.fake("cswap", status, f"if [ \"$1\" = list ]; then cat <<'LIST'\n{self.accounts}\nLIST\nfi")
        return self.run_hook("switch-with-cswap", {"ID": "id-1", "TO": to, "FROM": "work", **variables})

    def test_switches_by_number_address_or_alias(self):
        for name in ("2", "b@example.org", "spare"):
            self.assertEqual(self.switch(name).returncode, 0)
        self.assertEqual(self.calls("cswap"), [["switch", "2"], ["switch", "b@example.org"], ["switch", "spare"]])

    def test_fails_where_cswap_does(self):
        self.assertEqual(self.switch("2", status=1).returncode, 1)

    def test_refuses_what_is_no_account(self):
        for name in ("", "--strategy", "two words", HOSTILE):
            self.assertEqual(self.switch(name).returncode, 1, name)
        self.assertEqual(self.calls("cswap"), [])

    def test_a_drill_only_asks_whether_it_is_known(self):
        for name in ("1", "12", "a@example.org", "work", "b@example.org"):
            self.assertEqual(self.switch(name, DRILL="1").returncode, 0, name)
        for name in ("2", "example.org", "spare", "email"):
            self.assertEqual(self.switch(name, DRILL="1").returncode, 1, name)
        self.assertTrue(all(call == ["list", "--json"] for call in self.calls("cswap")))


class SwitchWithCaam(HookTest):
    profiles = json.dumps({"profiles": [{"tool": "claude", "name": "work"},
                                        {"tool": "claude", "name": "bob@example.org", "active": True}]}, indent=2)

    def switch(self, to, status=0, **variables):
        self.fake("caam", 0, f"if [ $1 = ls ]; then cat <<'LIST'\n{self.profiles}\nLIST\nelse exit {status}; fi")
        return self.run_hook("switch-with-caam", {"ID": "id-1", "TO": to, "FROM": "work", **variables})

    def test_activates_a_profile_that_caam_has(self):
        self.assertEqual(self.switch("bob@example.org").returncode, 0)
        self.assertEqual(self.calls("caam"), [["ls", "claude", "--json"], ["activate", "claude", "bob@example.org"]])

    def test_fails_where_caam_does(self):
        self.assertEqual(self.switch("work", status=1).returncode, 1)

    def test_a_similar_name_is_not_the_account(self):
        for name in ("", "wor", "bob", "-x", "two words", HOSTILE):
            self.assertEqual(self.switch(name).returncode, 1, name)
        self.assertNotIn("activate", [call[0] for call in self.calls("caam")])

    def test_a_drill_activates_nothing(self):
        self.assertEqual(self.switch("work", DRILL="1").returncode, 0)
        self.assertEqual(self.switch("nobody", DRILL="1").returncode, 1)
        self.assertNotIn("activate", [call[0] for call in self.calls("caam")])


if __name__ == "__main__":
    tap.run(sys.modules["__main__"])
