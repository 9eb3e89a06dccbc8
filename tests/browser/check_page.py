#!/usr/bin/env python3
"""Opens pages of `quotawatch replay --html` in a real browser and looks at what they became.

    check_page.py QUOTAWATCH PROJECT_ROOT

Ends with exit code 77, which meson takes for "skipped", where there is no chromium.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from browser import Driver, document, find_browser
from pictures import check_pictures

HERE = pathlib.Path(__file__).parent
FIXED_LANES = 3  # monitor, faults, accounts
LARGEST_PAGE = 4_000_000  # bytes, for a month of twelve sessions
DATA = re.compile(r'(<script id="data" type="application/json">)(.*?)(</script>)', re.DOTALL)
DECISIONS = {"suspect", "clear", "switch", "switch_done", "switch_failed", "switch_resumed",
             "exhausted_everywhere"}


class Pages:
    def __init__(self, quotawatch, root, folder):
        self.quotawatch, self.root, self.folder = quotawatch, pathlib.Path(root), folder
        self.trouble = HERE / "trouble.transcript"

    def make(self, path, name):
        page = self.folder / name
        subprocess.run([self.quotawatch, "replay", path, "--html", page], capture_output=True,
                       check=False)
        return page

    def changed(self, page, change, name):
        """The page with `change` made to its data."""
        def again(match):
            data = json.loads(match.group(2))
            change(data)
            return match.group(1) + json.dumps(data).replace("<", "\\u003c") + match.group(3)
        target = self.folder / name
        text = page.read_text(encoding="utf-8")
        target.write_text(DATA.sub(again, text, count=1), encoding="utf-8")
        return target

    def journal(self, path):
        output = subprocess.run([self.quotawatch, "replay", path, "--json"], capture_output=True,
                                check=True, text=True).stdout
        return [json.loads(line) for line in output.splitlines()]


def has_class(element, name):
    return name in element.attributes.get("class", "").split()


def check_sound(page, title):
    """That scripts ran to their end and that no text became anything but text."""
    root = page.one("html")
    assert root.attributes.get("data-state") == "ready", root.attributes
    assert "data-error" not in root.attributes, root.attributes
    assert page.one("head").one("title").text() == title, page.one("head").one("title").text()
    assert len(page.all("script")) == 2 and not page.all("img"), "markup came out of the data"


def check_trouble(pages):
    page = pages.make(pages.trouble, "trouble.html")
    made = document(page)
    check_sound(made, str(pages.trouble))
    assert len(made.all("g", data_lane=True)) == 4 + FIXED_LANES
    for session in ("ccl-auto-1", "ccl-auto-2", "ccl-auto-3", "main"):
        lane = made.one("g", data_lane=session)
        kinds = {kind.attributes["data-kind"] for kind in lane.all(data_kind=True)}
        assert "clear" in kinds, f"{session}: {kinds}"
        assert len(lane.all("g", data_row="truth")) == len(lane.all("g", data_row="judged")) == 1
    events = [event["event"] for event in pages.journal(pages.trouble)]
    listed = [item.attributes["data-event"] for item in made.all("li", data_event=True)]
    assert listed == [event for event in events if event in DECISIONS], listed
    assert "hidden" in made.one(id="alarm").attributes
    faults = made.one("g", data_lane="faults")
    for kind in ("tmux_down", "tmux_slow", "tmux_garbled", "stall", "disk_full", "hook_fails",
                 "clock_step", "damage", "crash_armed"):
        assert faults.all(data_kind=kind), f"no {kind}"
    monitor = made.one("g", data_lane="monitor")
    for kind in ("suspicion", "in_flight", "cooldown", "backoff", "all_out", "down", "crash"):
        assert monitor.all(data_kind=kind), f"no {kind}"
    return page


def check_links(page):
    made = document(page, "#decision=3&from=1200&to=1500")
    check_sound(made, made.one("head").one("title").text())
    chart = made.one("svg", id="chart").attributes
    assert (chart["data-from"], chart["data-to"]) == ("1200000", "1500000"), chart
    detail = made.one(id="detail")
    assert detail.attributes["data-decision"] == "2"
    shown = detail.one("details", data_session="ccl-auto-1")
    assert "open" in shown.attributes and len(shown.all("pre")) == 1
    hits = [row.text() for row in shown.all("span") if has_class(row, "hit")]
    assert hits == ["  \u23bf  You've hit your limit \u00b7 resets 2pm (Europe/Paris)\n"], hits
    assert "2 of the pool (2 needed)" in detail.text(), detail.text()
    # Markup on the third pane is shown as text and has no effect.
    hostile = detail.one("details", data_session="ccl-auto-3").one("pre").text()
    assert "</script><script>document.title='owned'</script>" in hostile, hostile
    lost = document(page, "#decision=999&from=x&to=-1&run=-3&__proto__=1")
    check_sound(lost, lost.one("head").one("title").text())
    # Without a decision in the link, the first switch is explained.
    assert lost.one(id="detail").attributes["data-decision"] == "2"


def check_hostile_screen(page):
    """The screen at the first suspicion, with markup, quotes and a turned direction."""
    made = document(page, "#decision=1")
    screen = made.one("details", data_session="ccl-auto-3").one("pre").text()
    assert "<img src=x onerror=\"document.title='owned'\">" in screen, screen
    assert "\\u202edesrever\\u202c" in screen and "\u202e" not in screen, screen


def check_violation(pages, page):
    def break_it(data):
        data["runs"][0]["decisions"].append(
            {"event": "violation", "reason": "cooldown", "why": "<b onclick=x>broken</b>",
             "offset": 6_000_000, "screens": [[0, -1]]})
    made = document(pages.changed(page, break_it, "violation.html"))
    check_sound(made, str(pages.trouble))
    alarm = made.one(id="alarm")
    assert "hidden" not in alarm.attributes and "<b onclick=x>broken</b>" in alarm.text()
    assert any(has_class(line, "violation") for line in made.all("line"))


def check_policy(pages, page):
    """A script that still got into the page does not run, and nothing is loaded."""
    text = page.read_text(encoding="utf-8")
    for i, bad in enumerate(["<script>document.title='owned'</script>",
                             "<svg onload=\"document.title='owned'\"></svg>",
                             "<style>:root { --owned: 1 } h1 { display: none }</style>"]):
        target = pages.folder / f"policy{i}.html"
        target.write_text(text.replace("<header>", bad + "<header>"), encoding="utf-8")
        title = document(target).one("head").one("title").text()
        assert title == str(pages.trouble), title
    broken = pages.changed(page, lambda data: data["runs"][0].pop("lanes"), "broken.html")
    made = document(broken)
    assert "data-error" in made.one("html").attributes, "an error must be shown"
    assert "hidden" not in made.one(id="broken").attributes


def check_several(pages):
    page = pages.make(pages.root / "fixtures/demo", "several.html")
    made = document(page, "#run=3")
    check_sound(made, "4 passed, 0 failed")
    rows = made.one(id="runs").all("tr", data_run=True)
    assert len(rows) == 4 and has_class(rows[2], "current")
    assert made.one("h1").text() in rows[2].text()


def check_long(pages):
    transcript = pages.folder / "long.transcript"
    with transcript.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, HERE / "long_run.py"], stdout=out, check=True)
    page = pages.make(transcript, "long.html")
    size = page.stat().st_size
    assert 100_000 < size < LARGEST_PAGE, f"{size} bytes"
    made = document(page)
    check_sound(made, str(transcript))
    assert len(made.all("g", data_lane=True)) == 12 + FIXED_LANES
    print(f"a month of twelve sessions: {size} bytes, "
          f"{len(made.all('li', data_event=True))} decisions, {len(list(made.walk()))} elements")
    return page


def view_of(driver):
    chart = "document.getElementById('chart')"
    return [int(driver.run(f"return {chart}.getAttribute('data-{end}')")) for end in ("from", "to")]


def check_hands(page, long_page):
    driver = Driver()
    try:
        driver.go(page)
        for number, text in ((1, "Request rejected"), (3, "You've hit your limit")):
            driver.click(f"#decisions li:nth-child({number}) button")
            shown = driver.run("return document.querySelector('#detail pre').textContent")
            assert text in shown, shown
        driver.click("#zoom-in")
        start, end = view_of(driver)
        assert end - start == 5_400_000 and start <= 1_230_000 <= end, (start, end)
        driver.wait_for("location.hash.includes('decision=3')")
        x, y = driver.run("const r = document.getElementById('chart').getBoundingClientRect();"
                          "return [r.left + 700, r.top + 20]")
        driver.drag(x, y, x - 200)
        moved = view_of(driver)
        assert moved[0] > start and moved[1] - moved[0] == end - start, moved
        driver.wheel(x, y, -200)  # after a click into the chart the wheel zooms
        assert view_of(driver)[1] - view_of(driver)[0] < end - start
        driver.press("#chart", "0n")
        assert view_of(driver) == [0, 10_800_000]
        chosen = "document.getElementById('detail').getAttribute('data-decision')"
        assert driver.run(f"return {chosen}") == "3"
        driver.go(long_page)
        spent = driver.run("const times = [];"
                           "for (const length of [1, 1 / 4, 1 / 30, 1 / 300]) {"
                           "  const began = performance.now();"
                           "  const chart = current.chart;"
                           "  chart.show(chart.whole / 2, chart.whole / 2 + length * chart.whole);"
                           "  times.push(Math.round(performance.now() - began));"
                           "} return times")
        print(f"a month drawn whole, by the week, day and hours in {spent} ms")
        assert max(spent) < 1500, spent
        check_pictures(driver, page)
    finally:
        driver.close()


def main():
    quotawatch, root = sys.argv[1:]
    if find_browser() is None:
        print("no chromium here")
        return 77
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        pages = Pages(quotawatch, root, pathlib.Path(folder))
        page = check_trouble(pages)
        check_links(page)
        check_hostile_screen(page)
        check_violation(pages, page)
        check_policy(pages, page)
        check_several(pages)
        long_page = check_long(pages)
        if shutil.which("chromedriver"):
            check_hands(page, long_page)
        else:
            print("no chromedriver here: nothing was clicked")
    print(f"pages are as they should be ({time.monotonic() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
