"""Several counts in one question to the database."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

Rows = QuerySet[Any, Any]


def tally(one: Rows, **rows: Rows) -> dict[str, int]:
    """Return how many rows each of the querysets has, by name, in one query.

    `one` is a queryset of a single row, whatever it is: the counts are asked for beside it.
    """
    counted = {name: Coalesce(_count(found), 0, output_field=IntegerField()) for name, found in rows.items()}
    return one.values(**counted)[0]


def _count(rows: Rows) -> Subquery:
    return Subquery(rows.order_by().values(_one=Value(1)).annotate(_number=Count("pk")).values("_number"))
