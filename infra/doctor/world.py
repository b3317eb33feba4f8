"""What the doctor asks with: the operator's credentials, the deployed stack, and what that stack's functions are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from bolt_app.adapters.parameters import Parameters
from bolt_app.adapters.secrets import Secrets
from bolt_app.settings import Settings, SettingsError, load_settings
from infra.doctor.asking import Unable, asking
from infra.doctor.dns import Dns
from infra.doctor.finding import unsure

T = TypeVar("T")

GONE = {"DELETE_COMPLETE", "DELETE_SKIPPED"}
"""CloudFormation lists for a while also what an update took away, such as the setting of a choice that is no longer made."""

FUNCTIONS_NEED = "lambda:GetFunctionConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource of the stack: its name in the template, its type, its own name or ARN, and its status."""

    logical: str
    kind: str
    physical: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The core stack as CloudFormation tells it. `account`: whose it is."""

    name: str
    account: str
    status: str
    created: datetime
    updated: datetime
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: tuple[Resource, ...]

    @property
    def prefix(self) -> str:
        return self.parameters.get("Prefix", "bk")

    def of(self, kind: str) -> list[str]:
        """The own names of all resources of this type, in order."""
        return sorted(one.physical for one in self.resources if one.kind == kind)


class World:
    """Everything outside, as it is now.

    Args:
        session: with the operator's credentials and the stack's region.
        environ: AWS_ENDPOINT_URL, SLACK_API_URL and GOOGLE_API_URL turn addresses; nothing else is read.
    """

    def __init__(self, session: boto3.Session, *, stack: str, environ: Mapping[str, str], dns: Dns, now: datetime) -> None:
        self.session = session
        self.stack_name = stack
        self.environ = environ
        self.dns = dns
        self.now = now
        self._kept: dict[str, Any] = {}
        self._told: Settings | Unable | None = None

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is made when it is first asked for, and kept."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def client(self, name: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """A client that gives up soon; the longest wait is for a function that is invoked."""
        config = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3})
        make: Any = self.session.client
        return self.once(f"client {name}", lambda: make(name, config=config))

    @property
    def endpoint(self) -> str:
        """Where AWS is played instead; "" for AWS itself."""
        return self.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")

    @cached_property
    def stack(self) -> Stack:
        """Raises Unable."""
        cloud = self.client("cloudformation")
        with asking(f"the stack {self.stack_name}", "cloudformation:DescribeStacks, cloudformation:ListStackResources"):
            found = cloud.describe_stacks(StackName=self.stack_name)["Stacks"][0]
            pages = cloud.get_paginator("list_stack_resources").paginate(StackName=self.stack_name)
            resources = [one for page in pages for one in page["StackResourceSummaries"]]
            return Stack(
                name=self.stack_name,
                account=found["StackId"].split(":")[4],
                status=found["StackStatus"],
                created=found["CreationTime"],
                updated=found.get("LastUpdatedTime") or found["CreationTime"],
                parameters={one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", ())},
                outputs={one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())},
                resources=tuple(
                    Resource(
                        logical=one["LogicalResourceId"],
                        kind=one["ResourceType"],
                        physical=one.get("PhysicalResourceId", ""),
                        status=one["ResourceStatus"],
                    )
                    for one in resources
                    if one["ResourceStatus"] not in GONE
                ),
            )

    @property
    def age(self) -> timedelta:
        """Of the stack: what was never seen on a young one may still come."""
        return self.now - self.stack.created

    @cached_property
    def variables(self) -> dict[str, str]:
        """The environment that the functions run in. Raises Unable."""
        with asking("the checker's environment", FUNCTIONS_NEED):
            answer = self.client("lambda").get_function_configuration(FunctionName=f"{self.stack.prefix}-checker")
        return dict(answer.get("Environment", {}).get("Variables", {}))

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The stored choices by their last name, without the key of the links. Raises Unable."""
        path = f"/{self.stack.prefix}/config"
        with asking(f"the parameters under {path}", "ssm:GetParametersByPath"):
            return Parameters(self.client("ssm")).under(path)

    def load_settings(self) -> Settings:
        """As every function reads them, with the doctor's own addresses. Raises SettingsError or Unable."""
        turned = {name: self.environ[name] for name in ("SLACK_API_URL", "GOOGLE_API_URL") if self.environ.get(name)}
        parameters = self.parameters
        return load_settings(self.variables | turned, lambda _path: parameters)

    @property
    def settings(self) -> Settings:
        """Raises Unable, also where they cannot be used: what is wrong with them is found by a look of their own."""
        if self._told is None:
            try:
                self._told = self.load_settings()
            except SettingsError:
                self._told = Unable(
                    unsure(
                        "not looked at: the settings cannot be used", "put right what is wrong under Settings, and run this again"
                    )
                )
            except Unable as unable:
                self._told = unable
        if isinstance(self._told, Unable):
            raise self._told
        return self._told

    @cached_property
    def secrets(self) -> Secrets:
        return Secrets(self.client("secretsmanager"))
