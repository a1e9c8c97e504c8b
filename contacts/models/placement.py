"""Where a contact point stands."""

import uuid

from django.db import models
from django.db.models import Q


class Placement(models.Model):
    """One place of a point: in a group, or at the top level (group NULL).

    Every point has at least one. `organisation` repeats the point's, so that the places of a whole structure are read
    in one flat query and the top level has unique positions too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.PROTECT)
    point = models.ForeignKey("contacts.ContactPoint", related_name="placements", on_delete=models.CASCADE)
    group = models.ForeignKey(
        "contacts.ContactGroup", related_name="placements", null=True, blank=True, on_delete=models.PROTECT
    )
    position = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "position"], condition=Q(group__isnull=False), name="placement_place"
            ),
            models.UniqueConstraint(
                fields=["organisation", "position"], condition=Q(group=None), name="placement_place_at_top"
            ),
            models.UniqueConstraint(
                fields=["point", "group"], condition=Q(group__isnull=False), name="placement_once_in_a_group"
            ),
            models.UniqueConstraint(fields=["point"], condition=Q(group=None), name="placement_once_at_top"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.group_id}"
