#!/usr/bin/env python3
"""The man page and the completions of shells know every command and option that the help shows.

    command_line_texts_test.py QUOTAWATCH FOLDER

FOLDER holds what the build has made of the command line.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "hooks"))

import tap  # noqa: E402

QUOTAWATCH, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def section(text, title):
    """The names at the left of a section of a help."""
    found = re.search(rf"^{title}:\n((?:  .*\n)*)", text, re.M)
    return re.findall(r"^  (\S.*?)(?:  .*)?$", found.group(1), re.M) if found else []


def helps(command=()):
    """Each command with its subcommands, and the names of its options in groups that mean the same."""
    text = subprocess.run([QUOTAWATCH, *command, "--help"], capture_output=True, text=True, check=True).stdout
    options = [re.findall(r"(?:^|,)(--?[\w-]+)", line.split(" ")[0]) for line in section(text, "Options")]
    below = section(text, "Commands")
    yield command, below, options
    for name in below:
        yield from helps((*command, name))


HELPS = list(helps())


class ManPage(unittest.TestCase):
    def setUp(self):
        self.text = (FOLDER / "quotawatch.1").read_text(encoding="utf-8")
        self.parts = {}
        for part in self.text.split("\n.SS ")[1:]:
            title = part.splitlines()[0].replace("\\-", "-")
            self.parts[" ".join(title.split()[1:])] = part
        self.parts[""] = self.text.split("\n.SS ")[0]

    def test_knows_every_command_and_option(self):
        for command, _, options in HELPS:
            name = " ".join(command)
            titles = [title for title in self.parts if title == name or title.startswith(name + " ")]
            self.assertTrue(titles, name)
            titles.append("")  # those that every command has
            for option in (each for names in options for each in names):
                escaped = option.replace("-", "\\-")
                self.assertTrue(any(f"\\fB{escaped}\\fR" in self.parts[title] for title in titles), (name, option))

    @unittest.skipUnless(shutil.which("man"), "there is no man")
    def test_is_a_page_without_warnings(self):
        for page in [FOLDER / "quotawatch.1", *FOLDER.glob("quotawatch*.[57]")]:
            shown = subprocess.run(["man", "--warnings=w", "--local-file", page], capture_output=True, text=True,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "120"}, check=True)
            wrong = [line for line in shown.stderr.splitlines() if "cannot adjust line" not in line]
            self.assertEqual(wrong, [], page.name)
            self.assertIn("quotawatch", shown.stdout)


class Bash(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="quotawatch-completion-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        tmux = self.folder / "tmux"
        tmux.write_text("#!/bin/sh\necho main\necho other\n")
        tmux.chmod(0o755)
        (self.folder / "one config.json").touch()
        (self.folder / "more").mkdir()

    def complete(self, *words):
        """What bash proposes for the last word, by the function that the file registers."""
        script = "\n".join([
            f"source {shlex.quote(str(FOLDER / 'quotawatch'))}",
            f"cd {shlex.quote(str(self.folder))}; PATH=$PWD:$PATH",
            "[[ $(complete -p quotawatch) == 'complete -F _quotawatch quotawatch' ]] || exit 3",
            f"COMP_WORDS=(quotawatch {' '.join(map(shlex.quote, words))}); COMP_CWORD={len(words)}",
            "_quotawatch; printf '%s\\n' \"${COMPREPLY[@]}\"",
        ])
        result = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
        self.assertEqual(result.stderr, "")
        return set(filter(None, result.stdout.split("\n")))

    def test_proposes_every_command_and_option(self):
        for command, below, options in HELPS:
            self.assertEqual(self.complete(*command, "-"), {name for names in options for name in names}, command)
            if below:
                self.assertLessEqual(set(below), self.complete(*command, ""), command)

    def test_proposes_the_rest_of_a_word(self):
        self.assertEqual(self.complete("stat"), {"status"})
        self.assertEqual(self.complete("patterns", "fu"), {"fuzz"})
        self.assertEqual(self.complete("run", "--dry"), {"--dry-run"})

    def test_proposes_values_of_their_kind(self):
        here = {"one config.json", "more", "tmux"}
        self.assertEqual(self.complete("run", "--config", ""), here)
        self.assertEqual(self.complete("run", "--config", "=", "one"), {"one config.json"})
        self.assertEqual(self.complete("run", "--config", "="), here)
        self.assertEqual(self.complete("run", "--once", "--config", "mo"), {"more"})
        self.assertEqual(self.complete("replay", "--json", "o"), {"one config.json"})
        self.assertEqual(self.complete("simulate", "--save", ""), {"more"})
        self.assertEqual(self.complete("resume", "m"), {"main"})
        self.assertEqual(self.complete("patterns", "add", "--class", "th"), {"throttled"})
        self.assertIn("status", self.complete("help", ""))
        self.assertEqual(self.complete("pause", ""), set())


class Zsh(unittest.TestCase):
    def test_knows_every_command_and_option(self):
        text = (FOLDER / "_quotawatch").read_text(encoding="utf-8")
        self.assertTrue(text.startswith("#compdef quotawatch\n"))
        for command, _, options in HELPS:
            name = "_".join(["_quotawatch", *command])
            function = re.search(rf"^{name}\(\) {{\n(.*?)^}}", text, re.M | re.S)
            self.assertTrue(function, name)
            for option in (each for names in options for each in names):
                self.assertRegex(function.group(1), rf"[)*]{option}[=+]?\[", (name, option))

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_is_read_by_zsh(self):
        result = subprocess.run(["zsh", "-n", FOLDER / "_quotawatch"], capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))


class Fish(unittest.TestCase):
    def test_knows_every_command_and_option(self):
        lines = (FOLDER / "quotawatch.fish").read_text(encoding="utf-8").splitlines()
        for command, below, options in HELPS:
            condition = f"-n '{' '.join(['__quotawatch_at', *command])}' "
            own = [line.split(condition)[1] for line in lines if condition in line]
            for name in below:
                self.assertTrue(any(line.startswith(f"-a {name} ") for line in own), (command, name))
            for option in (each for names in options for each in names):
                flag = f"-l {option[2:]} " if option.startswith("--") else f"-s {option[1:]} "
                self.assertTrue(any(flag in line for line in own), (command, option))

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_completes_in_fish(self):
        def complete(line):
            script = f"source {shlex.quote(str(FOLDER / 'quotawatch.fish'))}; complete -C {shlex.quote(line)}"
            result = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True)
            self.assertEqual(result.stderr, "")
            return {line.split("\t")[0] for line in result.stdout.splitlines()}

        self.assertEqual(complete("quotawatch stat"), {"status"})
        self.assertEqual(complete("quotawatch patterns fu"), {"fuzz"})
        self.assertEqual(complete("quotawatch run --dry"), {"--dry-run"})
        self.assertIn("throttled", complete("quotawatch patterns add --class "))


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
