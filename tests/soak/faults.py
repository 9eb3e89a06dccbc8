"""What goes wrong during a soak, drawn from the seed, and how it is put right again."""
import errno
import os
import time

PAGE_BYTES = 4096


class Faults:
    def __init__(self, world, random, scenario, disk):
        self.world, self.random, self.scenario = world, random, scenario
        self.ballast = disk / "ballast" if disk else None
        self.kinds = [(self.kill_monitor, 30), (self.stop_monitor, 7), (self.send_hup, 5),
                      (self.kill_server, 16), (self.stop_server, 10)]
        if disk:
            self.kinds.append((self.fill_disk, 9))

    def strike(self):
        if self.scenario.calm:
            return
        faults, weights = zip(*self.kinds)
        fault = self.random.choices(faults, weights)[0]
        self.world.say(fault.__name__)
        fault()

    def later(self, least, most, action):
        self.world.plan(time.time() + self.random.uniform(least, most), action)

    def kill_monitor(self):
        if self.world.monitor.running():
            self.world.monitor.kill()

    def stop_monitor(self):
        if not self.world.monitor.up():
            return
        self.world.monitor.stop()
        self.world.counts["monitor stops"] += 1
        self.later(0.2, 1.5, self.world.monitor.go_on)

    def send_hup(self):
        if self.world.monitor.up() and self.world.monitor.listens():
            self.world.monitor.read_again()
            self.world.counts["config read again"] += 1

    def kill_server(self):
        if self.world.fleet.pid is None:
            return
        self.world.fleet.kill()
        self.world.typed.expect_nothing()
        self.world.counts["server kills"] += 1
        self.later(0.1, 0.9, self.build_server)

    def build_server(self):
        """Whoever stood on an old banner is gone with the server; the others go on."""
        fleet, truth = self.world.fleet, self.world.truth
        if fleet.pid is not None:
            return
        for session in fleet.sizes:
            if truth.now(session).hit and truth.now(session).fresh != "yes":
                self.scenario.show_work(session)
        fleet.build()
        truth.redrawn(time.time())

    def stop_server(self):
        if not self.world.fleet.up():
            return
        self.world.fleet.stop()
        self.world.counts["server stops"] += 1
        self.later(0.2, 1.8, self.world.fleet.go_on)

    def fill_disk(self):
        """To the last byte, or but for one page, so that a file can be begun."""
        if self.world.disk_full:
            return
        self.world.disk_full = True
        self.world.truth.disk_filled(time.time())
        self.world.counts["disk fills"] += 1
        with open(self.ballast, "wb", buffering=0) as ballast:
            try:
                while ballast.write(bytes(PAGE_BYTES)):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            if self.random.random() < 0.5:
                ballast.truncate(max(0, os.fstat(ballast.fileno()).st_size - PAGE_BYTES))
        self.later(0.5, 2.0, self.free_disk)

    def free_disk(self):
        if self.world.disk_full:
            self.ballast.unlink()
            self.world.truth.disk_freed()
        self.world.disk_full = False

    def mend(self):
        if self.ballast:
            self.free_disk()
        self.world.fleet.go_on()
        self.world.monitor.go_on()
        self.build_server()
        self.scenario.start_monitor()
