#!/usr/bin/env python3
"""The alerts and the dashboard in docs/prometheus use metrics that exist, and each alert comes when it should.

    monitoring_test.py
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "hooks"))

import tap  # noqa: E402

RULES = ROOT / "docs" / "prometheus" / "quotawatch.rules.yml"
CASES = ROOT / "tests" / "monitoring" / "rules_test.yml"
METRICS = {f"quotawatch_{name}" for name in
           re.findall(r'begin\("(\w+)"', (ROOT / "src" / "run" / "metrics.cc").read_text(encoding="utf-8"))}


class Monitoring(unittest.TestCase):
    def test_uses_metrics_that_exist(self):
        dashboard = json.loads((ROOT / "docs" / "prometheus" / "dashboard.json").read_text(encoding="utf-8"))
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        asked += re.findall(r"quotawatch_\w+", RULES.read_text(encoding="utf-8"))
        used = set(re.findall(r"quotawatch_\w+", " ".join(asked)))
        self.assertGreater(len(used), 5)
        self.assertEqual(used - METRICS, set())

    def test_has_a_case_in_which_each_alert_comes_and_one_in_which_it_does_not(self):
        cases = CASES.read_text(encoding="utf-8")
        for alert in re.findall(r"alert: (\w+)", RULES.read_text(encoding="utf-8")):
            self.assertRegex(cases, rf"alertname: {alert}\n +exp_alerts:", alert)
            self.assertRegex(cases, rf"alertname: {alert}}}", alert)

    @unittest.skipUnless(shutil.which("promtool"), "there is no promtool")
    def test_promtool_agrees(self):
        for command in (["check", "rules", RULES], ["test", "rules", CASES]):
            result = subprocess.run(["promtool", *command], capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
