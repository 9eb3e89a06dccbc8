"""The programs in the panes: what each shows, and what keys do to it, as real agents do."""

TEXT = "continue"  # what quotawatch types
ENTER = "\r"
SIGNS = ("❯", "›", ">")
MENU = "Enter to confirm"
LOGIN = ("401", "/login", "log in")
COMMAND = "❯ /"  # what the program itself entered, and its menu stands in the prompt's place
MODE_LINE = "  ⏵⏵ bypass permissions on (shift+tab to cycle)"


def _strip(rows):
    rows = list(rows)
    while rows and not rows[-1].strip():
        rows.pop()
    return rows


def _faint(text):
    return f"\x1b[2m{text}\x1b[22m" if text else ""


class Agent:
    """A screen with what somebody has typed at its prompt. `temper`: how it takes keys."""

    def __init__(self, rows, columns, temper="plain"):
        self.rows, self.columns, self.temper = list(rows), columns, temper
        self.draft = ""
        self.of_person = False  # the draft is somebody's, not quotawatch's
        self.since = 0.0  # when the prompt last changed hands
        self.menu = any(MENU in row for row in rows)
        self.refuses_login = any(word in row.lower() for row in rows for word in LOGIN)
        signed = [number for number, row in enumerate(rows) if row.startswith(SIGNS)]
        self.prompt = signed[-1] if signed and not self.menu else None

    @property
    def sign(self):
        return "❯" if self.prompt is None else self.rows[self.prompt][0]

    def drawn(self):
        """An empty prompt shows what the recorded program suggests there, faintly."""
        if self.prompt is None:
            return self.rows
        recorded = self.rows[self.prompt]
        shown = self.draft or _faint(recorded[2:].strip())
        return [*self.rows[:self.prompt], recorded[:2].ljust(2) + shown, *self.rows[self.prompt + 1:]]

    def _bottom(self):
        if self.sign == "›":
            return self.rows[self.prompt:]
        rule = "─" * self.columns
        return [rule, f"{self.sign}\u00a0", rule, MODE_LINE]

    def _conversation(self):
        """Without the box and the notice above it, or the menu in its place."""
        if self.prompt is None:
            begins = max(number for number, row in enumerate(self.rows) if row.startswith(COMMAND))
            return _strip(self.rows[:begins])
        top = self.prompt if self.sign == "›" else self.prompt - 1
        notice = self.sign == "❯" and self.rows[top - 1].startswith("  ") and not self.rows[top - 2].strip()
        return _strip(self.rows[:top - 1 if notice else top])

    def _with(self, turn):
        bottom = self._bottom()
        height = len(self.rows) - len(bottom)
        conversation = (self._conversation() + turn)[-height:]
        return conversation + [""] * (height - len(conversation)) + bottom

    def close_menu(self):
        """The limit stays where it is; the prompt is back."""
        return Agent(self._with([]), self.columns, self.temper)

    def go_on(self):
        """What was typed is the next turn, and the program works."""
        asked = self.draft or TEXT
        if self.sign == "›":
            turn = ["", f"› {asked}", "", "", "• Working (3s • esc to interrupt)", ""]
        else:
            turn = ["", f"{self.sign} {asked}", "", "● Going on with the tests.", "",
                    "✻ Working… (3s · esc to interrupt)", ""]
        return Agent(self._with(turn), self.columns)
