"""What each session truly shows, and what a monitor may and must make of it.

Independent of the monitor, but for one thing: that it says it has seen a banner is held
against it. Where nobody can know (a banner that was drawn in the very moment of a switch,
panes that are just being drawn) an answer is "maybe", and nobody is held to that.
"""
import dataclasses

# How long a new screen may be missing from captures.
SETTLE = 0.8
# How long a poll may take from its beginning until it has captured: tmux's timeout and a little
# more.
LOOK = 1.5
# When the results of a poll are certainly saved, unless the monitor was killed or the disk was
# full.
REMEMBER = 1.0


@dataclasses.dataclass
class Shown:
    """A screen from when it was drawn until its successor surely covers it."""
    hit: bool
    account: str = ""
    reset_at: float = None  # when the banner expires, if it names a reset
    drawn: float = 0.0
    sure: float = None  # from when on it is certainly seen
    fresh: str = "yes"

    def expired(self, at):
        return self.reset_at is not None and at >= self.reset_at


class Truth:
    def __init__(self, pool, dedicated, quota):
        self.pool, self.dedicated, self.quota = pool, dedicated, quota
        self.history = {name: [Shown(False)] for name in pool + dedicated}
        self.up_since = None  # since when the server has been up with the drawn screens
        self.seen = {}  # by session: when this life of the monitor reported a hit
        # By session that once showed a hit: since when the monitor has seen it working.
        self.awake_since = {}
        self.can_save = True
        self.asked = {}  # by id: when, and which banners were seen then
        self.late = None  # the last finished switch: its event and time

    def now(self, session):
        return self.history[session][-1]

    def draw(self, session, shown):
        history = self.history[session]
        history.append(shown)
        if shown.hit:
            self.awake_since[session] = None
        # Screens that have long been replaced do not matter any more.
        while len(history) > 2 and history[1].sure and history[1].sure < shown.drawn - 30:
            history.pop(0)

    def redrawn(self, now):
        """All panes are new, and were blank before they showed what they do."""
        for session, history in self.history.items():
            self.draw(session, dataclasses.replace(history[-1], drawn=now, sure=None))

    def settle(self, up, now):
        """Called all the time: `up` if the server shows what is drawn."""
        if not up:
            self.up_since = None
            return
        if self.up_since is None:
            self.up_since = now
        for history in self.history.values():
            for shown in history:
                since = max(shown.drawn, self.up_since) + SETTLE
                if shown.sure is None and now >= since:
                    shown.sure = since

    # What may and what must be counted.

    def _possible(self, session, at):
        """The hits that a poll which began then may have seen in a session."""
        history = self.history[session]
        for shown, successor in zip(history, history[1:] + [None]):
            covered = successor is not None and successor.sure is not None and successor.sure <= at
            if shown.hit and not covered and shown.drawn <= at + LOOK and not shown.expired(at - LOOK):
                yield shown

    def _group_possible(self, sessions, at, threshold):
        hits = [list(self._possible(session, at)) for session in sessions]
        fresh = any(shown.fresh != "no" for shown in sum(hits, []))
        return fresh and sum(1 for found in hits if found) >= threshold

    def may_switch(self, at):
        return (self._group_possible(self.pool, at, self.quota["pool_threshold"])
                or self._group_possible(self.dedicated, at, self.quota["interactive_threshold"]))

    def _surely_fresh(self, session, at):
        shown = self.now(session)
        return (shown.hit and shown.fresh == "yes" and shown.sure is not None and shown.sure <= at
                and not shown.expired(at + 1))

    def must_switch(self, at):
        def count(sessions):
            return sum(1 for name in sessions if self._surely_fresh(name, at))

        return (count(self.pool) >= self.quota["pool_threshold"]
                or count(self.dedicated) >= self.quota["interactive_threshold"])

    # What the monitor said.

    def life_began(self, now):
        self.seen.clear()
        self.doubt_saved(now)

    def disk_filled(self, now):
        self.can_save = False
        self.doubt_saved(now)

    def disk_freed(self):
        self.can_save = True

    def doubt_saved(self, now):
        """What the monitor had just seen it may not have saved."""
        for session, since in self.awake_since.items():
            if since is not None and since > now - REMEMBER:
                self.awake_since[session] = None

    def is_awake(self, session, now):
        """The monitor knows of nothing old in it: the same banner would be a new one."""
        if session not in self.awake_since:
            return True
        since = self.awake_since[session]
        return since is not None and now - since > REMEMBER

    def verdict(self, session, verdict, at):
        if verdict in ("exhausted", "throttled"):
            self.seen.setdefault(session, at)
        else:
            self.seen.pop(session, None)
            working = self.can_save and not self.now(session).hit and at >= self.now(session).drawn
            if verdict != "unknown" and working and self.awake_since.get(session, at) is None:
                self.awake_since[session] = at
        self._look_at_late_banner(session, at)

    def _look_at_late_banner(self, session, at):
        """A3: seen between the asking and the end of the cooldown, it names the reset of the
        account that was left."""
        shown = self.now(session)
        if not self.late or session not in self.seen or not shown.hit or shown.drawn > at:
            return
        event, reset_at, until = self.late
        if event["from"] == shown.account and reset_at and shown.reset_at == reset_at and at < until:
            shown.fresh = "no"

    def switch_asked(self, event, at):
        banners = [self.now(name) for name in self.seen if self.now(name).drawn <= at]
        self.asked[event["id"]] = [shown for shown in banners if shown.hit]

    def switch_done(self, event, reset_at, at, cooldown):
        """Banners that were seen when it was asked for are stale; of others nobody knows."""
        seen = self.asked.get(event["id"], [])
        self.late = (event, reset_at, at + cooldown)
        for session, history in self.history.items():
            shown = history[-1]
            if not shown.hit or shown.account == event["to"]:
                continue
            shown.fresh = "no" if any(shown is other for other in seen) else "maybe"
            self._look_at_late_banner(session, at)
