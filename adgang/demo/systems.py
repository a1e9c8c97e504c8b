"""The demo's systems: every protocol, every state, and the faults that the connection checks name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from adgang.demo.addresses import HOST, UNKNOWN_MAILBOX, Endpoint, port
from adgang.demo.states import Credential, Service
from systems.models import Protocol

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


VENDOR = "Påfund IT A/S"
OVERRULED = "Post skal ud i denne uge; fejlen er meldt til leverandøren."

SYSTEMS = (
    DemoSystem(
        key="postkasse",
        organisation="kommune",
        name="Digital Postkasse",
        protocol=Protocol.SFTP,
        recipient=True,
        default=True,
        at=Endpoint.SFTP,
        ssh_key=True,
        rotating=True,
        pinned=True,
        service=Service.ACTIVE,
        checked=True,
        registered=True,
        networks=("198.51.100.16/28",),
    ),
    DemoSystem(
        key="fagsystem",
        organisation="kommune",
        name="Fagsystem Ydelser",
        protocol=Protocol.SMTP,
        sender=True,
        recipient=True,
        at=Endpoint.MAIL,
        mailbox="ydelser",
        supplier=VENDOR,
        delegated=True,
        credential=Credential.VENDOR,
        service=Service.ACTIVE,
        checked=True,
        registered=True,
        contact=("Levi Leverandør", "ydelser-drift"),
    ),
    DemoSystem(
        key="sagsbasen",
        organisation="kommune",
        name="ESDH Sagsbasen",
        protocol=Protocol.SMTP,
        sender=True,
        recipient=True,
        at=Endpoint.MAIL_EXPIRED,
        mailbox="sagsbasen",
        credential=Credential.FOLLOWED,
        service=Service.ACTIVE,
        checked=True,
        trouble=OVERRULED,
    ),
    DemoSystem(
        key="brevmotor",
        organisation="kommune",
        name="Brevmotor",
        protocol=Protocol.REST_PUSH,
        sender=True,
        at=Endpoint.HTTPS,
        supplier=VENDOR,
        credential=Credential.SHARED,
        service=Service.ACTIVE,
        checked=True,
    ),
    DemoSystem(
        key="loen",
        organisation="kommune",
        name="Lønsystem",
        protocol=Protocol.SFTP,
        sender=True,
        at=Endpoint.SFTP_CHANGED,
        ssh_key=True,
        pinned=True,
        service=Service.ACTIVE,
        checked=True,
        trouble=OVERRULED,
    ),
    DemoSystem(
        key="selvbetjening",
        organisation="kommune",
        name="Selvbetjening",
        protocol=Protocol.REST_PULL,
        recipient=True,
        credential=Credential.SHARED,
        token=True,
        networks=("203.0.113.10", "2001:db8:10::/127"),
        service=Service.EXPIRING,
        checked=True,
        trouble="Nyt system: leverandøren kalder ind første gang i næste uge.",
    ),
    DemoSystem(
        key="skole",
        organisation="kommune",
        name="Skolesystem",
        protocol=Protocol.SFTP,
        recipient=True,
        at=Endpoint.SFTP_REFUSING,
        ssh_key=True,
        checked=True,
    ),
    DemoSystem(
        key="byggesag",
        organisation="kommune",
        name="Byggesager",
        protocol=Protocol.SMTP,
        recipient=True,
        at=Endpoint.MAIL_PLAIN,
        mailbox="byggesag",
        credential=Credential.SHARED,
        checked=True,
    ),
    DemoSystem(
        key="sundhed",
        organisation="kommune",
        name="Sundhed og Træning",
        protocol=Protocol.SMTP,
        recipient=True,
        at=Endpoint.MAIL_SILENT,
        mailbox="sundhed",
        credential=Credential.SHARED,
    ),
    DemoSystem(
        key="bibliotek",
        organisation="kommune",
        name="Bibliotekssystem",
        protocol=Protocol.SMTP,
        recipient=True,
        at=Endpoint.MAIL,
        mailbox=UNKNOWN_MAILBOX,
        credential=Credential.SHARED,
        checked=True,
    ),
    DemoSystem(
        key="parkering",
        organisation="kommune",
        name="Parkering",
        protocol=Protocol.SMTP,
        sender=True,
        at=Endpoint.MAIL,
        mailbox="parkering",
        credential=Credential.VALID,
        service=Service.PLANNED,
        checked=True,
    ),
    DemoSystem(
        key="tilsyn",
        organisation="kommune",
        name="Tilsynssystem",
        protocol=Protocol.SMTP,
        sender=True,
        at=Endpoint.MAIL,
        mailbox="tilsyn",
        credential=Credential.REVOKED,
        service=Service.ACTIVE,
        checked=True,
    ),
    DemoSystem(
        key="gammel",
        organisation="kommune",
        name="Den gamle postkasse",
        protocol=Protocol.SMTP,
        recipient=True,
        at=Endpoint.CLOSED,
        mailbox="gammel",
        credential=Credential.EXPIRED,
        service=Service.ENDED,
    ),
    DemoSystem(
        key="vagtplan",
        organisation="kommune",
        name="Vagtplan",
        protocol=Protocol.SMTP,
        recipient=True,
        at=Endpoint.MAIL,
        mailbox="vagtplan",
        credential=Credential.EXPIRED,
        service=Service.LAPSED,
    ),
    DemoSystem(
        key="abonnement",
        organisation="kommune",
        name="Hændelsesabonnement",
        protocol=Protocol.REST_PUBLISH_SUBSCRIBE,
        recipient=True,
    ),
    DemoSystem(key="as4", organisation="kommune", name="AS4-forbindelse", protocol=Protocol.AS4, sender=True),
    DemoSystem(
        key="journal",
        organisation="styrelse",
        name="Journalen",
        protocol=Protocol.SMTP,
        sender=True,
        recipient=True,
        at=Endpoint.MAIL,
        mailbox="journalen",
        credential=Credential.VALID,
        checked=True,
        contact=("Kontor Kontorsen", "journalen"),
    ),
)
