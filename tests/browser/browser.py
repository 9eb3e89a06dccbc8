"""A real browser for tests: what a page looks like once its scripts ran, and hands to use it.

Chromium answers with its document as text (`--dump-dom`); where its driver is installed, too, a
page can be clicked and dragged through the WebDriver protocol.
"""
import html.parser
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1400,900",
]
VOID = {"meta", "link", "img", "input", "br", "hr"}


def find_browser():
    names = ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag=None, **wanted):
        """Elements with this tag and these attributes (data_lane: data-lane); True is any."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            element for element in self.walk()
            if tag in (None, element.tag) and all(
                name in element.attributes and value in (True, element.attributes[name])
                for name, value in wanted.items())
        ]

    def one(self, tag=None, **wanted):
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]

    def text(self):
        return "".join(child.text() if isinstance(child, Element) else child
                       for child in self.children)


class Parser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("#document", {}, None)

    def handle_starttag(self, tag, attributes):
        element = Element(tag, dict(attributes), self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag):
        closing = self.open
        while closing is not None and closing.tag != tag:
            closing = closing.parent
        if closing is not None and closing.parent is not None:
            self.open = closing.parent

    def handle_data(self, data):
        self.open.children.append(data)


def document(page, fragment=""):
    """The document of the file `page` after its scripts ran."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [find_browser(), *FLAGS, f"--user-data-dir={profile}",
                   "--virtual-time-budget=5000", "--dump-dom",
                   pathlib.Path(page).resolve().as_uri() + fragment]
        output = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout
    parser = Parser()
    parser.feed(output.decode("utf-8"))
    return parser.root


class Driver:
    """A browser that stays open, driven over HTTP by its own driver."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        line = next(line for line in self.process.stdout if "successfully on port" in line)
        self.base = f"http://127.0.0.1:{line.rstrip().rstrip('.').split()[-1]}"
        options = {"binary": find_browser(),
                   "args": [*FLAGS, f"--user-data-dir={self.profile.name}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self.base += "/session/" + self.ask("POST", "/session", wanted)["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method, headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def go(self, page):
        self.ask("POST", "/url", {"url": pathlib.Path(page).resolve().as_uri()})

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def devtools(self, command, parameters):
        """A command of Chromium's own protocol, for what WebDriver has none for."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def element(self, selector):
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def click(self, selector):
        self.ask("POST", f"/element/{self.element(selector)}/click", {})

    def press(self, selector, keys):
        self.ask("POST", f"/element/{self.element(selector)}/value", {"text": keys})

    def drag(self, x, y, to_x):
        move = lambda at: {"type": "pointerMove", "duration": 50, "x": int(at), "y": int(y)}
        steps = [move(x), {"type": "pointerDown", "button": 0}, move((x + to_x) / 2), move(to_x),
                 {"type": "pointerUp", "button": 0}]
        self.ask("POST", "/actions", {"actions": [
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
             "actions": steps}]})

    def wheel(self, x, y, by):
        self.ask("POST", "/actions", {"actions": [{"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "x": int(x), "y": int(y), "deltaX": 0, "deltaY": by,
             "duration": 0}]}]})

    def wait_for(self, script):
        until = time.monotonic() + 10
        while not self.run(f"return {script}"):
            assert time.monotonic() < until, f"not within ten seconds: {script}"
            time.sleep(0.05)

    def close(self):
        try:
            self.ask("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()
            self.profile.cleanup()
