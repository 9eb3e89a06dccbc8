"""Runs unittest cases and tells of each in TAP, so that meson counts every one of them."""
import sys
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def tell(self, test, good, note=""):
        self.number += 1
        print(f"{'ok' if good else 'not ok'} {self.number} - {test.id().split('.', 1)[-1]}{note}",
              flush=True)

    def tell_failure(self, test, error):
        self.tell(test, False)
        for line in self._exc_info_to_string(error, test).splitlines():
            print(f"# {line}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell_failure(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.tell_failure(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell_failure(subtest, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(test, True, f" # SKIP {reason}")


def run(module):
    """All cases of a module. Exit code 1 if one failed."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    print("TAP version 13")
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
