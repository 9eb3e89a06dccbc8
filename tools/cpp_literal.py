"""Text as C++ string literals, for the tools that embed files at build time."""


def literal(text):
    """`text` as adjacent C++ string literals, one a line, every byte escaped that needs it."""
    lines = []
    for line in text.splitlines(keepends=True):
        escaped = "".join(
            chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"
            for byte in line.encode("utf-8")
        )
        lines.append(f'    "{escaped}"')
    return "\n".join(lines)
