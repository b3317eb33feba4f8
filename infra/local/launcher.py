"""The local AWS: MiniStack 1.5.33, with a log of every IAM decision and with the gaps of its IAM closed.

Without this, narrow policies that are right on AWS are refused. Widening the template instead would test something else.

Environment, besides MiniStack's own:
    MS_IAM_LOG   file that gets one JSON line a decision: t, principal, action, resource, decision, conditions
    MS_ALT_HOST  host:port of a proxy in front: a signature made for that host is accepted
"""

# ruff: noqa: ANN401 - MiniStack ships no types for what passes through here

import json
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import ministack.core.iam_actions as actions
import ministack.core.iam_evaluator as evaluator
from ministack.core import sigv4
from ministack.core.responses import get_account_id

_resource_arn, _iam_action, _tag_context = actions.extract_resource_arn, actions.extract_iam_action, actions.request_tag_context
_resource_policy, _enforce, _signature_failure, _condition_value = (
    evaluator.evaluate_resource_policy,
    evaluator.enforce,
    sigv4.header_signature_failure,
    evaluator._resolve_condition_key,  # noqa: SLF001 - MiniStack offers no other way to it
)

ITEM_ACTIONS = {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"}
MODEL_ACTIONS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
}


def resource_arn(
    service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], region: str, account: str
) -> str:
    """MiniStack's answer, except where it says "*", the wrong group or the wrong kind."""
    arn: str = _resource_arn(service, method, path, headers, body, query, region, account)
    data = _json(body)
    schedule = re.fullmatch(r"/schedules/([^/]+)", path) if service == "scheduler" else None
    if schedule:
        group = data.get("GroupName") or _first(query.get("groupName")) or "default"
        return f"arn:aws:scheduler:{region}:{account}:schedule/{group}/{schedule[1]}"
    if service == "ssm" and arn == "*" and (name := data.get("Path") or _first(data.get("Names"))):
        return f"arn:aws:ssm:{region}:{account}:parameter/{name.strip('/')}"
    if service == "ses" and arn == "*" and (sender := data.get("FromEmailAddress") or _first(query.get("Source"))):
        address = re.sub(r".*<(.*)>.*", r"\1", sender)
        return f"arn:aws:ses:{region}:{account}:identity/{address}"
    if ":foundation-model/global." in arn:
        return f"arn:aws:bedrock:{region}:{account}:inference-profile/{arn.rsplit('/', 1)[1]}"
    return arn


MAPPING_ACTIONS = {"GET": "GetEventSourceMapping", "PUT": "UpdateEventSourceMapping", "DELETE": "DeleteEventSourceMapping"}


def iam_action(service: str, method: str, path: str, *args: Any, **kwargs: Any) -> str | None:
    """Converse is allowed by the permission to invoke the model, as on AWS; and one event source mapping is not all of them."""
    if service == "lambda" and re.search(r"/event-source-mappings/[^/]+/?$", path) and method in MAPPING_ACTIONS:
        return f"lambda:{MAPPING_ACTIONS[method]}"
    action: str | None = _iam_action(service, method, path, *args, **kwargs)
    return MODEL_ACTIONS.get(action, action) if action else action


