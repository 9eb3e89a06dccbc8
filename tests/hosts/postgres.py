"""A PostgreSQL server of the test's own: in its folder, on loopback and a socket there, as an ordinary user."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def programs():
    """The folder of initdb and postgres; None if they are not installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    path = shutil.which("postgres")
    return pathlib.Path(path).parent if path else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """Not by the system's services, and never as root, which PostgreSQL refuses."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="quotawatch-postgres-"))
        self.port = free_port()
        self.process = None
        self.user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
        if self.user:
            os.chown(self.folder, 65534, 65534)
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "monitor", "--no-sync", "-E", "UTF8",
                 "--locale=C")
        self.start()

    @property
    def address(self):
        return f"host=127.0.0.1 port={self.port} user=monitor dbname=postgres"

    def command(self, program, *arguments):
        return [*self.user, str(programs() / program), *map(str, arguments)]

    def run(self, program, *arguments):
        return subprocess.run(self.command(program, *arguments), cwd="/", check=True, capture_output=True,
                              text=True).stdout

    def sql(self, statement):
        return self.run("psql", "-qAtX", "-d", self.address, "-c", statement).strip()

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            self.command("postgres", "-D", self.folder / "data", "-p", self.port, "-k", self.folder,
                         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=20"),
            cwd="/", stdout=log, stderr=log, start_new_session=True)
        log.close()
        for _ in range(400):
            ready = subprocess.run(self.command("pg_isready", "-q", "-d", self.address), cwd="/", check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text()[-2000:])

    def members(self):
        """The server and its children, each of which has a session of its own."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], check=False,
                                  capture_output=True, text=True).stdout.split()
        return [self.process.pid, *map(int, children)]

    def signal_all(self, number):
        for member in self.members():
            try:
                os.kill(member, number)
            except ProcessLookupError:
                pass

    def kill(self):
        """All at once, as a power cut does."""
        self.signal_all(signal.SIGSTOP)  # so that nobody says goodbye
        self.signal_all(signal.SIGKILL)
        self.process.wait()

    def suspend(self):
        self.signal_all(signal.SIGSTOP)

    def resume(self):
        self.signal_all(signal.SIGCONT)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
