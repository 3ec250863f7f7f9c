"""What a request passes before it is known who is calling: each gate lets it go on, answers it, or refuses it."""

from collections.abc import Callable

from aiohttp import web

from gateway.web.request import Request

Gate = Callable[[Request], web.StreamResponse | None]
"""Gives an answer, or nothing where the request may go on. Raises Refusal. Looks at the head alone, and never waits."""
