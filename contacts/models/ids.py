"""Which id of an object letters may carry."""

import uuid

from django.conf import settings
from django.db import models


class LetterId(models.Model):
    """Mixin of what letters refer to.

    Letters need the id that the object has in Digital Post: `registry_id`, or the key itself where the installation is
    the registry. Any other id is ours alone and must not be used in letters.
    """

    class Meta:
        abstract = True

    @property
    def letter_id(self) -> uuid.UUID | None:
        """The id to use in letters; None while the object has none."""
        id_: uuid.UUID = self.pk
        registry_id: uuid.UUID | None = getattr(self, "registry_id", None)
        return id_ if settings.ADGANG_IS_REGISTRY else registry_id

    @property
    def shown_id(self) -> uuid.UUID:
        """The id a page shows: the one for letters, else ours."""
        own: uuid.UUID = self.pk
        return self.letter_id or own
