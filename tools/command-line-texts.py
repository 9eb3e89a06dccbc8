#!/usr/bin/env python3
"""Makes the man page and the completions of shells from the command line itself.

    quotawatch help --json | command-line-texts.py man|bash|zsh|fish [--version VERSION]

What it knows of a command is what `quotawatch help --json` says. The kind of a value follows from its name in the
help: FILE, JOURNAL and PATH are files, FOLDER is a folder, SESSION a session of tmux, COMMAND a command.
"""
import argparse
import json
import re
import sys

FILES = {"FILE", "JOURNAL", "PATH"}
MADE = "made from `quotawatch help --json`"


def with_subcommands(command):
    yield command
    for below in command["commands"]:
        yield from with_subcommands(below)


def choices_of(option):
    """The words of `CLASS:{exhausted,throttled}`."""
    found = re.search(r"\{(.*)\}", option["value"])
    return found.group(1).split(",") if found else []


def metavariable(option):
    if option["positional"] and option["value"] in ("", "TEXT"):
        return option["names"][0]
    # Behind it may stand what the value is checked for.
    return re.split(r":(?=\{|[A-Z]+ (?:in )?\[)", option["value"])[0]


def kind_of(option):
    if choices_of(option):
        return "choice"
    if metavariable(option) in FILES:
        return "file"
    return {"FOLDER": "folder", "SESSION": "session", "COMMAND": "command", "PACK": "file"}.get(
        metavariable(option), "text")


def positionals_of(command):
    return [option for option in command["options"] if option["positional"]]


def flags_of(command):
    return [option for option in command["options"] if not option["positional"]]


# -- man ---------------------------------------------------------------------------------------------


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def roff_option(option):
    names = ", ".join(rf"\fB{roff(name)}\fR" for name in option["names"])
    if option["positional"]:
        names = rf"\fI{roff(option['names'][0])}\fR"
    elif option["value"]:
        names += rf" \fI{roff(metavariable(option))}\fR"
    text = option["text"]
    if choices_of(option):
        text += ": one of " + ", ".join(choices_of(option))
    return [".TP", names, roff(text)]


def roff_command(command, everywhere):
    called = ("quotawatch " + command["name"]).strip()
    arguments = " ".join(option["names"][0] for option in positionals_of(command))
    lines = [f".SS {roff(called)} {roff(arguments)}".rstrip(), roff(command["text"])]
    if command["footer"]:
        lines += [".PP", roff(command["footer"])]
    for option in positionals_of(command) + flags_of(command):
        lines += [] if option in everywhere else roff_option(option)
    if command["examples"]:
        lines += [".PP", "Examples:", ".PP", ".nf", ".RS", *map(roff, command["examples"]), ".RE", ".fi"]
    return lines


def man_page(tree, version):
    lines = [rf".\" {MADE}", f'.TH QUOTAWATCH 1 "" "quotawatch {version}" "User Commands"', ".SH NAME",
             r"quotawatch \- switch accounts when coding agents in tmux reach their usage limit", ".SH SYNOPSIS",
             r"\fBquotawatch\fR \fICOMMAND\fR [\fIOPTIONS\fR]", ".SH DESCRIPTION", roff(tree["text"])]
    lines += [".PP", "Most commands look for a config in the same places:",
              r"\fB\-\-config\fR, \fB$QUOTAWATCH_CONFIG\fR, \fIquotawatch.json\fR in the current folder,",
              r"\fIquotawatch/quotawatch.json\fR in \fB$XDG_CONFIG_HOME\fR (else \fI~/.config\fR)."]
    lines += [".SH OPTIONS", "Of every command:"]
    for option in flags_of(tree):
        lines += roff_option(option)
    lines += [".SH COMMANDS"]
    for command in list(with_subcommands(tree))[1:]:
        lines += roff_command(command, flags_of(tree))
    lines += [".SH EXIT STATUS",
              "0: fine. 1: an expectation or a switch failed, or no monitor runs. 2: bad input or usage. 3 and 4: a",
              r"bug of quotawatch. \fBstatus \-\-check\fR ends as monitoring plugins do.", ".SH SEE ALSO",
              r".BR quotawatch.json (5), quotawatch\-guide (7), tmux (1)"]
    return "\n".join(lines) + "\n"


# -- bash --------------------------------------------------------------------------------------------

BASH = r"""# bash completion for quotawatch, @MADE@.
_quotawatch() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} at= word words= kind=
  # `--option=value` comes as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      @COMMANDS@) at="$at $word" ;;
    esac
  done
  case "$at" in
@WORDS@
  esac
  case "$at $before" in
@VALUES@
    *) [[ $current == -* ]] && kind= ;;
  esac
  case $kind in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    folder) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    session) words=$(tmux list-sessions -F '#S' 2>/dev/null) ;;
    command) words="@TOP@" ;;
    text) words= ;;
  esac
  case $kind in
    file | folder) compopt -o filenames 2>/dev/null ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
  esac
}
complete -F _quotawatch quotawatch
"""


def bash_completion(tree):
    paths, words, values = [], [], []
    for command in with_subcommands(tree):
        at = " " + command["name"] if command["name"] else ""
        if at:
            paths.append(f'"{at}"')
        known = [below["name"].split()[-1] for below in command["commands"]]
        kind = ""
        for option in command["options"]:
            if option["positional"]:
                kind = kind_of(option)
                continue
            known += option["names"]
            if not option["value"]:
                continue
            names = " | ".join(f'"{at} {name}"' for name in option["names"])
            chosen = f'kind= words="{" ".join(choices_of(option))}"' if choices_of(option) else \
                f"kind={kind_of(option)}"
            values.append(f"    {names}) {chosen} ;;")
        words.append(f'    "{at}") words="{" ".join(known)}" kind={kind} ;;')
    text = BASH.replace("@MADE@", MADE).replace("@COMMANDS@", " | ".join(paths))
    text = text.replace("@WORDS@", "\n".join(words)).replace("@VALUES@", "\n".join(values))
    return text.replace("@TOP@", " ".join(command["name"] for command in tree["commands"]))


