"""The page behind a link in a letter: what is so, what the button will do, and one more click. Pure; works without JavaScript."""

import html
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from listeners import cards, faces, letters, outside_slack, texts
from workflows.backup.linked import Seen
from workflows.backup.press import SnoozeForm
from workflows.backup.standing import Standing
from workflows.kernel.links import Action, Link

TOKEN, CHOICE, DATE, REASON = "token", "choice", "date", "reason"
REASON_LENGTH_MAX = 500

STYLE = """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:#f4f4f2;color:#1d1c1d;font:17px/1.5 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;
-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
main{max-width:34rem;margin:0 auto;padding:1.25rem}
.card{background:#fff;border:1px solid #deded9;border-radius:.75rem;padding:1.25rem}
h1{font-size:1.35rem;line-height:1.35;margin:0 0 .75rem;font-weight:600}
h1 b{font-weight:600}
p{margin:0 0 .75rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:0 0 1rem;font-size:.95rem}
dt{color:#5c5b5e}
dd{margin:0}
fieldset{border:0;margin:0 0 1rem;padding:0}
legend,.label{font-weight:600;padding:0;margin:0 0 .35rem;display:block}
.choice{display:flex;gap:.7rem;align-items:center;padding:.55rem 0;min-height:2.75rem}
input[type=radio]{width:1.25rem;height:1.25rem;margin:0;flex:none}
input[type=date],textarea{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid #8a8a85;
border-radius:.45rem;padding:.6rem .7rem;min-height:2.75rem}
textarea{min-height:5rem;resize:vertical}
.field{margin:0 0 1rem}
.hint,footer{color:#5c5b5e;font-size:.88rem}
.hint{margin:.3rem 0 0}
button{font:inherit;font-weight:600;width:100%;min-height:3rem;border:0;border-radius:.5rem;background:#14643f;color:#fff;
cursor:pointer}
button:focus-visible,input:focus-visible,textarea:focus-visible{outline:3px solid #2c7be5;outline-offset:2px}
.wrong{border-left:.3rem solid #b3261e;padding:.5rem .8rem;background:#fdecea;border-radius:.3rem}
.loud{border-left:.3rem solid #b3261e;padding-left:.8rem}
footer{padding:1rem .25rem}
footer p{margin:0 0 .35rem}
code{font-size:.9em}
@media (prefers-color-scheme:dark){body{background:#1a1b1e;color:#ececea}.card{background:#242529;border-color:#3a3b40}
dt,.hint,footer{color:#b3b3ae}.wrong{background:#46211e}button{background:#2c8a5c}a{color:#8ab8f5}}
"""
STYLE_HASH = "sha256-" + b64encode(sha256(STYLE.encode()).digest()).decode()

