"""What a system of the demo is told by, and the fields that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from adgang.demo.addresses import HOST, Endpoint, port
from adgang.demo.states import Credential, Service
from systems.models import Probe, Protocol

MAIL_DOMAIN = "eksempelkoebing.invalid"


@dataclass(frozen=True, kw_only=True)
class DemoSystem:
    """A system of the demo. `at` is the local endpoint it points to; `trouble` is why it is in service all the same."""

    key: str
    organisation: str
    name: str
    protocol: Protocol
    sender: bool = False
    recipient: bool = False
    default: bool = False
    at: Endpoint | None = None
    mailbox: str = ""
    supplier: str = ""
    delegated: bool = False
    credential: Credential = Credential.NONE
    ssh_key: bool = False
    rotating: bool = False
    pinned: bool = False
    token: bool = False
    networks: tuple[str, ...] = ()
    service: Service = Service.DRAFT
    checked: bool = False
    trouble: str = ""
    registered: bool = False
    probes: tuple[Probe, ...] = ()
    contact: tuple[str, str] = ("Teknik Tekniksen", "teknik")
    extra: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, object]:
        """Return the values of the system's own fields."""
        name, account = self.contact
        address = self._address()
        return {
            "name": self.name,
            "service_protocol": self.protocol,
            "is_sender": self.sender,
            "is_recipient": self.recipient,
            "endpoint": address if self.recipient else "",
            "receipt_endpoint": address if self.sender else "",
            "supplier": self.supplier,
            "technical_contact_name": name,
            "technical_contact_email": f"{account}@{MAIL_DOMAIN}",
            "technical_contact_phone": "00 00 00 00",
            "business_contact_email": f"forretning@{MAIL_DOMAIN}",
            **self._server(),
            **self.extra,
        }

    def _address(self) -> str:
        match self.protocol:
            case Protocol.SMTP:
                return f"{self.mailbox}@{MAIL_DOMAIN}"
            case Protocol.REST_PUSH if self.at is not None:
                return f"https://{HOST}:{self._port()}/memo"
            case Protocol.REST_PUSH | Protocol.AS4:
                return f"https://post.{MAIL_DOMAIN}/memo"
        return ""

    def _server(self) -> dict[str, object]:
        if self.at is None:
            return {}
        if self.protocol is Protocol.SMTP:
            return {"smtp_relay_host": HOST, "smtp_relay_port": self._port()}
        if self.protocol is Protocol.SFTP:
            return {"sftp_host": HOST, "sftp_port": self._port(), "sftp_folder": "ind"}
        return {}

    def _port(self) -> int:
        return port(self.at, first=settings.ADGANG_DEMO_FIRST_PORT) if self.at else 0