# -- zsh ---------------------------------------------------------------------------------------------


def zsh_quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def zsh_action(option, tree):
    actions = {"file": "_files", "folder": "_files -/", "session": "_quotawatch_sessions", "text": " "}
    if choices_of(option):
        return f"({' '.join(choices_of(option))})"
    if kind_of(option) == "command":
        return f"({' '.join(command['name'] for command in tree['commands'])})"
    return actions[kind_of(option)]


def zsh_option(option, tree):
    specs = []
    names = option["names"]
    for name in names:
        only = "*" if option["repeated"] else f"({' '.join(names)})"
        spec = f"{only}{name}"
        if option["value"]:
            spec += "=" if name.startswith("--") else "+"
        spec += f"[{zsh_text(option['text'])}]"
        if option["value"]:
            spec += f":{zsh_text(metavariable(option))}:{zsh_action(option, tree)}"
        specs.append(zsh_quoted(spec))
    return specs


def zsh_positional(option, tree):
    every = "*" if option["repeated"] else ""
    return zsh_quoted(f"{every}:{zsh_text(option['names'][0])}:{zsh_action(option, tree)}")


def zsh_function(command, tree):
    name = "_".join(["_quotawatch", *command["name"].split()])
    specs = [spec for option in flags_of(command) for spec in zsh_option(option, tree)]
    if not command["commands"]:
        specs += [zsh_positional(option, tree) for option in positionals_of(command)]
        return [f"{name}() {{", "  _arguments -s \\", *(f"    {spec} \\" for spec in specs[:-1]),
                f"    {specs[-1]}", "}"]
    below = [(each["name"].split()[-1], each["text"]) for each in command["commands"]]
    lines = [f"{name}() {{", "  local context state state_descr line", "  typeset -A opt_args", "  _arguments -C -s \\"]
    lines += [f"    {spec} \\" for spec in specs] + ["    '1: :->command' '*:: :->rest'", "  case $state in",
                                                     "    command)", "      local -a commands=("]
    lines += [f"        {zsh_quoted(word + ':' + zsh_text(text))}" for word, text in below]
    lines += ["      )", "      _describe command commands", "      ;;", "    rest)", "      case $words[1] in"]
    lines += [f"        {word}) {name}_{word} ;;" for word, _ in below]
    return lines + ["      esac", "      ;;", "  esac", "}"]


def zsh_completion(tree):
    lines = ["#compdef quotawatch", f"# zsh completion for quotawatch, {MADE}.", "_quotawatch_sessions() {",
             "  local -a sessions=(${(f)\"$(tmux list-sessions -F '#S' 2>/dev/null)\"})",
             "  compadd -a sessions", "}"]
    for command in reversed(list(with_subcommands(tree))):
        lines += zsh_function(command, tree)
    return "\n".join(lines + ['_quotawatch "$@"']) + "\n"


# -- fish --------------------------------------------------------------------------------------------

FISH = r"""# fish completion for quotawatch, @MADE@.
function __quotawatch_at --description 'The command that has been typed so far is this one'
    set -l at ''
    set -l words (commandline -opc)
    for word in $words[2..]
        contains -- (string trim "$at $word") @COMMANDS@
        and set at (string trim "$at $word")
    end
    test "$at" = "$argv"
end
complete -c quotawatch -f
"""


def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_values(option, tree):
    if choices_of(option):
        return ["-a", fish_quoted(" ".join(choices_of(option)))]
    words = {"session": "(tmux list-sessions -F '#S' 2>/dev/null)", "folder": "(__fish_complete_directories)",
             "command": " ".join(command["name"] for command in tree["commands"])}
    if kind_of(option) == "file":
        return ["-F"]
    return ["-a", fish_quoted(words[kind_of(option)])] if kind_of(option) in words else []


def fish_completion(tree):
    known = " ".join(fish_quoted(command["name"]) for command in list(with_subcommands(tree))[1:])
    lines = [FISH.replace("@MADE@", MADE).replace("@COMMANDS@", known).rstrip()]
    for command in with_subcommands(tree):
        begin = ["complete", "-c", "quotawatch", "-n", fish_quoted(f"__quotawatch_at {command['name']}".strip())]
        for below in command["commands"]:
            lines.append(" ".join([*begin, "-a", below["name"].split()[-1], "-d", fish_quoted(below["text"])]))
        for option in flags_of(command):
            names = [part for name in option["names"] for part in
                     (("-l", name[2:]) if name.startswith("--") else ("-s", name[1:]))]
            value = ["-x" if kind_of(option) != "file" else "-r", *fish_values(option, tree)] if option["value"] else []
            lines.append(" ".join([*begin, *names, *value, "-d", fish_quoted(option["text"])]))
        for option in positionals_of(command):
            values = fish_values(option, tree)
            if values:
                lines.append(" ".join([*begin, *values]))
    return "\n".join(lines) + "\n"


def main():
    makers = {"man": None, "bash": bash_completion, "zsh": zsh_completion, "fish": fish_completion}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=makers)
    parser.add_argument("--version", default="")
    options = parser.parse_args()
    tree = json.load(sys.stdin)
    make = makers[options.kind]
    sys.stdout.write(make(tree) if make else man_page(tree, options.version))


if __name__ == "__main__":
    main()