_FRAME = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<div class="card">
{body}
</div>
<footer>{foot}</footer>
</main>
</body>
</html>
"""
_WILL_DO: dict[Action, str] = {
    "fixed": "I look at once. A new good run proves it; until then it stands as said to be fixed, and you hear if it is not.",
    "snooze": "It is still checked, but you hear nothing of it until then.",
    "mute": "It is still checked, but you hear nothing more of it, however long it stays broken, until somebody with an account "
    "in Slack unmutes it.",
}
_BUTTON: dict[Action, str] = {"fixed": "Mark fixed", "snooze": "Snooze", "mute": "Mute"}
_IN_PLACE: dict[Action, str] = {
    "fixed": "It is marked fixed.",
    "snooze": "It is snoozed.",
    "mute": "It is muted.",
}
_AFTER: dict[Action, str] = {
    "fixed": "You get a mail when a good run has proved it, and one if that does not come.",
    "snooze": "After that you get a mail if it is still broken; and one as soon as it is fine again.",
    "mute": "To have it speak again, write to {admin}.",
}


def asking_page(
    link: Link, token: str, standing: Standing, form: SnoozeForm, *, now: datetime, admin: str, wrong: str = ""
) -> str:
    """What is so, and the button. `wrong`: what was not right in what was sent."""
    body = [
        _facts(standing, now),
        f'<p class="wrong" role="alert">{_words(wrong, standing)}</p>' if wrong else "",
        '<form method="post">',
        f'<input type="hidden" name="{TOKEN}" value="{html.escape(token)}">',
        _fields(form, now) if link.action == "snooze" else "",
        _what_it_does(link.action, standing, form),
        f"<button>{'Escalate' if _escalates(link.action, standing, form) else _BUTTON[link.action]}</button>",
        "</form>",
    ]
    return _page(f"{_BUTTON[link.action]}: {faces.plain_title(standing)}", body, _foot(link.person, standing.zone, admin))


def done_page(link: Link, standing: Standing, *, now: datetime, admin: str, says: str = "") -> str:
    """What is so now that the button was pressed, now or earlier. `says`: why nothing more was done."""
    said = _words(says, standing) if says else _IN_PLACE[link.action]
    after = _AFTER[link.action].format(admin=html.escape(admin))
    body = [f'<p role="status"><b>{said}</b></p>', _facts(standing, now), f"<p>{after} You can close this page.</p>"]
    return _page(f"Done: {faces.plain_title(standing)}", body, _foot(link.person, standing.zone, admin))


def unable_page(seen: Seen, link: Link, *, now: datetime, admin: str) -> str:
    """Why this link cannot act (any more), and where to look."""
    name = f"<b>{html.escape(faces.plain_title(seen.standing))}</b>" if seen.standing else ""
    ask = f"If in doubt, write to {html.escape(admin)}."
    match seen.answer:
        case "expired":
            return _said("This link has expired", ["Links in mails work for seven days. Use the one in the newest mail.", ask])
        case "gone":
            return _said("This job is not watched any more", ["It has left the job list, so there is nothing to answer.", ask])
        case "refused":
            return _said("This link is not yours to use any more", [_words(seen.why), ask])
        case "over":
            told = "It is broken again since, and a newer mail tells of it: use the buttons there."
            return _said("That break is over", [f"This link is about an earlier time when {name} was broken. {told}", ask])
        case _:
            facts = _facts(seen.standing, now) if seen.standing else ""
            said = '<p role="status"><b>Nothing to do: this is fine.</b></p>'
            zone = seen.standing.zone if seen.standing else ""
            return _page("Nothing to do", [said, facts], _foot(link.person, zone, admin))


def unknown_page() -> str:
    """For an address that nobody signed; it tells nothing of what there is."""
    return _said(
        "This link does not work",
        ["It may be incomplete: some mail programs break long addresses. Open it from the mail itself.", "Nothing was changed."],
    )


def trouble_page(title: str, lines: Sequence[str]) -> str:
    """Something did not work just now."""
    return _said(title, [html.escape(line) for line in lines])


def _said(title: str, paragraphs: Sequence[str]) -> str:
    body = [f"<h1>{html.escape(title)}</h1>", *(f"<p>{paragraph}</p>" for paragraph in paragraphs)]
    return _page(title, body, "")


def _facts(standing: Standing, now: datetime) -> str:
    """The message as Slack would show it, without its buttons."""
    names, out = letters.names_in(standing), []
    message = cards.living_message(standing, now=now, zone=standing.zone)
    for number, part in enumerate(outside_slack.parts_of(message.blocks)):
        lines = [outside_slack.in_html(line, names) for line in part.lines]
        if number == 0 and lines:
            out.append(f"<h1>{lines.pop(0)}</h1>")
        out += [f"<p>{line}</p>" for line in lines]
        if part.pairs:
            pairs = "".join(
                f"<dt>{html.escape(label)}</dt><dd>{outside_slack.in_html(value, names)}</dd>" for label, value in part.pairs
            )
            out.append(f"<dl>{pairs}</dl>")
    return "\n".join(out)


def _what_it_does(action: Action, standing: Standing, form: SnoozeForm) -> str:
    if _escalates(action, standing, form):
        times = texts.counted(form.taken, "time")
        return f'<p class="loud">It was put off {times} since it broke. Once more is not granted: it escalates at once.</p>'
    puts_off = action == "snooze" or (action == "fixed" and standing.fixes > 0)
    counts = f" This counts as snooze {form.taken + 1} of {form.allowed}." if puts_off else ""
    return f"<p>{_WILL_DO[action]}{counts}</p>"


def _escalates(action: Action, standing: Standing, form: SnoozeForm) -> bool:
    """As when it is pressed: the snooze after the last one allowed, and so a second *fixed*, escalates."""
    return form.taken >= form.allowed and (action == "snooze" or (action == "fixed" and standing.fixes > 0))


def _fields(form: SnoozeForm, now: datetime) -> str:
    choices = [("1d", "1 day"), ("3d", "3 days"), ("7d", "7 days")]
    if form.next_run is not None:
        until = texts.plain_moment(form.next_run, now=now, zone=form.zone)
        choices.insert(0, ("next_run", f"Until the next run is due ({until})"))
    radios = "".join(
        f'<label class="choice"><input type="radio" name="{CHOICE}" value="{value}"{" checked" if value == "1d" else ""}>'
        f"{html.escape(label)}</label>"
        for value, label in choices
    )
    needed, why = (" required", "This job is critical, so say why it may wait.") if form.critical else ("", "If you like.")
    return (
        f"<fieldset><legend>Quiet for</legend>{radios}</fieldset>"
        f'<div class="field"><label class="label" for="{DATE}">Or until a date</label>'
        f'<input type="date" id="{DATE}" name="{DATE}"><p class="hint">A date counts instead, from 09:00 on.</p></div>'
        f'<div class="field"><label class="label" for="{REASON}">Why</label>'
        f'<textarea id="{REASON}" name="{REASON}" maxlength="{REASON_LENGTH_MAX}" rows="2"{needed}></textarea>'
        f'<p class="hint">{why}</p></div>'
    )


def _words(markup: str, standing: Standing | None = None) -> str:
    return outside_slack.in_html(markup, letters.names_in(standing) if standing is not None else {})


def _foot(person: str, zone: str, admin: str) -> str:
    times = f"<p>Times are those of {html.escape(zone)}.</p>" if zone else ""
    whose = f"<p>This page is for {html.escape(person)}; what you do here is recorded.</p>"
    return f"{whose}{times}<p>Questions: {html.escape(admin)}</p>"


def _page(title: str, body: Sequence[str], foot: str) -> str:
    told = "\n".join(part for part in body if part)
    return _FRAME.format(title=html.escape(texts.cut_middle(texts.tidy(title), 100)), style=STYLE, body=told, foot=foot)
