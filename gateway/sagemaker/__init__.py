"""The only room that knows AWS: `client` is the one door, `clients` builds what goes through it, `decode` makes `model`
objects of what comes back, `failures` is the one table from AWS's errors to ours.
"""

from gateway.sagemaker.client import SageMaker
from gateway.sagemaker.clients import SageMakerOptions
from gateway.sagemaker.search import NOT_IN_SEARCH, FoundTrainingJob

__all__ = ["NOT_IN_SEARCH", "FoundTrainingJob", "SageMaker", "SageMakerOptions"]
