#!/usr/bin/env python3
"""Three monitors on three tmux servers share their accounts through a real PostgreSQL.

hosts_test.py QUOTAWATCH [--rounds N]: each round is one exhaustion; in every third the server is killed or stopped.
hosts_test.py QUOTAWATCH --soak [--hosts N] [--minutes M]: only such rounds, in which monitors are killed, too.
"""
import argparse
import json
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "hooks"))
import tap  # noqa: E402
from host import Host, wait_for  # noqa: E402
from postgres import Postgres, programs  # noqa: E402

OPTIONS = argparse.Namespace(program="", rounds=6, seed=1, soak=False, hosts=3, minutes=3.0)
BANNER = "> step {step}\n  You've hit your limit · resets {hour}:{minute:02} (UTC)\n"


def banner(step):
    """A limit that ends in an hour: without a time that is near, no round could be told from the one before."""
    later = time.gmtime(time.time() + 3600)
    return BANNER.format(step=step, hour=later.tm_hour, minute=later.tm_min)


class HostsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if programs() is None:
            raise unittest.SkipTest("there is no PostgreSQL server")
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.close)

    def setUp(self):
        self.database.sql("DROP TABLE IF EXISTS quotawatch")
        self.step = 0
        self.hosts = []

    def host(self, name, **store):
        host = Host(OPTIONS.program, name, self.database.address, **store)
        self.addCleanup(host.close)
        self.hosts.append(host)
        return host

    def begin(self, **store):
        for number in range(OPTIONS.hosts):
            self.host(f"host-{number + 1}", **store)
        self.hosts[0].command("store", "init")
        for host in self.hosts:
            host.run()
        self.assertTrue(wait_for(lambda: self.generation() == 1))
        self.assertTrue(wait_for(lambda: len(self.words()) == OPTIONS.hosts), self.words())

    def row(self):
        """What the hosts have agreed on; a server that has just come back may take its time."""
        def ask():
            answer = self.hosts[0].command("status", "--hosts", "--json", check=False)
            return answer.stdout if answer.returncode == 0 else ""
        return json.loads(wait_for(ask))["groups"][0]

    def generation(self):
        return self.row()["generation"]

    def words(self):
        return {word["host"]: (word["generation"], word["account"]) for word in self.row()["hosts"]}

    def free_all(self):
        """Accounts are paid for again, which one host tells the others."""
        row = self.row()
        for account in row["limited_until"]:
            self.hosts[self.step % len(self.hosts)].command("account", "free", account, check=False)
        self.assertTrue(wait_for(lambda: not self.row()["limited_until"]), self.row())

    def exhaust(self):
        """All hosts see the active account at its limit."""
        self.step += 1
        for host in self.hosts:
            host.show(banner(self.step))

    def go_on(self):
        for host in self.hosts:
            host.show(f"> step {self.step}, done\n")
        time.sleep(1.0)  # the cooldown, and two polls

    def assert_all_have(self, generation, once=True):
        for host in self.hosts:
            seen = wait_for(lambda: generation in host.generations(), 40)
            self.assertTrue(seen, f"{host.name} is left behind: {host.switches()}")
            if once:
                self.assertEqual(host.generations().count(generation), 1, host.switches())
        self.assertEqual(self.generation(), generation)
        account = self.row()["active_account"]
        self.assertEqual({switch[3] for host in self.hosts for switch in host.switches() if switch[1] == generation},
                         {account})

    def test_one_exhaustion_is_one_switch_on_all_hosts_within_a_poll(self):
        self.begin()
        self.exhaust()
        self.assert_all_have(2)
        times = [host.switches()[-1][0] / 1e9 for host in self.hosts]
        self.assertLess(max(times) - min(times), 1.0)
        time.sleep(1.5)
        self.assertEqual(self.generation(), 2, "its banners are still there, and stale")
        self.assertEqual([host.generations() for host in self.hosts], [[2], [2], [2]])

    def test_what_one_host_sees_the_others_do_within_a_second(self):
        self.begin()
        self.hosts[1].show(banner(1))
        self.assert_all_have(2)
        times = [host.switches()[-1][0] / 1e9 for host in self.hosts]
        self.assertLess(max(times) - min(times), 1.0)

    def test_a_host_that_was_away_joins_without_a_switch_of_its_own(self):
        self.begin()
        self.exhaust()
        self.assert_all_have(2)
        late = self.host("host-4")
        late.show(banner(1))
        late.run()
        self.assert_all_have(2)
        time.sleep(1.0)
        self.assertEqual(self.generation(), 2)
        self.assertTrue(wait_for(lambda: self.words().get("host-4") == (2, "b")), self.words())
        table = late.command("status", "--hosts").stdout
        self.assertIn('generation 2, account "b", by host-', table)
        self.assertRegex(table, r"host-4 +2  b ")
        self.assertRegex(late.command("check", check=False).stdout, r"ok +store +.*3 others of the fleet")

    def test_a_hook_that_fails_is_tried_again_on_its_host_alone(self):
        self.begin()
        self.hosts[2].set_hook(1)
        self.exhaust()
        self.assertTrue(wait_for(lambda: self.hosts[2].journal("switch_failed")))
        self.assertTrue(wait_for(lambda: all(host.generations() == [2] for host in self.hosts[:2])))
        self.hosts[2].set_hook(0)
        self.assertTrue(wait_for(lambda: self.hosts[2].journal("switch_done")))
        self.assertEqual(set(self.hosts[2].generations()), {2})
        self.assertEqual(self.generation(), 2)

    def test_a_killed_monitor_neither_forgets_the_switch_nor_makes_it_twice(self):
        self.begin()
        self.exhaust()
        self.hosts[0].end(signal.SIGKILL)
        self.hosts[0].run()
        for host in self.hosts:
            self.assertTrue(wait_for(lambda: host.journal("switch_done")), host.name)
        self.assertEqual(self.generation(), 2)
        self.hosts[0].end(signal.SIGKILL)
        self.hosts[0].run()
        before = self.hosts[0].generations()
        time.sleep(1.5)
        self.assertEqual(self.hosts[0].generations(), before)

    def test_without_the_database_nobody_switches_and_everybody_says_so(self):
        self.begin()
        self.database.kill()
        try:
            for host in self.hosts:
                self.assertTrue(wait_for(lambda: host.journal("store_down")), host.name)
            self.exhaust()
            time.sleep(1.0)
            self.assertEqual([host.generations() for host in self.hosts], [[], [], []])
            self.assertIn("\nstore        down for ", self.hosts[0].command("status").stdout)
            health = self.hosts[0].command("status", "--check", check=False)
            self.assertIn("the store does not answer: ", health.stdout)
            self.assertNotEqual(health.returncode, 0)
        finally:
            self.database.start()
        self.assert_all_have(2)
        self.assertTrue(all(host.journal("store_up") for host in self.hosts))

    def test_the_password_is_in_no_log(self):
        self.begin()
        secret = self.host("secret")
        address = self.database.address + " password=my-secret-word"
        text = secret.config.read_text().replace(self.database.address, address)
        secret.config.write_text(text)
        secret.run()
        self.assertTrue(wait_for(lambda: "secret" in self.words()))
        secret.config.write_text(text.replace("dbname=postgres", "dbname=nowhere"))
        check = secret.command("check", check=False)
        self.assertIn("nowhere", check.stdout)
        secret.config.write_text(text.replace("user=monitor", "my-secret-word"))
        broken = secret.command("check", check=False)
        said = check.stdout + check.stderr + broken.stdout + broken.stderr
        said += (secret.folder / "log").read_text() + (secret.folder / "journal").read_text()
        self.assertNotIn("my-secret-word", said)

    def disturb(self, chance, number):
        """In the middle of a round; afterwards all is well again. Says what was done."""
        time.sleep(chance.uniform(0, 0.4))
        what = chance.choice(["kill", "stop", "monitor"] if OPTIONS.soak else ["kill", "stop"])
        host = self.hosts[number % len(self.hosts)]
        if what == "kill":
            self.database.kill()
        elif what == "stop":
            self.database.suspend()
        else:
            host.end(signal.SIGKILL)
        time.sleep(chance.uniform(0.1, 2.5))
        if what == "kill":
            self.database.start()
        elif what == "stop":
            self.database.resume()
        else:
            host.run()
        return what

    def rounds(self):
        end = time.monotonic() + OPTIONS.minutes * 60
        number = 0
        while time.monotonic() < end if OPTIONS.soak else number < OPTIONS.rounds:
            number += 1
            yield number

    def test_rounds_in_which_the_server_comes_and_goes(self):
        self.begin()
        chance = random.Random(OPTIONS.seed)
        before = 1
        for number in self.rounds():
            self.free_all()
            self.exhaust()
            what = self.disturb(chance, number) if number % 3 == 0 else ""
            with self.subTest(round=number, what=what):
                # A monitor that is killed may run its hook once more, with the same id.
                self.assert_all_have(before + 1, once=what != "monitor")
            self.go_on()
            before += 1
            self.assertEqual(self.generation(), before)
        print(f"# {before - 1} rounds", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--soak", action="store_true")
    parser.add_argument("--hosts", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.parse_args(namespace=OPTIONS)
    if OPTIONS.soak:
        OPTIONS.only = "rounds"
    if OPTIONS.only:
        unittest.defaultTestLoader.testNamePatterns = [f"*{OPTIONS.only}*"]
    tap.run(sys.modules[__name__])
