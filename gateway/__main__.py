"""The commands: serve, demo, standin, schema, token. The only module that knows both the gateway and the stand-in."""

# Until there is something to end, Ctrl-C just ends the process: Python's own handler would print where it was.
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

# Nearly all that is made on the way to the first request stays: looking through it again and again took a fifth of the
# time until then.
import gc

gc.set_threshold(100_000)

import argparse
import json
import secrets
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace

import uvloop
from aiohttp import web

from gateway import telemetry
from gateway.app import PortTakenError, address_of, listening, running
from gateway.config import (
    ConfigError,
    configured,
    read_settings,
    rpc_options,
    seconds,
    served,
    strangers,
    trusted_documents,
)
from gateway.identity import Permission
from gateway.identity.demo import DemoIssuer
from gateway.model.target import Target
from gateway.process import serve, settle, until_told_to_stop
from gateway.schema import sdl
from gateway.teams import OwnsAll, OwnsPrefix, Team

_STANDIN_PORT = 4600
_LAST_PORT = 65_535
_ACCOUNT = "111122223333"
_DEMO_TEAMS = (
    Team("vision", Target(_ACCOUNT, "us-east-1"), OwnsPrefix("vision-")),
    Team("nlp", Target(_ACCOUNT, "us-east-1"), OwnsPrefix("nlp-")),
    Team("forecasting", Target(_ACCOUNT, "eu-west-1"), OwnsAll()),
)
_QUERY = """{
  tuningJob(name: "vision-resnet") {
    name
    status
    trainingJobs(first: 3, sortBy: BEST_OBJECTIVE) {
      totalCount
      edges { cursor node { name status finalObjectiveMetric { name value } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except ConfigError as error:
        print("The gateway cannot start with these settings:", *error.lines, sep="\n  ", file=sys.stderr)
    except PortTakenError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:  # before anything listens for it
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway", description="A GraphQL gateway to SageMaker tuning jobs.")
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("serve", help="the gateway, configured by the environment and GATEWAY_CONFIG")
    command.set_defaults(run=_serve)

    command = commands.add_parser("demo", help="the gateway and a local SageMaker, in one terminal")
    command.add_argument("--port", type=_port, help="port of the gateway (GATEWAY_PORT)")
    command.add_argument("--standin-port", type=_port, default=_STANDIN_PORT, help="port of the local SageMaker")
    command.add_argument("--world", default="demo", help="what the local SageMaker is full of")
    command.set_defaults(run=lambda options: _until_stopped(_demo(options)))

    command = commands.add_parser("standin", help="a local SageMaker alone, for any AWS client's --endpoint-url")
    command.add_argument("--port", type=_port, default=_STANDIN_PORT)
    command.add_argument("--world", default="demo")
    command.set_defaults(run=lambda options: _until_stopped(_standin(options)))

    command = commands.add_parser("schema", help="print the GraphQL schema")
    command.set_defaults(run=lambda _: print(sdl(), end=""))

    command = commands.add_parser("token", help="print a bearer token of the demo's issuer, for the demo only")
    command.add_argument("--team", action="append", required=True, help="a team of the caller; may be repeated")
    command.add_argument("--permission", action="append", default=[], choices=[each.value for each in Permission])
    command.add_argument("--ttl", type=_duration, default="1h", help="how long it lives, for example 15m")
    command.set_defaults(run=_token)
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)


def _duration(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _serve(_: argparse.Namespace) -> None:
    configuration = served()
    _begin_to_tell(configuration.log or "json")
    uvloop.run(serve(configuration, read_again=served))


def _begin_to_tell(style: str) -> None:
    telemetry.set_up(style)
    for name in strangers():
        telemetry.setting_not_known(name)


def _token(options: argparse.Namespace) -> None:
    print(DemoIssuer().token(options.team, permissions=options.permission, ttl=options.ttl))


def _until_stopped(command: AbstractAsyncContextManager[None]) -> None:
    async def run() -> None:
        async with command:
            await until_told_to_stop()

    uvloop.run(run())


@asynccontextmanager
async def _standin(options: argparse.Namespace) -> AsyncIterator[None]:
    telemetry.set_up("console")
    async with AsyncExitStack() as stack:
        port = await _local_sagemaker(stack, options.world, options.port, "--port")
        print(f"A local SageMaker answers at http://127.0.0.1:{port}. Any credentials will do. For example:\n")
        print("  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any")
        print(
            f"  aws sagemaker list-hyper-parameter-tuning-jobs --region us-east-1 --endpoint-url http://127.0.0.1:{port}",
            flush=True,
        )
        yield


@asynccontextmanager
async def _demo(options: argparse.Namespace) -> AsyncIterator[None]:
    settings = read_settings()
    _begin_to_tell(settings.log or "console")
    issuer = DemoIssuer()
    async with AsyncExitStack() as stack:
        standin_port = await _local_sagemaker(
            stack, options.world, options.standin_port, "STANDIN_PORT (--standin-port)"
        )
        trusted = trusted_documents(settings)
        configuration = configured(
            settings, teams=_DEMO_TEAMS, issuers=(issuer.issuer(),), trusted=trusted, rpc=rpc_options(settings)
        )
        configuration = replace(
            configuration,
            port=configuration.port if options.port is None else options.port,
            cursor_keys=configuration.cursor_keys or (secrets.token_urlsafe(),),
            sagemaker=replace(
                configuration.sagemaker,
                endpoint_url=f"http://127.0.0.1:{standin_port}",
                access_key=f"AKIA{_ACCOUNT}DEMO",
                secret_key="not-a-secret",  # noqa: S106  # the stand-in verifies no signature
            ),
        )
        gateway = await stack.enter_async_context(running(configuration))
        settle()
        _welcome(address_of(configuration.host, gateway.port), issuer.token(["vision"], ttl=12 * 3600))
        yield


async def _local_sagemaker(stack: AsyncExitStack, world: str, port: int, setting: str) -> int:
    from gateway.standin import Standin, world_named  # noqa: PLC0415  # `serve` need not wait for it

    try:
        standin = Standin(world_named(world, time.time))
    except ValueError as error:
        raise ConfigError([f"--world: {error}"]) from None
    runner = web.AppRunner(standin.app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    return await listening(stack, runner, "127.0.0.1", port, setting)


def _welcome(address: str, token: str) -> None:
    headers = f"-H 'Content-Type: application/json' -H 'Authorization: Bearer {token}'"
    body = json.dumps({"query": " ".join(_QUERY.split())})
    curl = f"curl -s {address}/graphql {headers} -d '{body}'"
    print(
        f"""
The tuning gateway, on a local SageMaker whose jobs move while you watch. Ctrl-C ends both.

GraphiQL         {address}/graphql#token={token}

A token          {token}
for team vision  (others: {_program()} token --team nlp --team forecasting)

A request        {curl}

A query worth pasting
{textwrap.indent(_QUERY, "  ")}
""",
        flush=True,
    )


def _program() -> str:
    """How this program was started, to be typed again."""
    return sys.argv[0] if sys.argv[0].endswith("gateway") else "python -m gateway"


if __name__ == "__main__":
    sys.exit(main())
