"""How secrets are filled: commands that put no value on a command line, and leave none in the shell's history."""

KEYS = 'import json, secrets as s; print(json.dumps({"master": s.token_hex(32), "enrolment": s.token_hex(32)}))'
TYPED = "paste it, then Enter and Ctrl-D"


def typed(name: str, where: str = "") -> str:
    """For a value that is pasted (TYPED). `where`: options that name region and profile, where others than these are in force."""
    return _put(name, where, "file:///dev/stdin")


def made(name: str, where: str = "") -> str:
    """For the two keys of check-ins, which nobody needs to see."""
    return f"python3 -c '{KEYS}' | {_put(name, where, 'file:///dev/stdin')}"


def from_file(name: str, where: str = "", *, file: str = "KEY.json") -> str:
    """For the key that Google hands out as a file."""
    return _put(name, where, f"file://{file}")


def _put(name: str, where: str, value: str) -> str:
    return f"aws secretsmanager put-secret-value{where} --secret-id {name} --secret-string {value}"