def condition_keys(service: str, action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
    """Adds the condition keys that MiniStack does not fill."""
    keys: dict[str, Any] = _tag_context(service, action, body, params)
    data = _json(body)
    if action == "events:PutEvents":
        for key, field in (("events:source", "Source"), ("events:detail-type", "DetailType")):
            values = sorted({entry.get(field, "") for entry in data.get("Entries", [])})
            keys[key] = values[0] if len(values) == 1 else values
    if action in ITEM_ACTIONS and (leading := _leading_key(data)):
        keys["dynamodb:LeadingKeys"] = leading
    if action == "cloudwatch:PutMetricData" and (namespace := data.get("Namespace") or _first(params.get("Namespace"))):
        keys["cloudwatch:namespace"] = namespace
    return keys


def resource_policy(doc: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
    """The policy of another account's bucket is judged for the calling role, not for the root of its account."""
    caller = evaluator._request_caller_arn.get()  # noqa: SLF001 - MiniStack offers no other way to it
    for_root = context.action.startswith("s3:") and context.principal_arn.endswith(":root")
    if caller and for_root and caller != context.principal_arn and caller.split(":")[4] == context.principal_account:
        context = replace(context, principal_arn=caller, principal_type="AssumedRole")
    return _resource_policy(doc, context, *args, **kwargs)


def condition_value(key: str, context: Any) -> Any:
    """Every call counts as made over TLS, though here they are plain; whoever took a role is known by it, not by the session."""
    if key.lower() == "aws:securetransport":
        return "true"
    value = _condition_value(key, context)
    taken = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.+", value) if key.lower() == "aws:principalarn" else None
    return f"arn:aws:iam::{taken[1]}:role/{taken[2]}" if taken else value


def signature_failure(
    signature: Any, secret: str, method: str, path: str, query: Any, headers: Any, body: bytes, **kwargs: Any
) -> Any:
    """A proxy in front changes Host; what was signed for the proxy's address is as good."""
    failure = _signature_failure(signature, secret, method, path, query, headers, body, **kwargs)
    proxy = os.environ.get("MS_ALT_HOST")
    if failure and proxy:
        return _signature_failure(signature, secret, method, path, query, {**headers, "host": proxy}, body, **kwargs)
    return failure


class DecisionLog:
    """MiniStack's `enforce`, with one line written for each decision."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def enforce(
        self,
        key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        if action.startswith("ses:Send") and "@" in resource_arn:  # as resource_arn() made it; MiniStack fills no conditions here
            service_context = {"ses:FromAddress": resource_arn.rpartition("/")[2], **(service_context or {})}
        result = _enforce(key, action, service, region, resource_arn=resource_arn, service_context=service_context)
        principal = evaluator.resolve_principal(key or "", get_account_id())
        decision = "Allow" if result is None else getattr(result, "decision", getattr(result, "code", "?"))
        line = {
            "t": time.time(),
            "principal": getattr(principal, "arn", "?"),
            "action": action,
            "resource": resource_arn,
            "decision": decision,
            "conditions": {name: value for name, value in (service_context or {}).items() if value},
        }
        self._file.write(json.dumps(line, default=str) + "\n")
        return result


def _leading_key(data: dict[str, Any]) -> str:
    """The partition key of the item that a call names, or of the items that a query of the table asks for."""
    from ministack.services import dynamodb  # noqa: PLC0415 - only once MiniStack runs: it takes what it finds

    table = dynamodb._tables.get(str(data.get("TableName", "")).rsplit("/", 1)[-1])  # noqa: SLF001 - no other way to it
    hashed = next((key["AttributeName"] for key in (table or {}).get("KeySchema", ()) if key["KeyType"] == "HASH"), "")
    value = (data.get("Key") or data.get("Item") or {}).get(hashed)
    if asked := re.match(rf"{hashed} = (:\w+)", str(data.get("KeyConditionExpression", ""))) if hashed else None:
        value = None if "IndexName" in data else data.get("ExpressionAttributeValues", {}).get(asked[1])
    return str(next(iter(value.values()))) if isinstance(value, dict) and value else ""


def _json(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body) if body else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def close_gaps(log: TextIO) -> None:
    actions.extract_resource_arn, actions.extract_iam_action, actions.request_tag_context = (
        resource_arn,
        iam_action,
        condition_keys,
    )
    evaluator.evaluate_resource_policy, evaluator.enforce = resource_policy, DecisionLog(log).enforce
    sigv4.header_signature_failure = signature_failure
    evaluator._resolve_condition_key = condition_value  # noqa: SLF001 - the same


def import_what_outlives_a_stack() -> None:
    """CloudFormation takes into a stack, besides tables and buckets, the policies of buckets and secrets too."""
    from ministack.services import secretsmanager  # noqa: PLC0415 - only once the gaps are closed: it takes what it finds
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - the same

    def secret(identifier: dict[str, str]) -> tuple[str, dict[str, str]]:
        name, arn = next((name, one["ARN"]) for name, one in secretsmanager._secrets.items() if one["ARN"] == identifier["Id"])  # noqa: SLF001 - no other way to it
        return name, {"Id": arn, "Arn": arn}

    handlers = provisioners._RESOURCE_HANDLERS  # noqa: SLF001 - no other way to it
    handlers["AWS::S3::BucketPolicy"]["import"] = lambda identifier: (f"{identifier['Bucket']}-policy", {})
    handlers["AWS::SecretsManager::Secret"]["import"] = secret


def leave_empty_secrets_without_a_version() -> None:
    """A secret that a template declares without a value has no version on AWS; here it has one that holds nothing."""
    from ministack.services import secretsmanager  # noqa: PLC0415 - only now: the service takes what it finds

    def versions(secret: dict[str, Any]) -> dict[str, list[str]]:
        filled = {name: one for name, one in secret["Versions"].items() if one.get("SecretString") or one.get("SecretBinary")}
        return {name: list(one["Stages"]) for name, one in filled.items() if one["Stages"]}

    secretsmanager._vid_to_stages = versions  # noqa: SLF001 - no other way to it


def let_a_source_of_events_say_that_it_sleeps() -> None:
    """One that a stack makes with `Enabled: false` takes nothing here either, but called itself Enabled."""
    from ministack.services import lambda_svc  # noqa: PLC0415 - only now: the service takes what it finds
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - the same

    handler = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]  # noqa: SLF001 - no other way to it
    create = handler["create"]

    def created(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        uuid, attributes = create(logical_id, props, stack_name)
        asleep = str(props.get("Enabled", True)).lower() == "false"
        lambda_svc._esms[uuid] |= {"Enabled": not asleep, "State": "Disabled" if asleep else "Enabled"}  # noqa: SLF001 - the same
        return uuid, attributes

    handler["create"] = created


if __name__ == "__main__":
    with Path(os.environ.get("MS_IAM_LOG", "iam.jsonl")).open("a", buffering=1, encoding="utf-8") as log:
        close_gaps(log)
        from ministack.app import main  # only now: it takes what it finds

        import_what_outlives_a_stack()
        leave_empty_secrets_without_a_version()
        let_a_source_of_events_say_that_it_sleeps()
        main()
