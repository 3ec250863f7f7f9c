"""The demo world: three teams in one account. vision and nlp share us-east-1, forecasting owns eu-west-1."""

from gateway.standin.worlds.demo_forecasting import forecasting_jobs
from gateway.standin.worlds.demo_nlp import nlp_jobs
from gateway.standin.worlds.demo_vision import vision_jobs
from gateway.standin.worlds.world import World


def demo_world(world: World) -> None:
    """Fills the world with the jobs of all teams."""
    for plan in (*vision_jobs(), *nlp_jobs(), *forecasting_jobs()):
        world.add(plan)
