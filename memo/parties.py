"""Who sends and who receives a message, and what is told of them."""

from dataclasses import dataclass

from memo.parts import Element, Text


@dataclass(frozen=True, kw_only=True)
class ContactInfo(Element):
    """A piece of information that the writer was asked for."""

    label: Text = None
    value: Text = None


@dataclass(frozen=True, kw_only=True)
class ContactPoint(Element):
    """The contact point that a message goes to, or that a reply to it will."""

    contact_group: Text = None
    contact_point_id: Text = None
    label: Text = None
    contact_info: tuple[ContactInfo, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AttentionPerson(Element):
    """Whom it concerns."""

    person_id: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class EMail(Element):
    """An e-mail address."""

    email_address: Text = None
    related_agent: Text = None


@dataclass(frozen=True, kw_only=True)
class Telephone(Element):
    """A telephone number."""

    telephone_number: Text = None
    related_agent: Text = None


@dataclass(frozen=True, kw_only=True)
class ContentResponsible(Element):
    """Who answers for the content."""

    content_responsible_id: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class GeneratingSystem(Element):
    """The system that made the message."""

    generating_system_id: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class ProductionUnit(Element):
    """A production unit (P-number)."""

    production_unit_number: Text = None
    production_unit_name: Text = None


@dataclass(frozen=True, kw_only=True)
class GlobalLocationNumber(Element):
    """A GLN (EAN location number)."""

    global_location_number: Text = None
    location: Text = None


@dataclass(frozen=True, kw_only=True)
class SeNumber(Element):
    """A number for VAT settlement."""

    se_number: Text = None
    company_name: Text = None


@dataclass(frozen=True, kw_only=True)
class Eid(Element):
    """An electronic identity."""

    e_id: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class SorData(Element):
    """A unit of the health service (SOR)."""

    sor_identifier: Text = None
    entry_name: Text = None


@dataclass(frozen=True, kw_only=True)
class AddressPoint(Element):
    """Coordinates of an address."""

    geographic_easting_measure: Text = None
    geographic_northing_measure: Text = None
    geographic_height_measure: Text = None


@dataclass(frozen=True, kw_only=True)
class Address(Element):
    """An address by its parts."""

    id: Text = None
    address_label: Text = None
    house_number: Text = None
    door: Text = None
    floor: Text = None
    co: Text = None
    zip_code: Text = None
    city: Text = None
    country: Text = None
    address_point: AddressPoint | None = None


@dataclass(frozen=True, kw_only=True)
class UnstructuredAddress(Element):
    """An address in one text."""

    unstructured: Text = None


@dataclass(frozen=True, kw_only=True)
class AttentionData(Element):
    """More about the sender or recipient."""

    attention_person: AttentionPerson | None = None
    production_unit: ProductionUnit | None = None
    global_location_number: GlobalLocationNumber | None = None
    e_mail: EMail | None = None
    se_number: SeNumber | None = None
    telephone: Telephone | None = None
    eid: Eid | None = None
    content_responsible: ContentResponsible | None = None
    generating_system: GeneratingSystem | None = None
    sor_data: SorData | None = None
    address: Address | None = None
    unstructured_address: UnstructuredAddress | None = None


@dataclass(frozen=True, kw_only=True)
class Representative(Element):
    """Who acts for the sender (1.2)."""

    representative_id: Text = None
    id_type: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class Sender(Element):
    """Who sends."""

    sender_id: Text = None
    id_type: Text = None
    id_type_label: Text = None
    label: Text = None
    attention_data: AttentionData | None = None
    contact_point: ContactPoint | None = None
    representative: Representative | None = None


@dataclass(frozen=True, kw_only=True)
class Recipient(Element):
    """Who receives."""

    recipient_id: Text = None
    id_type: Text = None
    id_type_label: Text = None
    label: Text = None
    attention_data: AttentionData | None = None
    contact_point: ContactPoint | None = None
