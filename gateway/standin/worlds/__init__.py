"""Worlds by name: places full of tuning jobs to look at, and an empty one."""

from collections.abc import Callable, Mapping

from gateway.standin.worlds.demo import demo_world
from gateway.standin.worlds.world import World


def world_named(name: str, clock: Callable[[], float], *, speed: float = 1.0) -> World:
    """The world of that name, beginning now. Raises ValueError, naming all there are, if there is none."""
    builders: Mapping[str, Callable[[World], None]] = {"demo": demo_world, "empty": lambda _: None}
    if name not in builders:
        raise ValueError(f"there is no world called {name!r}; there are: {', '.join(sorted(builders))}")
    world = World(clock, speed=speed)
    builders[name](world)
    return world
