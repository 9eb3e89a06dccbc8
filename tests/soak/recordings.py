"""Recorded screens of real agents, from fixtures/captures, with what they truly show."""
import dataclasses
import datetime
import pathlib
import re

THEIR_ZONE = "Europe/Paris"  # where the recordings were made

SHOWS = re.compile(r"# (?:settled, )?shows (\S+)$")
SCREEN = re.compile(r"@\S+ screen \S+ (\d+)x(\d+)$")
# The programs whose banners with_reset() can rewrite.
PROGRAMS = ("claude-code", "codex", "gemini")
# Limits of other kinds, whose dates would have to be rewritten as well; and versions with scenarios full of them.
LEFT_OUT = ("weekly_limit", "opus_limit", "2.1.332", "0.171.0")
# A rejected request is a throttle that counts; other throttles pass by themselves.
REJECTED = "api_429"
RESET_ROW = re.compile(r"reset|try again|automatically|continue")
TIME = re.compile(r"\b(?:1[0-2]|[1-9])(?::[0-5]\d)?( ?)([ap]m|[AP]M)\b")


@dataclasses.dataclass(frozen=True)
class Recording:
    name: str
    program: str
    columns: int
    rows: int
    text: tuple
    shows: str
    hit: bool
    names_reset: bool

    @property
    def family(self):
        """What a session that shows this can show beside it."""
        return (self.program, self.columns, self.rows)


def _recording(path, size, rows, shows):
    exhausted = shows == "exhausted" or (shows == "throttled" and REJECTED in path.stem)
    names_reset = exhausted and any(RESET_ROW.search(row) and TIME.search(row) for row in rows)
    return Recording(f"{path.parent.name}/{path.stem}", path.parent.name, size[0], size[1],
                     tuple(rows), shows, exhausted, names_reset)


def _read(path):
    shows, size, rows = None, None, []
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        if size and line.startswith("|"):
            rows.append(line[1:])
            continue
        if size:
            if shows:
                yield _recording(path, size, rows, shows)
            shows, size, rows = None, None, []
        if found := SHOWS.match(line):
            shows = found.group(1)
        elif found := SCREEN.match(line):
            size = (int(found.group(1)), int(found.group(2)))


def read_recordings(fixtures):
    """Each labelled screen once, in the order of the files."""
    seen = {}
    for path in sorted((fixtures / "captures").glob("*/*.transcript")):
        if path.parent.name not in PROGRAMS or any(kind in path.stem for kind in LEFT_OUT):
            continue
        for recording in _read(path):
            seen.setdefault((recording.family, recording.text), recording)
    return list(seen.values())


def host_zone():
    """The name that this machine's agents would write."""
    path = str(pathlib.Path("/etc/localtime").resolve())
    return path.partition("zoneinfo/")[2] or "UTC"


def with_reset(recording, reset_at):
    """The rows with a new reset: banners of another day would have expired."""
    local = datetime.datetime.fromtimestamp(reset_at)
    zone = host_zone()

    def written(match):
        half = "am" if local.hour < 12 else "pm"
        half = half.upper() if match.group(2).isupper() else half
        return f"{local.hour % 12 or 12}:{local.minute:02}{match.group(1)}{half}"

    rows = (TIME.sub(written, row) if RESET_ROW.search(row) else row for row in recording.text)
    return [row.replace(THEIR_ZONE, zone)[:recording.columns] for row in rows]
