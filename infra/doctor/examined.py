"""All looks, in the order in which they are told."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from infra.doctor.asking import carried_out
from infra.doctor.finding import Finding
from infra.doctor.look import buckets, google, mail, running, secrets, slack, stack
from infra.doctor.world import World

Look = Callable[[World], Iterator[Finding]]


class Group(NamedTuple):
    """What belongs together; one look that cannot go on does not keep back the others."""

    title: str
    looks: tuple[Look, ...]


GROUPS = (
    Group("Stack", (stack.look_at_stack, stack.look_at_functions, stack.look_at_doors)),
    Group(
        "Secrets",
        (
            secrets.look_at_bot_token,
            secrets.look_at_signing_secret,
            secrets.look_at_heartbeat_keys,
            secrets.look_at_drive_account,
            secrets.look_at_link_key,
        ),
    ),
    Group("Settings", (secrets.look_at_settings,)),
    Group("Slack", (slack.look_at_token, slack.look_at_people_and_places, slack.look_at_request_url)),
    Group("Google", (google.look_at_sheet, google.look_at_rules, google.look_at_voice, google.look_at_copies)),
    Group("Mail", (mail.look_at_mail, mail.look_at_letters)),
    Group("Watched buckets", (buckets.look_at_buckets,)),
    Group("At work", (running.look_at_checks, running.look_at_calls, running.look_at_schedules, running.look_at_model)),
    Group(
        "Told when it fails",
        (running.look_at_alarms, running.look_at_queues, running.look_at_subscriptions, running.look_at_logs),
    ),
)


def examined(world: World, groups: tuple[Group, ...] = GROUPS) -> Iterator[tuple[str, list[Finding]]]:
    """Each group's title and findings, as soon as they are known. The same finding of two looks is told once."""
    for group in groups:
        found = [finding for look in group.looks for finding in carried_out(partial(look, world))]
        yield group.title, list(dict.fromkeys(found))
