"""ListTags, AddTags and DeleteTags, on tuning jobs and training jobs.

A training job starts with the tags its tuning job had when it launched it; from then on the two go their own ways.
"""

from collections.abc import Mapping

from gateway.standin.asked import Asked
from gateway.standin.failures import no_such_arn, reserved_tags, too_many_tags
from gateway.standin.words import Words, tag_list

TAGS_PAGE = 50  # the least ListTags may be asked for
MOST_TAGS = 50  # on one resource


def list_tags(asked: Asked) -> Words:
    """ListTags."""
    page, token = asked.pager.page(list(_tags_of(asked).items()), asked.arguments, default_size=TAGS_PAGE)
    return {"Tags": tag_list(dict(page)), "NextToken": token}


def add_tags(asked: Asked) -> Words:
    """AddTags: a key that is there gets the new value. Answers all tags the resource has afterwards."""
    put = {tag["Key"]: tag["Value"] for tag in asked.arguments["Tags"] if tag is not None}
    tags = dict(_tags_of(asked)) | put
    reserved = [key for key in put if key.casefold().startswith("aws:")]
    if reserved:
        raise reserved_tags()
    if len(tags) > MOST_TAGS:
        raise too_many_tags(MOST_TAGS)
    asked.sight.change_tags(asked.arguments["ResourceArn"], put=put)
    return {"Tags": tag_list(tags)}


def delete_tags(asked: Asked) -> Words:
    """DeleteTags. Keys the resource does not have are passed over."""
    _tags_of(asked)
    asked.sight.change_tags(asked.arguments["ResourceArn"], drop=frozenset(asked.arguments["TagKeys"]))
    return {}


def _tags_of(asked: Asked) -> Mapping[str, str]:
    arn = asked.arguments["ResourceArn"]
    tags = asked.sight.tags_of(arn)
    if tags is None:
        raise no_such_arn(arn)
    return tags
