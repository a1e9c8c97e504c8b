"""The organisation's open problems by API, from all rooms, the worst first."""

import uuid

from django.conf import settings
from django.http import HttpRequest

from adgang.lib.api.operations import OwnRouter, operation
from adgang.lib.api.wire import Text, Wire
from adgang.overview import problems
from organisations import access
from organisations.rights import Right

router = OwnRouter(tags=["Findings"])


class Problem(Wire):
    """What needs attention. `severity` is ERROR, WARNING or NOTICE, `room` which part of the portal finds it.

    `url` is the page where it is cured.
    """

    severity: Text = None
    room: Text = None
    message: Text = None
    remedy: Text = None
    url: Text = None


class Problems(Wire):
    """The open problems; an empty list says that there are none."""

    problems: list[Problem]


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/problems",
    summary="Open problems of an organisation",
    answer=Problems,
    errors=(401, 403, 404),
)
def problems_read(request: HttpRequest, org: uuid.UUID) -> Problems:
    """Return what the portal finds wrong with an organisation's connection, the worst first."""
    organisation = access.organisation(request, org, right=Right.OVERVIEW_VIEW)
    return Problems(problems=[_wire(one) for one in problems.found(organisation)])


def _wire(one: problems.Found) -> Problem:
    return Problem(
        severity=one.problem.weight.name,
        room=one.room,
        message=str(one.problem.text),
        remedy=str(one.problem.cure),
        url=f"{settings.ADGANG_BASE_URL}{one.problem.url}",
    )
