"""What certificates are: their generation, environment and kind, in the words of the wire."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Generation(models.TextChoices):
    """OCES1 (TDC) and OCES2 (NemID) have ended; OCES3 (MitID Erhverv) is in force."""

    OCES1 = "OCES1", "OCES1"
    OCES2 = "OCES2", "OCES2"
    OCES3 = "OCES3", "OCES3"


class Environment(models.TextChoices):
    """Production and test are separate worlds with certificates of their own."""

    PRODUCTION = "production", _("production")
    TEST = "test", _("test")


class Kind(models.TextChoices):
    """Function (now: system), company (now: organisation) and employee certificates."""

    FOCES = "FOCES", _("system certificate (FOCES)")
    VOCES = "VOCES", _("organisation certificate (VOCES)")
    MOCES = "MOCES", _("employee certificate (MOCES)")


ANY_KIND = frozenset(Kind)
SYSTEM_KINDS = frozenset({Kind.FOCES, Kind.VOCES})  # both serve for a system, employee certificates never
EMPLOYEE_KIND = frozenset({Kind.MOCES})
