"""What was typed, held against what the sessions showed and what the monitor says of its attempts."""
import dataclasses
import json
import time

from agents import ENTER, TEXT
from truth import LOOK, SETTLE

# How long a key may take from the look that allows it until it arrives; where something stood still
# meanwhile, as long as that may have lasted, too.
ON_ITS_WAY = LOOK + 0.5
STANDSTILL = 5.0


@dataclasses.dataclass
class Attempt:
    at: float
    number: int
    used: set


class Typed:
    def __init__(self, world, folder):
        self.world = world
        path = folder / "typed.jsonl"
        path.touch()
        self.file = open(path, encoding="utf-8")
        self.half_line = ""
        self.attempts = {}  # by session: the last of which journal or state tell
        self.last_key = {}  # by session: when
        self.resumed_by = {}  # by session: since when it goes on and the journal should say so
        self.stood_still_at = 0.0
        self.delays = []

    # What the monitor says.

    def note_attempt(self, session, at, number):
        if session not in self.attempts or at > self.attempts[session].at:
            self.attempts[session] = Attempt(at, number, set())

    def note_resume(self, event, at):
        self.note_attempt(event["session"], at, event["attempt"])
        since = self.world.fleet.modes.get(event["session"])
        if since is not None and since < at - self.slack(at):
            self.violate("would type into a pane in a mode", event["session"])

    def note_resumed(self, session, at):
        since = self.resumed_by.pop(session, None)
        if since is not None:
            self.delays.append(at - since)

    def note_state(self, state, parse_time):
        for session, resumption in state.get("resumptions", {}).items():
            if "tried_at" in resumption:
                self.note_attempt(session, parse_time(resumption["tried_at"]), resumption["attempts"])

    def note_standstill(self, now):
        self.stood_still_at = now

    def expect_resumed(self, session):
        self.resumed_by[session] = time.time()

    def expect_nothing(self):
        """A switch has begun, or the monitor has died: what it would have said is not known."""
        self.resumed_by.clear()

    # What reached the sessions.

    def slack(self, at):
        return ON_ITS_WAY + (STANDSTILL if at - self.stood_still_at < STANDSTILL else 0.0)

    def violate(self, what, session):
        shown = self.world.truth.now(session)
        self.world.violate("typing", f"quotawatch {what}: {session}, which shows {shown}")

    def follow(self):
        self.half_line += self.file.read()
        *lines, self.half_line = self.half_line.split("\n")
        for line in lines:
            note = json.loads(line)
            session, keys, at = note["session"], note["keys"], note["at"] / 1000
            self.world.say(f"{session} gets {keys!r}, sent before {at:.3f}")
            self.check_place(session, at)
            self.check_attempt(session, keys, at)
            self.last_key[session] = at
            self.world.on_keys(session, keys)

    def check_place(self, session, at):
        shown, agent = self.world.truth.now(session), self.world.agents[session]
        looked = at - self.slack(at)
        if session in self.world.left_alone:
            self.violate("typed where resume is off", session)
        if agent.of_person and agent.since < looked:
            self.violate("typed into a draft", session)
        # A notice about the login may be what came of asking before.
        attempt = self.attempts.get(session)
        asked_before = attempt is not None and attempt.number > 1
        if not shown.hit and shown.drawn < looked and not (agent.refuses_login and asked_before):
            self.violate("typed into a session at work", session)
        if shown.hit and shown.fresh == "yes" and shown.drawn < looked and not shown.expired(at):
            self.violate("typed before the switch was done", session)

    def check_attempt(self, session, keys, at):
        kind = "text" if keys == TEXT else "Enter" if keys == ENTER else "menu" if keys.isdigit() else None
        if kind is None:
            return self.violate(f"typed {keys!r}, which nobody asked for", session)
        self.world.counts[f"typed {kind}"] += 1
        attempt = self.attempts.get(session)
        if attempt is None or at < attempt.at - STANDSTILL:
            return self.violate("typed for an attempt of which nobody knows", session)
        if at < attempt.at:
            return None  # for one before it: it took us too long to look
        if kind in attempt.used:
            return self.violate(f"typed {kind} twice for one attempt", session)
        return attempt.used.add(kind)

    # What should reach them.

    def is_free(self, session):
        """Nothing stands in the way of asking it to go on, and somebody has to."""
        world, shown, agent = self.world, self.world.truth.now(session), self.world.agents[session]
        if not shown.hit or shown.fresh != "no" or shown.sure is None or session in world.left_alone:
            return False
        if agent.of_person or session in world.fleet.modes or session in world.fleet.absent:
            return False
        known = (world.state or {}).get("resumptions", {}).get(session, {})
        return not known.get("failed") and known.get("attempts", 0) < 3

    def waiting(self):
        return [session for session in self.world.agents if self.is_free(session)]

    def standing(self):
        """How many take their turns at being looked at, whatever stands in the way."""
        return sum(self.world.truth.now(session).hit for session in self.world.agents)

    def overdue(self, session, now, patience):
        shown, agent = self.world.truth.now(session), self.world.agents[session]
        since = max(shown.sure, agent.since, self.last_key.get(session, 0.0), self.world.resume_hindered_at)
        return now - since > patience

    def unreported(self, now):
        """Sessions that have gone on for long, and the journal does not say `resumed`."""
        patience = SETTLE + 4.0
        return [session for session, since in self.resumed_by.items()
                if now - max(since, self.world.resume_hindered_at) > patience]
