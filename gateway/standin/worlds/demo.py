"""The demo world: three teams in one account. vision and nlp share us-east-1, forecasting owns eu-west-1."""

from collections.abc import Iterator

from gateway.standin.plan import TuningJobPlan
from gateway.standin.worlds.builder import tuning_job_plan
from gateway.standin.worlds.demo_forecasting import forecasting_jobs
from gateway.standin.worlds.demo_nlp import nlp_jobs
from gateway.standin.worlds.demo_vision import vision_jobs
from gateway.standin.worlds.world import World


def demo_world(world: World) -> None:
    """Fills the world with the jobs of all teams."""
    for plan in (*vision_jobs(), *nlp_jobs(), *forecasting_jobs(), *_stray_jobs()):
        world.add(plan)


def _stray_jobs() -> Iterator[TuningJobPlan]:
    """One whose name says vision and that nobody tagged: vision's by its prefix, nobody's by its tags."""
    yield tuning_job_plan("vision-untagged", trials=12, seed=77, created=-3.5 * 86_400, failed=0.1)
