"""What a soak has come to, in words, and its exit code."""
from monitor import POINTS

FULL_LENGTH = 10  # minutes, after which a soak must have covered all of these
LEAST = {"monitor kills": 100, "server kills": 30, "true exhaustions": 30}
FINE, TOO_LITTLE, INVARIANT, LIVENESS = 0, 1, 3, 4


def _of(counts, *names):
    return ", ".join(f"{counts[name]} {name}" for name in names)


def _seconds(values):
    if not values:
        return "none"
    return f"mean {sum(values) / len(values):.2f} s, most {max(values):.2f} s"


def _outcomes(world):
    path = world.folder / "outcomes"
    words = path.read_text(encoding="utf-8").split() if path.exists() else []
    return {word: words.count(word) for word in sorted(set(words))}


def missing(world, options, has_disk):
    """What a soak of full length should have come to and did not."""
    if options.minutes < FULL_LENGTH:
        return []
    counts = world.counts
    lacking = [f"only {counts[name]} {name}, not {least}"
               for name, least in LEAST.items() if counts[name] < least]
    lacking += [f"no monitor was killed {point}" for point in POINTS if not counts["at " + point]]
    if has_disk and not counts["disk fills"]:
        lacking.append("the disk was never full")
    return lacking


def tell(world, lives, options, has_disk):
    counts = world.counts
    print("monitor:    " + _of(counts, "monitor kills", "kills at random", "kills at named points",
                               "monitor stops", "config read again"))
    print("points:     " + ", ".join(f"{point} {counts['at ' + point]}" for point in POINTS))
    print("server:     " + _of(counts, "server kills", "server stops"))
    print("disk:       " + (_of(counts, "disk fills") if has_disk else "not filled: no mount"))
    print("hook:       " + ", ".join(f"{word} {count}" for word, count in _outcomes(world).items()))
    print("journal:    " + _of(counts, "journal switch", "journal switch_done",
                               "journal switch_failed", "journal switch_resumed", "journal stale"))
    print("screens:    " + _of(counts, "single banners", "late banners", "banners left standing",
                               "switches in doubt"))
    print("typing:     " + _of(counts, "typed text", "typed Enter", "typed menu", "drafts", "programs that died",
                               "went on when asked", "refused when asked"))
    print("resume:     " + _of(counts, "journal resume", "journal resumed", "journal resume_held",
                               "journal resume_failed") + f"; said after: {_seconds(world.typed.delays)}")
    print(f"exhaustion: {counts['exhaustions acted on']} of {counts['true exhaustions']} acted on; "
          f"asked for after nothing hindered it: {_seconds(world.delays)}; "
          f"done after it began, faults and all: {_seconds(world.totals)}")
    print("lives:      " + (lives.stdout + lives.stderr).strip().replace("\n", "\n            "))
    return _exit_code(world, lives, missing(world, options, has_disk), options)


def _exit_code(world, lives, lacking, options):
    for text in lacking:
        print(f"soak: {text}")
    kinds = {kind for kind, _ in world.violations}
    if kinds - {"liveness"} or lives.returncode != 0:
        code, word = INVARIANT, "an invariant broke"
    elif kinds:
        code, word = LIVENESS, "a switch was due and none came"
    elif lacking:
        code, word = TOO_LITTLE, "it did not come to everything it should have"
    else:
        code, word = FINE, "all held"
    print(f"soak: {word} (seed {options.seed})")
    return code
