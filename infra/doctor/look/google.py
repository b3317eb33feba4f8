"""Google, by the stored key of the service account."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeVar

from bolt_app.adapters.dynamodb_notebook import DynamoNotebook
from bolt_app.adapters.google_account import GoogleAccount
from bolt_app.adapters.google_drive import GoogleDrive
from bolt_app.adapters.google_errors import translated
from bolt_app.adapters.google_sheet import GoogleSheet
from bolt_app.adapters.s3_documents import S3Documents
from bolt_app.services.drive_sync import mirrored
from bolt_app.services.sources import sources
from infra.doctor.asking import Unable, asking
from infra.doctor.finding import Finding, unsure
from infra.doctor.judge.google import (
    judge_copy,
    judge_editor,
    judge_sheet,
    judge_troubles,
    judge_words,
    not_set_up,
    refused,
)
from infra.doctor.look.secrets import value_of
from infra.doctor.world import World
from workflows.backup.joblist import COLUMNS, parse_jobs
from workflows.backup.rules import Rules, parse_rules
from workflows.backup.voice import parse_voice
from workflows.kernel.errors import Refused
from workflows.kernel.sheet import Source, as_csv
from workflows.kernel.sheet_run import LEASE
from workflows.kernel.table import read_table

T = TypeVar("T")
EDITABLE = "capabilities(canEdit)"


def look_at_rules(world: World) -> Iterator[Finding]:
    _, source, _ = mirrored(world.settings)
    if not source.id:
        yield not_set_up(source, _stored(world, source))
        return
    yield judge_words(source, _rules(world, source).mistakes)


def look_at_voice(world: World) -> Iterator[Finding]:
    _, _, source = mirrored(world.settings)
    if not source.id:
        yield not_set_up(source, _stored(world, source))
        return
    account, drive = _account(world)
    yield judge_words(source, parse_voice(_asked(partial(drive.export, source), source, account)).mistakes)


def look_at_sheet(world: World) -> Iterator[Finding]:
    sheet, rules_doc, _ = mirrored(world.settings)
    if not sheet.id:
        yield not_set_up(sheet, _stored(world, sheet))
        return
    account, _ = _account(world)
    text = as_csv(_asked(GoogleSheet(account, sheet_id=sheet.id).read, sheet, account))
    try:
        rules = _rules(world, rules_doc)
    except Unable:  # told by itself; the headers do not depend on it
        rules = parse_rules("", config=sources(world.settings).config)
    yield from judge_sheet(read_table(text, COLUMNS), parse_jobs(text, timezone=world.settings.timezone, rules=rules))
    yield judge_editor(sheet, account.email, may_edit=_asked(partial(_editable, account, sheet), sheet, account))


def _rules(world: World, source: Source) -> Rules:
    """Raises Unable."""
    account, drive = _account(world)
    text = _asked(partial(drive.export, source), source, account) if source.id else ""
    return parse_rules(text, config=sources(world.settings).config)


def look_at_copies(world: World) -> Iterator[Finding]:
    """Whether what is mirrored is what the documents say now, and what the last sync found wrong."""
    told = world.settings
    set_up = [source for source in mirrored(told) if source.id]
    if not set_up:
        return
    with asking("the notes of the last sync", f"dynamodb:GetItem on {told.deliveries_table}"):
        notes = DynamoNotebook(world.client("dynamodb"), table=told.deliveries_table, owner=LEASE).read()
    yield from judge_troubles(notes.get("troubles", {}))
    account, drive = _account(world)
    for source in set_up:
        seen = notes.get("seen", {}).get(source.key, {}).get("version", "")
        try:
            version = _asked(partial(drive.version, source), source, account)
        except Unable as unable:
            yield unable.finding
        else:
            yield judge_copy(source, version, seen, _stored(world, source), now=world.now, prefix=told.prefix)


def _stored(world: World, source: Source) -> datetime | None:
    """When the object that mirrors it was written; None where there is none. Raises Unable."""
    told = world.settings
    bucket = told.registry_bucket if source.kind == "sheet" else told.rules_bucket
    with asking(f"the copy of the {source.name}", f"s3:GetObject on {bucket}/{source.key}, s3:ListBucket on {bucket}"):
        document = S3Documents(world.client("s3"), {source.key: bucket}).read(source.key)
    return document.modified if document else None


def _account(world: World) -> tuple[GoogleAccount, GoogleDrive]:
    """Raises Unable where there is no key to ask with."""
    told = world.settings
    if not value_of(world, told.drive_secret):
        raise Unable(unsure("not asked: there is no key of a service account", "put it, as said under Secrets"))
    account = world.once("google", lambda: GoogleAccount(world.secrets, secret=told.drive_secret, api_url=told.google_api_url))
    return account, world.once("drive", lambda: GoogleDrive(account))


def _asked(question: Callable[[], T], source: Source, account: GoogleAccount) -> T:
    """Raises Unable, with what to do where Google refuses."""
    with asking(f"the {source.name} at Google"):
        try:
            return question()
        except Refused as refusal:
            raise Unable(refused(refusal, source, account.email)) from refusal


def _editable(account: GoogleAccount, source: Source) -> bool:
    files = account.api("drive", "v3", "drive/v3/").files()
    with translated(account):
        found = files.get(fileId=source.id, fields=EDITABLE, supportsAllDrives=True).execute()
    return bool(found["capabilities"]["canEdit"])
