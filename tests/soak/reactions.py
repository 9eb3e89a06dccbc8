"""What sessions do with the keys that reach them, and what people do in sessions that stand still."""
import time

from agents import ENTER, TEXT, Agent
from truth import Shown

# How sessions at a limit take keys; "draft" and "scrolled" are not theirs but somebody's.
TEMPERS = {"plain": 10, "draft": 3, "scrolled": 2, "late": 3, "loses text": 1, "loses Enter": 1, "dies": 1}
DRAFT = "I am still typing"


class Reactions:
    def __init__(self, world, random, scenario):
        self.world, self.random, self.scenario = world, random, scenario
        self.agents = {}  # by session
        self.only_temper = None  # drawn for each session if None
        world.on_keys = self.take

    # Screens.

    def _put(self, session, agent):
        self.agents[session] = agent
        self.world.agents[session] = agent
        self.world.fleet.leave_mode(session)
        self._draw(session, agent)

    def _draw(self, session, agent):
        self.world.fleet.show(session, agent.drawn())

    def draw_temper(self):
        return self.only_temper or self.random.choices(list(TEMPERS), list(TEMPERS.values()))[0]

    def work(self, session, rows):
        self._put(session, Agent(rows, self.scenario.families[session][1]))
        if self.draw_temper() == "draft":
            self.begin_draft(session)

    def stand(self, session, rows):
        """At a limit; what a person typed while it worked stands there still."""
        self.world.typed.resumed_by.pop(session, None)
        temper = self.draw_temper()
        before = self.agents.get(session)
        self._put(session, Agent(rows, self.scenario.families[session][1], temper))
        if before is not None and before.of_person and before.draft:
            self.begin_draft(session, before.since)
        elif temper == "draft":
            self.begin_draft(session)
        elif temper == "scrolled":
            self.world.fleet.scroll(session)

    # People.

    def begin_draft(self, session, since=None):
        agent = self.agents[session]
        if agent.prompt is None or agent.draft:
            return
        agent.draft, agent.of_person, agent.since = DRAFT, True, since or time.time()
        self.world.counts["drafts"] += 1
        self._draw(session, agent)

    def come_by(self):
        """Somebody begins to type, or scrolls, in a session that may just be asked to go on."""
        standing = [name for name, agent in self.agents.items()
                    if self.world.truth.now(name).hit and not agent.of_person]
        if standing and self.random.random() < 0.3:
            act = self.random.choice((self.begin_draft, self.world.fleet.scroll))
            act(self.random.choice(standing))

    def release(self, session):
        """Whoever was in it leaves it as it stands."""
        agent = self.agents[session]
        if agent.of_person:
            agent.draft, agent.of_person, agent.since = "", False, time.time()
            self._draw(session, agent)
        self.world.fleet.leave_mode(session)

    # Keys.

    def later(self, session, agent, least, most, action):
        def act():
            if self.agents[session] is agent:
                action(session, agent)

        self.world.plan(time.time() + self.random.uniform(least, most), act)

    def take(self, session, keys):
        agent = self.agents[session]
        if agent.temper == "dies":
            return self.die(session)
        if agent.menu:
            if keys.isdigit():
                self._put(session, agent.close_menu())
        elif keys == ENTER:
            self.take_enter(session, agent)
        else:
            self.take_text(session, agent, "".join(key for key in keys if key.isprintable()))

    def take_text(self, session, agent, text):
        if agent.temper == "loses text":
            agent.temper = "plain"
        elif agent.temper == "late":
            self.later(session, agent, 0.1, 0.8, lambda *_: self.add(session, agent, text))
        else:
            self.add(session, agent, text)

    def add(self, session, agent, text):
        agent.draft += text
        self._draw(session, agent)

    def take_enter(self, session, agent):
        if agent.temper == "loses Enter":
            agent.temper = "plain"
        elif not agent.draft:
            return
        elif agent.temper == "late":
            self.later(session, agent, 0.2, 2.5, self.send)
        else:
            self.send(session, agent)

    def send(self, session, agent):
        """Goes on unless the account in use is out, too."""
        account = self.world.active_account()
        exhaustion = self.world.exhaustion
        if exhaustion and exhaustion.account == account:
            return self.refuse(session, account, exhaustion)
        self.world.counts["went on when asked"] += 1
        self.world.say(f"{session} goes on with {agent.draft}")
        if agent.draft == TEXT:
            self.world.typed.expect_resumed(session)
        self.world.truth.draw(session, Shown(False, drawn=time.time()))
        self._put(session, agent.go_on())
        self.later(session, self.agents[session], 1.0, 3.0, lambda *_: self.scenario.show_work(session))

    def refuse(self, session, account, exhaustion):
        """By the account in use. Nobody can know whether the monitor holds that banner to be another."""
        self.world.counts["refused when asked"] += 1
        named = [one for one in self.scenario.fitting(session, True)
                 if one.names_reset == (exhaustion.reset_at is not None)]
        if not named:
            return self.scenario.show_work(session)
        self.scenario.show_hit(session, account, exhaustion.reset_at)
        self.world.truth.now(session).fresh = "maybe"
        exhaustion.sessions.append(session)

    def die(self, session):
        """The program ends, its session with it. Another one comes soon."""
        fleet = self.world.fleet
        self.world.counts["programs that died"] += 1
        self.scenario.show_work(session)
        fleet.end_program(session)
        self.world.plan(time.time() + self.random.uniform(0.3, 1.0), lambda: self.come_back(session))

    def come_back(self, session):
        fleet = self.world.fleet
        if fleet.up() and session in fleet.absent:
            fleet.begin_program(session)
            self.scenario.show_work(session)
        elif session in fleet.absent:
            self.world.plan(time.time() + 0.2, lambda: self.come_back(session))
