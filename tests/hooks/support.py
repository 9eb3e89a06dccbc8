"""What the tests of tools/hooks share: the hooks, run with fakes of what they call."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOOKS = ROOT / "tools" / "hooks"

# Records its arguments, each followed by a NUL, its input, and what it can read from descriptor 3;
# then runs the given commands.
FAKE = """#!/bin/sh
printf '%s\\0' "$@" >> "{folder}/{name}.arguments"
printf '\\n' >> "{folder}/{name}.arguments"
cat >> "{folder}/{name}.input"
if [ -e /dev/fd/3 ]; then cat <&3 >> "{folder}/{name}.config"; fi
{then}
exit {status}
"""

# Text that a shell, a format, an option parser or a terminal could misinterpret.
HOSTILE = "-e $(touch owned) `touch owned` ${HOME} \"'; touch owned; ' %s%n <b>&amp;</b> \\n\\033[31m *"


class HookTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="quotawatch-hooks-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "work").mkdir()

    def fake(self, name, status=0, then=""):
        """A program of this name, found before the real one."""
        program = self.folder / "bin" / name
        program.write_text(FAKE.format(folder=self.folder, name=name, status=status, then=then))
        program.chmod(0o755)

    def calls(self, name):
        """The arguments of each call of a fake."""
        try:
            text = (self.folder / f"{name}.arguments").read_bytes().decode()
        except FileNotFoundError:
            return []
        return [call.split("\0") for call in text.split("\0\n") if call]

    def input_of(self, name):
        return (self.folder / f"{name}.input").read_text()

    def run_hook(self, name, variables, text="", timeout=60):
        """Runs a hook where nothing else of quotawatch's is set, in a folder of its own."""
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("QUOTAWATCH")}
        environment["PATH"] = f"{self.folder}/bin:{environment['PATH']}"
        environment.update({f"QUOTAWATCH_{key}": value for key, value in variables.items()
                            if key.isupper() and not key.startswith("_")})
        environment.update({key[1:]: value for key, value in variables.items() if key[0] == "_"})
        work = self.folder / "work"
        result = subprocess.run([HOOKS / name], env=environment, input=text, cwd=work,
                                capture_output=True, text=True, timeout=timeout, check=False)
        self.assertEqual(list(work.iterdir()), [], "text of an event was run")
        return result
