"""A job's heartbeat key, as the one who asked for it sees it, and nobody else."""

from urllib.parse import quote

from listeners import block_kit, texts
from workflows.backup.heartbeat_keys import Keys
from workflows.backup.key_answering import KeyAnswer, KeyRequest
from workflows.kernel.ports import Json, Message

ADDRESS_UNKNOWN = "https://HEARTBEAT-URL/"


def key_answer(answer: KeyAnswer, *, heartbeat_url: str) -> Message:
    """`heartbeat_url`: where check-ins go, with a slash at its end; "" where that is not known."""
    request, keys = answer.request, answer.keys
    job = texts.name(request.job_id)
    if keys is None:
        line = f"The key of *{job}* cannot be shown."
        why = f"{texts.words(answer.trouble, 300)}. The admin can put that right in Secrets Manager."
        return _message(line, block_kit.section(f"{line}\n{why}"))
    url = heartbeat_url or ADDRESS_UNKNOWN
    line = _first_line(request, job)
    return _message(
        line,
        block_kit.section(f"{line}\n{_what_it_means(request, keys)}"),
        block_kit.section(f"*Key*\n```{keys.of(request.job_id)}```"),
        block_kit.section(f"*Signed, from any shell*\n```{texts.escape(_shell_lines(request.job_id, keys, url))}```"),
        block_kit.section(_address(request.job_id, keys, url)),
    )


def _first_line(request: KeyRequest, job: str) -> str:
    match request.action:
        case "show":
            return f":key: The heartbeat key of *{job}*. Only you see this."
        case "rotate":
            return f":key: *{job}* has a new heartbeat key. Only you see this."
        case "path_off":
            return f":key: *{job}* takes signed check-ins only."
        case "path_on":
            return f":key: *{job}* takes check-ins by address too."


def _what_it_means(request: KeyRequest, keys: Keys) -> str:
    if request.action == "rotate":
        return "The old key and the old address stop working within two minutes: put the new one into its script now."
    if request.action == "path_on" and not keys.path_allowed(request.job_id):
        return 'It stays off: the secret says `"path_off": "*"`, which is all jobs. The admin can change that.'
    if request.action == "path_off":
        return "Its address stops working within two minutes."
    return "Whoever has it can say that this backup went well. Keep it where only the script can read it."


def _shell_lines(job_id: str, keys: Keys, url: str) -> str:
    name = quote(job_id)
    return "\n".join(
        (
            f"KEY={keys.of(job_id)}",
            """T=$(date +%s) BODY='{"status": "ok", "size": "1.2 GB"}'""",
            f"""SIG=$(printf '%s.%s.%s' "$T" '{job_id}' "$BODY" | openssl dgst -sha256 -hmac "$KEY" -r | cut -d' ' -f1)""",
            f"""curl -fsS -d "$BODY" -H "X-Backup-Timestamp: $T" -H "X-Backup-Signature: v1=$SIG" {url}{name}""",
        )
    )


def _address(job_id: str, keys: Keys, url: str) -> str:
    if not keys.path_allowed(job_id):
        return "*By address*\nSwitched off for this job: sign its check-ins."
    address = f"{url}{keys.path_of(job_id)}/{quote(job_id)}"
    return (
        "*By address*, for tools that speak Healthchecks (borgmatic, runitor, plain curl). Weaker: addresses end up in logs.\n"
        f"```{address}```\nGET or POST; add `/start`, `/fail`, `/log` or an exit code, and `?size=1.2GB`."
    )


def _message(line: str, *blocks: Json) -> Message:
    return Message(text=texts.without_markup(line), blocks=blocks)
