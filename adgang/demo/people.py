"""The demo's authorities and people. Every name is invented; the CVR numbers fail the register's check on purpose."""

import uuid
from dataclasses import dataclass, field

from organisations.callers import Caller, Channel
from organisations.models import Organisation, User
from organisations.rights import PrivilegeType as Role

DOMAIN = "demo.adgang.invalid"

Kind = Organisation.AuthorityType


@dataclass(frozen=True)
class DemoOrganisation:
    """An invented authority or company."""

    key: str
    name: str
    cvr_number: str
    authority_type: str
    accepted: bool
    contact: str

    @property
    def type(self) -> str:
        """AUTHORITY, or COMPANY for the vendor."""
        return Organisation.Type.AUTHORITY if self.authority_type else Organisation.Type.COMPANY


@dataclass(frozen=True)
class DemoPerson:
    """An invented person; `roles` by the key of the organisation, "" standing for the installation."""

    account: str
    name: str
    roles: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    # The key of the demo system (adgang/demo/systems.py) to which the roles are limited, or "".
    only_system: str = ""

    @property
    def email(self) -> str:
        """The person's address, which is also the account's name."""
        return f"{self.account}@{DOMAIN}"


ORGANISATIONS = (
    DemoOrganisation("kommune", "Eksempelkøbing Kommune", "99000011", Kind.MUNICIPALITY, True, "Rådmund Rådhus"),
    DemoOrganisation("styrelse", "Styrelsen for Opdigtede Sager", "99000012", Kind.STATE, True, "Kontor Kontorsen"),
    DemoOrganisation("region", "Region Ingensteds", "99000013", Kind.REGION, False, "Rikke Regionalsen"),
    DemoOrganisation("leverandoer", "Påfund IT A/S", "99000014", "", True, "Levi Leverandør"),
    DemoOrganisation("luft", "Luftkastel Systemer ApS", "99000015", "", True, "Luna Luftkastel"),
)

PEOPLE = (
    DemoPerson("olga", "Olga Opstart", {"kommune": (Role.ORGANISATION_USER_ADMINISTRATOR,)}),
    DemoPerson("oscar", "Oscar Opstart", {"kommune": (Role.ORGANISATION_USER_ADMINISTRATOR,)}),
    DemoPerson("sigurd", "Sigurd Systemsen", {"kommune": (Role.ORGANISATION_ADMINISTRATOR,)}),
    DemoPerson("karla", "Karla Kontaktpunkt", {"kommune": (Role.CONTACT_ADMINISTRATOR,)}),
    DemoPerson("brita", "Brita Brevsen", {"kommune": (Role.LETTER_ADMINISTRATOR,)}),
    DemoPerson(
        "revy",
        "Revy Revisor",
        {
            "kommune": (
                Role.READER,
                Role.ACTION_LOG_ADMINISTRATOR,
                Role.SEARCH_LOG_ADMINISTRATOR,
                Role.MESSAGE_LOG_ADMINISTRATOR,
            )
        },
    ),
    DemoPerson("stine", "Stine Statistik", {"kommune": (Role.STATISTICS_ADMINISTRATOR,)}),
    DemoPerson("tilde", "Tilde Tilbagekald", {"kommune": (Role.RECALL_ADMINISTRATOR,)}),
    DemoPerson("levi", "Levi Leverandør", {"kommune": (Role.ORGANISATION_ADMINISTRATOR,)}, only_system="fagsystem"),
    DemoPerson(
        "viola",
        "Viola Vendorsen",
        {"leverandoer": (Role.ORGANISATION_USER_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR)},
    ),
    DemoPerson(
        "luna",
        "Luna Luftkastel",
        {"luft": (Role.ORGANISATION_USER_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR)},
    ),
    DemoPerson(
        "kontor",
        "Kontor Kontorsen",
        {"styrelse": (Role.ORGANISATION_USER_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR)},
    ),
    DemoPerson("rikke", "Rikke Regionalsen", {"region": (Role.ORGANISATION_USER_ADMINISTRATOR,)}),
    # Has opened an account and asks for access; every request of the demo by somebody without rights is theirs.
    DemoPerson("nanna", "Nanna Nybegynder"),
    DemoPerson("frode", "Frode Forvalter", {"": (Role.SYSTEM_MANAGER,)}),
    DemoPerson("signe", "Signe Support", {"": (Role.SUPPORT,)}),
)


def demo_person(account: str) -> User:
    """Return the saved account of a demo person. Raises User.DoesNotExist before the demo is made."""
    return User.objects.get(email=f"{account}@{DOMAIN}")


def by(account: str) -> Caller:
    """Return the caller for what a person of the demo does."""
    return Caller(user=demo_person(account), channel=Channel.COMMAND, request_id=str(uuid.uuid4()), label="demo")
