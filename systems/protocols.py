"""The protocols, and what each asks of a system: one table that forms, rules, pages and checks read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Protocol(models.TextChoices):
    """How messages travel between Digital Post and the system; the values are those of the wire."""

    SMTP = "SMTP", "SMTP"
    SFTP = "SFTP", "SFTP"
    REST_PUSH = "REST_PUSH", "REST Push"
    REST_PULL = "REST_PULL", "REST Pull"
    REST_PUBLISH_SUBSCRIBE = "REST_PUBLISH_SUBSCRIBE", "REST Publish/Subscribe"
    AS4 = "AS4", "AS4"


class EndpointKind(StrEnum):
    """What an address to deliver to looks like."""

    NONE = "none"
    EMAIL = "email"
    HTTPS = "https"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """A row of the table.

    `endpoint`: where messages and receipts are delivered; `certificate`: a FOCES or VOCES; `ssh`: a user name and a
    public key; `token`: the API token. `guided`: the portal helps and checks all the way; otherwise it only keeps the
    registration. `help`: when to choose it, in one line.
    """

    endpoint: EndpointKind
    certificate: bool = False
    ssh: bool = False
    token: bool = False
    guided: bool = True
    help: Promise


NEEDS: dict[Protocol, Needs] = {
    Protocol.SMTP: Needs(
        endpoint=EndpointKind.EMAIL,
        certificate=True,
        help=_("Post travels as e-mail to an address of your own, encrypted on the way. Needs a certificate."),
    ),
    Protocol.SFTP: Needs(
        endpoint=EndpointKind.NONE,
        ssh=True,
        help=_("Post is exchanged as files on a server. Needs a user name and an SSH key."),
    ),
    Protocol.REST_PUSH: Needs(
        endpoint=EndpointKind.HTTPS,
        certificate=True,
        help=_("Digital Post calls your web service whenever there is post. Needs a certificate."),
    ),
    Protocol.REST_PULL: Needs(
        endpoint=EndpointKind.NONE,
        certificate=True,
        token=True,
        help=_("Your system calls Digital Post and fetches the post itself. Needs an API token and a certificate."),
    ),
    Protocol.REST_PUBLISH_SUBSCRIBE: Needs(
        endpoint=EndpointKind.HTTPS,
        certificate=True,
        token=True,
        guided=False,
        help=_("Digital Post tells your web service that there is post, and your system fetches it."),
    ),
    Protocol.AS4: Needs(
        endpoint=EndpointKind.HTTPS,
        certificate=True,
        guided=False,
        help=_("Exchange by the AS4 profile, for the few who have agreed on it."),
    ),
}


class Speaking:
    """Whatever speaks a protocol, which `service_protocol` names: a system, and the row of a list that tells of one."""

    __slots__ = ()
    service_protocol: Any

    @property
    def protocol(self) -> Protocol:
        """The protocol as a member of its enumeration."""
        return Protocol(self.service_protocol)

    @property
    def needs(self) -> Needs:
        """What the protocol asks of the system."""
        return NEEDS[self.protocol]
