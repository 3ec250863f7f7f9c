"""What the nlp team tunes: losses to minimize, in the region it shares with vision."""

from collections.abc import Iterator
from dataclasses import replace

from gateway.standin.plan import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    Objective,
    TuningJobPlan,
)
from gateway.standin.worlds.builder import tuning_job_plan

DAY = 86_400.0
TAGS = {"team": "nlp", "project": "support-mail"}
TASKS = ("intent", "sentiment", "ner", "summaries", "routing", "toxicity", "spellcheck")

BERT = DefinitionPlan(
    objective=Objective("Minimize", "validation:loss"),
    ranges=(
        ContinuousRange("learning_rate", 1e-06, 0.001, "Logarithmic"),
        ContinuousRange("dropout", 0.0, 0.5, "Linear"),
        IntegerRange("warmup_steps", 0, 2_000, "Linear"),
        CategoricalRange("model_name", ('"distilbert-base-uncased"', '"roberta-base"', '"deberta-v3-small"')),
    ),
    static={"epochs": "4", "max_length": "256"},
    image="763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-training:2.1.0-gpu-py310",
    instance_type="ml.p3.2xlarge",
    further_metrics=("train:loss",),
    settings={"EnableNetworkIsolation": True, "Environment": {"TOKENIZERS_PARALLELISM": "false"}},
)


def nlp_jobs() -> Iterator[TuningJobPlan]:
    """Two searches per task, the second with a sparser model, and one that is running."""
    for place, task in enumerate(TASKS, start=1):
        yield _search(f"nlp-{task}", place, trials=12 + 3 * place)
        yield _search(f"nlp-{task}-distilled", 20 + place, trials=8)
    yield tuning_job_plan(
        "nlp-translation",
        trials=600,
        seed=40,
        created=-900.0,
        trial_seconds=(90.0, 300.0),
        max_parallel=4,
        definitions=[BERT],
        failed=0.04,
        tags=TAGS,
    )


def _search(name: str, seed: int, trials: int) -> TuningJobPlan:
    return tuning_job_plan(
        name,
        trials=trials,
        seed=seed,
        created=-seed * DAY,
        definitions=[replace(BERT, max_runtime=7_200)],
        failed=0.06,
        stopped=0.1,
        early_stopping=True,
        tags=TAGS,
    )
