#!/usr/bin/env python3
"""Judges sentences that no program has used yet, drawn where each program writes.

    judge_wordings.py QUOTAWATCH WORDINGS

Each line of WORDINGS is `limit` or `other` and a sentence. Behind the gutters that only the program uses nine of ten
limits must be exhausted; behind a bullet, where the model writes too, six of ten. No limit may pass in silence, and
nothing else may be exhausted. Ends with 1 otherwise, and names the sentences.
"""
import json
import pathlib
import subprocess
import sys
import textwrap

RULE = "─" * 100
NBSP = "\u00a0"
AT, ZONE = "2026-11-23T15:00:00Z", "Europe/Paris"


def wrapped(text, first, rest):
    return "\n".join(textwrap.wrap(text, 100, initial_indent=first, subsequent_indent=rest, break_long_words=False))


def claude(message):
    return "\n".join(["▝▜██████▀  Claude Code v2.1.332", "", "❯ go on", message, "", "✻ Cooked for 0s", "", RULE, "❯ ", RULE,
                      "  ⏵⏵ bypass permissions on (shift+tab to cycle)", ""])


def codex(text):
    return "\n".join(["  >_ OpenAI Codex (v0.171.0)", "", "› go on", "", wrapped("■ " + text, "", ""), "",
                      "› Ask Codex to do anything", "", "  gpt-5 default · /home/dev/acme/shop", ""])


def gemini(text):
    return "\n".join([" ▝▜▄     Gemini CLI v0.61.0", "", " > go on", wrapped("✕ " + text, "", "  "), "", RULE,
                      " >   Type your message or @path/to/file", "", " workspace", ""])


PLACES = {
    "Claude Code's gutter": (lambda text: claude(wrapped(text, f"  ⎿ {NBSP}", "     ")), 0.9),
    "Claude Code's bullet": (lambda text: claude("\n" + wrapped(text, "● ", "  ")), 0.6),
    "Codex's error": (codex, 0.9),
    "Gemini's error": (gemini, 0.9),
}


def judge(binary, screens):
    asked = [json.dumps({"id": number, "screen": screen, "at": AT, "timezone": ZONE}) for number, screen in enumerate(screens)]
    answers = subprocess.run([binary, "explain", "--jsonl"], input="\n".join(asked), capture_output=True, encoding="utf-8",
                             check=True).stdout
    return [json.loads(answer) for answer in answers.splitlines()]


def main():
    binary, path = sys.argv[1:]
    lines = [line.split(None, 1) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    sentences = [(kind, text) for kind, text in (line for line in lines if line) if kind in ("limit", "other")]
    faults = 0
    for place, (draw, wanted) in PLACES.items():
        answers = judge(binary, [draw(text) for _, text in sentences])
        hits = limits = 0
        for (kind, text), answer in zip(sentences, answers, strict=True):
            hit = answer["verdict"] == "exhausted"
            limits += kind == "limit"
            hits += kind == "limit" and hit
            silent = kind == "limit" and not hit and not answer["unrecognised"]
            if silent or (kind == "other" and hit):
                faults += 1
                print(f"{place}: {'passes in silence' if silent else 'is no limit'}: {text}")
        few = hits < wanted * limits
        faults += few
        print(f"{place}: {hits} of {limits} limits are hits{', which is too few' if few else ''}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
