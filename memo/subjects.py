"""What a message is about."""

from dataclasses import dataclass

from memo.parties import Address, ProductionUnit, UnstructuredAddress
from memo.parts import Element, Text


@dataclass(frozen=True, kw_only=True)
class CprData(Element):
    """The person it is about."""

    cpr_number: Text = None
    name: Text = None


@dataclass(frozen=True, kw_only=True)
class CvrData(Element):
    """The company it is about."""

    cvr_number: Text = None
    company_name: Text = None


@dataclass(frozen=True, kw_only=True)
class MotorVehicle(Element):
    """The vehicle it is about."""

    license_number: Text = None
    chassis_number: Text = None


@dataclass(frozen=True, kw_only=True)
class PropertyNumber(Element):
    """The real property it is about."""

    property_number: Text = None


@dataclass(frozen=True, kw_only=True)
class CaseId(Element):
    """The case it belongs to."""

    case_id: Text = None
    case_system: Text = None


@dataclass(frozen=True, kw_only=True)
class KleData(Element):
    """Its subject in KLE."""

    subject_key: Text = None
    version: Text = None
    activity_facet: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class FormData(Element):
    """Its task in FORM."""

    task_key: Text = None
    version: Text = None
    activity_facet: Text = None
    label: Text = None


@dataclass(frozen=True, kw_only=True)
class Education(Element):
    """The education it is about."""

    education_code: Text = None
    education_name: Text = None


@dataclass(frozen=True, kw_only=True)
class AdditionalContentData(Element):
    """A value of the sender's own."""

    content_data_type: Text = None
    content_data_name: Text = None
    content_data_value: Text = None


@dataclass(frozen=True, kw_only=True)
class ContentData(Element):
    """What the message is about."""

    cpr_data: CprData | None = None
    cvr_data: CvrData | None = None
    motor_vehicle: MotorVehicle | None = None
    property_number: PropertyNumber | None = None
    case_id: CaseId | None = None
    kle_data: KleData | None = None
    form_data: FormData | None = None
    production_unit: ProductionUnit | None = None
    education: Education | None = None
    address: Address | None = None
    unstructured_address: UnstructuredAddress | None = None
    additional_content_data: tuple[AdditionalContentData, ...] = ()
