"""The story of a soak: weather with faults, then calm in which what is due must come."""
import dataclasses
import time

import recordings
from monitor import POINTS
from reactions import Reactions
from truth import Shown
from world import COOLDOWN, HOOK_PATIENCE, PATIENCE, POLL, RESUME_PATIENCE, RESUME_TURN, parse_time

# Screens that look like exhaustion and are not.
ALARMING = ("server_error", "warning", "throttled", "auth")
OUTCOMES = ("ok 0.05", "ok 0.6", "fail 0.1", "hang 0", "stubborn 0", "grandchild 0.1", "flood 0.1")
LIKELY = (4, 2, 3, 2, 1, 2, 2)


@dataclasses.dataclass
class Exhaustion:
    """An account that is truly used up, and the sessions that show it."""
    account: str
    sessions: list
    shown_at: float
    reset_at: float = None
    asked_at: float = None
    done: bool = False


class Scenario:
    def __init__(self, world, random, library, families):
        self.world, self.random, self.library = world, random, library
        self.families = families  # by session
        self.points = []  # named points left to try in this round
        self.calm = True
        self.last_reset = 0.0
        self.reactions = Reactions(world, random, self)
        world.on_death = self.restart_later

    # Screens.

    def fitting(self, session, hit):
        family = self.families[session]
        return [one for one in self.library if one.family == family and one.hit == hit]

    def pick(self, session, hit, names_reset):
        return self.random.choice([one for one in self.fitting(session, hit)
                                   if one.names_reset == names_reset])

    def show_work(self, session, alarming=False):
        """A screen that is no reason for a switch, be it ever so `alarming`."""
        fitting = self.fitting(session, False)
        alarms = [one for one in fitting if one.shows in ALARMING]
        recording = self.random.choice(alarms if alarming and alarms else fitting)
        self.world.truth.draw(session, Shown(False, drawn=time.time()))
        self.reactions.work(session, recording.text)

    def show_hit(self, session, account, reset_at):
        recording = self.pick(session, True, reset_at is not None)
        rows = recordings.with_reset(recording, reset_at) if reset_at else list(recording.text)
        self.world.truth.draw(session, Shown(True, account, reset_at, drawn=time.time()))
        self.reactions.stand(session, rows)
        temper = self.reactions.agents[session].temper
        self.world.say(f"{session} shows {recording.name} of {account}, {temper}")

    def working(self, sessions):
        absent = self.world.fleet.absent
        return [name for name in sessions if not self.world.truth.now(name).hit and name not in absent]

    def change_screens(self):
        """Agents that work on: spinners, warnings, errors, talk about limits."""
        sessions = self.working(self.world.truth.pool + self.world.truth.dedicated)
        for session in self.random.sample(sessions, min(len(sessions), 4)):
            self.show_work(session, alarming=self.random.random() < 0.5)

    # Exhaustion.

    def can_show(self, session, names_reset):
        """A banner that is new to the monitor, whatever this session showed before."""
        awake = self.world.truth.is_awake(session, time.time())
        return awake and any(one.hit and one.names_reset == names_reset for one in self.library
                   if one.family == self.families[session])

    def choose_reset(self):
        """A whole minute that no banner has named yet; not where few accounts are left."""
        now = time.time()
        limited = [until for until in self.limits() if until > now + 8]
        if len(limited) > 1 or self.random.random() > 0.4:
            return None
        minute = (now + 25) // 60 * 60 + 60
        self.last_reset = max(minute, self.last_reset + 60)
        return self.last_reset if self.last_reset < now + 150 else None

    def limits(self):
        state = self.world.state or {"limited_until": {}}
        return [parse_time(until) for until in state["limited_until"].values()]

    def exhaust(self):
        """Banners of the account in use come up on enough sessions."""
        world, truth = self.world, self.world.truth
        if world.exhaustion:
            return
        reset_at = self.choose_reset()
        group = truth.dedicated if truth.dedicated and self.random.random() < 0.25 else truth.pool
        able = [name for name in self.working(group) if self.can_show(name, reset_at is not None)]
        least = 1 if group is truth.dedicated else 2
        if len(able) < least:
            return
        chosen = self.random.sample(able, min(len(able), self.random.randint(least, least + 3)))
        account = world.active_account()
        for session in chosen:
            self.show_hit(session, account, reset_at)
        world.exhaustion = Exhaustion(account, chosen, time.time(), reset_at)
        world.counts["true exhaustions"] += 1

    def show_too_few(self):
        """One pool session alone, where no other stands at a limit: nothing may come of it."""
        truth = self.world.truth
        able = [name for name in self.working(truth.pool) if self.can_show(name, False)]
        if self.world.exhaustion or len(self.working(truth.pool)) < len(truth.pool) or not able:
            return
        session = self.random.choice(able)
        self.show_hit(session, self.world.active_account(), None)
        self.world.counts["single banners"] += 1
        self.world.plan(time.time() + 4 * POLL, lambda: self.show_work(session))

    def finish_exhaustion(self):
        """The switch is done: sessions are asked to go on, or stand on their banner until somebody comes."""
        exhaustion, self.world.exhaustion = self.world.exhaustion, None
        if self.random.random() < 0.6:
            self.see_all_go_on(exhaustion.sessions)
        for session in exhaustion.sessions:
            shown = self.world.truth.now(session)
            if not shown.hit:
                continue
            if shown.fresh == "no" and self.random.random() < 0.5:
                self.world.counts["banners left standing"] += 1
            else:
                self.show_work(session)
        self.wake_old_sessions()

    def wake_old_sessions(self):
        """Most sessions work: of those that stand on old banners some are sent on."""
        truth = self.world.truth
        standing = [name for name in truth.pool + truth.dedicated if truth.now(name).hit]
        most = (len(truth.pool) + len(truth.dedicated)) // 4
        for session in standing:
            shown = truth.now(session)
            if len(standing) > most or shown.fresh != "no" or shown.expired(time.time() + 20):
                self.show_work(session)

    def show_late_banners(self, account, reset_at, others):
        """Sessions that hit the old limit only now, while the cooldown lasts. Not those that
        stood on it before: the same message in another conversation counts as new."""
        truth = self.world.truth
        able = [name for name in self.working(truth.pool)
                if name not in others and self.can_show(name, True)]
        for session in self.random.sample(able, min(len(able), 3)):
            self.show_hit(session, account, reset_at)
            truth.now(session).fresh = "maybe"
            self.world.counts["late banners"] += 1

    def see_all_go_on(self, sessions):
        """In calm weather: at once where nothing stands in the way, and then where somebody was."""
        self.wait_for_resumption()
        for session in sessions:
            if self.world.truth.now(session).hit and self.random.random() < 0.6:
                self.reactions.release(session)
        self.wait_for_resumption()

    def wait_for_resumption(self):
        world, typed = self.world, self.world.typed
        while not world.violations and not world.is_active_limited():
            waiting = typed.waiting()
            if not waiting and not typed.resumed_by:
                return
            world.run_until(time.time() + 0.1)
            now = time.time()
            patience = RESUME_PATIENCE + RESUME_TURN * typed.standing()
            if late := [name for name in waiting if typed.is_free(name) and typed.overdue(name, now, patience)]:
                world.violate("liveness", f"{late} stand still, an account is free, and nobody asks them")
            if late := typed.unreported(now):
                world.violate("liveness", f"{late} go on, and the journal does not say `resumed`")

    # The monitor.

    def next_point(self):
        """In turn, but every other time one that was never come to."""
        if not self.points:
            self.points = list(POINTS)
            self.random.shuffle(self.points)
        never = [point for point in POINTS if not self.world.counts["at " + point]]
        if never and self.random.random() < 0.5:
            return self.random.choice(never)
        return self.points.pop()

    def restart_later(self):
        delay = 0.0 if self.calm or self.random.random() < 0.5 else self.random.uniform(0, 0.8)
        self.world.plan(time.time() + delay, self.start_monitor)

    def start_monitor(self):
        if self.world.monitor.running():
            return
        self.world.truth.life_began(time.time())
        self.world.in_flight = None
        if self.world.wait_until > time.time() + COOLDOWN:
            self.world.wait_until = time.time() + COOLDOWN
        if self.calm or self.random.random() < 0.3:
            self.world.monitor.start()
        else:
            passage = 1 if self.random.random() < 0.7 else self.random.randint(2, 4)
            self.world.monitor.start(self.next_point(), passage)

    # Weather.

    def set_hook(self, outcome):
        path = self.world.folder / "plan"
        fresh = path.with_suffix(".new")
        fresh.write_text(outcome + "\n", encoding="utf-8")
        fresh.rename(path)

    def storm(self, faults, seconds):
        self.calm = False
        begins = time.time()
        for _ in range(self.random.randint(3, 6)):
            self.world.plan(begins + self.random.uniform(0, seconds), faults.strike)
        for step in range(int(seconds / 0.4)):
            self.world.plan(begins + step * 0.4, self.change_weather)
        self.world.run_until(begins + seconds)

    def change_weather(self):
        if self.calm:
            return
        self.change_screens()
        self.reactions.come_by()
        self.set_hook(self.random.choices(OUTCOMES, LIKELY)[0])

    def become_calm(self, faults):
        self.calm = True
        self.set_hook("fail 0.05" if self.random.random() < 0.2 else "ok 0.05")
        self.world.plan(time.time() + 1.0, lambda: self.set_hook("ok 0.05"))
        faults.mend()

    def episode(self, faults, until):
        """One account that is used up, or nothing at all, under faults and then without. Given up at `until` where no
        account is free: the next one can be minutes away."""
        what = self.random.choices((self.exhaust, self.show_too_few, self.change_screens), (8, 1, 1))[0]
        seconds = self.random.uniform(2.5, 5.0)
        self.world.plan(time.time() + self.random.uniform(0, 2.0), what)
        while True:
            self.storm(faults, seconds)
            self.become_calm(faults)
            if not self.world.exhaustion:
                self.world.run_until(time.time() + self.random.choice((0.3, 2.5)))
                return
            if self.wait_for_switch():
                break
            if time.time() > until:
                return
            seconds = 1.0
        self.after_switch()

    def wait_for_switch(self):
        """In calm weather. False if no account is free yet, and more faults may come."""
        world = self.world
        began = time.time()
        while not world.exhaustion.done:
            world.run_until(time.time() + 0.1, lambda: world.exhaustion.done)
            now = time.time()
            if not world.has_free_account() and now - began > 2:
                return False
            if self.is_overdue(began, now):
                self.give_up()
                break
        return True

    def is_overdue(self, began, now):
        world = self.world
        if world.in_flight:
            return now - max(began, world.in_flight[1]) > HOOK_PATIENCE
        hindered = max(world.hindered_at, began, world.exhaustion.shown_at)
        return now - hindered > PATIENCE and world.truth.must_switch(now)

    def give_up(self):
        exhaustion = self.world.exhaustion
        self.world.violate("liveness", f"{exhaustion.account} is used up in {exhaustion.sessions}, "
                                       "nothing hinders a switch, and none was done; in flight: "
                                       f"{self.world.in_flight}")

    def after_switch(self):
        world = self.world
        account, sessions = world.exhaustion.account, world.exhaustion.sessions
        reset_at = world.truth.now(sessions[0]).reset_at
        self.finish_exhaustion()
        dwell = self.random.random()
        now = time.time()
        cooling = world.wait_until - now > COOLDOWN / 2
        if reset_at and reset_at > now + 20 and cooling and dwell < 0.6:
            self.show_late_banners(account, reset_at, sessions)
            dwell = 0.0
        elif dwell > 0.6:
            return self.exhaust()  # the next account, too, during the cooldown
        # Sometimes until after the cooldown: nothing may follow.
        world.run_until(time.time() + (COOLDOWN + 3 * POLL if dwell < 0.3 else 0.3))
