"""Each line's evidence, from real rows: what the portal sees, what it misses, when a line is not relevant."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from adgang.overview.board import board
from adgang.overview.lines import LINES
from adgang.overview.readiness import State
from adgang.overview.steps import Step
from certificates.kinds import Kind as CertificateKind
from organisations.models import Invitation, SignInIdentity
from systems.models import Protocol
from systems.states import State as SystemState
from tests.factories import letters
from tests.factories.certificates import certificate, ssh_key
from tests.factories.contacts import point
from tests.factories.organisations import Role, grant, organisation, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def status(org, key, *, at=None):
    return next(one for one in board(org, at=at or timezone.now()).statuses if one.line.key == key)


def seen(org, key, **moment):
    one = status(org, key, **moment)
    return one.state, [str(evidence.text) for evidence in one.found]


def connected(org, **fields):
    return system(organisation=org, active=True, health={"last_passed": timezone.now()}, **fields)


def sftp(org, **fields):
    """Return an SFTP system with its key: the protocol whose credential needs no certificate authority."""
    key = ssh_key(organisation=org)
    return connected(org, protocol=Protocol.SFTP, ssh_username="adgang", ssh_key=key, **fields)


# --- Step 1 ---


def test_terms():
    assert seen(organisation(accepted=False), "terms") == (State.MISSING, [])
    org = organisation()
    acceptance = org.terms_acceptances.get()
    acceptance.accepted_by.name = "Bo Skabelon"
    acceptance.accepted_by.save()
    type(acceptance).objects.filter(pk=acceptance.pk).update(accepted=NOW)
    assert seen(org, "terms") == (State.DONE, ["Version 1.0 er godkendt af Bo Skabelon den 23. november 2026"])


def test_user_administrator_leads_to_the_person():
    org = organisation()
    assert seen(org, "user_administrator") == (State.MISSING, [])
    person = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    assert seen(org, "user_administrator") == (State.DONE, ["Brugeradministrator: Bo Skabelon"])
    [evidence] = status(org, "user_administrator").found
    assert evidence.url == reverse("person", args=[org.cvr_number, person.pk])


def test_an_ended_role_and_a_closed_account_count_for_nothing():
    org = organisation()
    past = timezone.now() - dt.timedelta(days=1)
    ended = user_with(organisation=org)
    grant(user=ended, role=Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, active_to=past)
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, is_active=False)
    assert seen(org, "user_administrator") == (State.MISSING, [])


def test_a_single_user_administrator_is_a_warning_and_holds_nothing_up():
    org = organisation()
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    one = status(org, "second_user_administrator")
    assert (one.mark, one.line.counts) == ("warning", False)
    assert [str(evidence.text) for evidence in one.found] == [
        "Bo Skabelon er den eneste. Når Bo Skabelon er væk, kan ingen tildele eller fjerne roller."
    ]
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Åse Prøve")
    assert seen(org, "second_user_administrator") == (
        State.DONE,
        ["Brugeradministrator: Bo Skabelon", "Brugeradministrator: Åse Prøve"],
    )


def test_identification_by_employee_certificate_or_identity():
    org = organisation()
    bo = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    assert seen(org, "identification") == (State.MISSING, [])
    kept = certificate(organisation=org, user=bo, kind=CertificateKind.MOCES)
    type(kept).objects.filter(pk=kept.pk).update(not_after=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert seen(org, "identification") == (
        State.DONE,
        ["Bo Skabelon har et medarbejdercertifikat, gyldigt til 1. januar 2030"],
    )
    eva = user_with(Role.READER, organisation=org, name="Eva Eksempel")
    assert status(org, "identification").state is State.MISSING
    assert seen(org, "identification")[1][-1] == "Mangler: Eva Eksempel"
    SignInIdentity.objects.create(user=eva, method="SAML", issuer="x", subject="y", cvr=org.cvr_number)
    assert seen(org, "identification")[0] is State.DONE


def test_an_identity_of_another_authority_proves_nothing_here():
    org = organisation()
    eva = user_with(Role.READER, organisation=org)
    SignInIdentity.objects.create(user=eva, method="SAML", issuer="x", subject="y", cvr="11111111")
    assert seen(org, "identification") == (State.MISSING, [])


def test_roles_with_holders_and_invited():
    org = organisation()
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    Invitation.objects.create(
        organisation=org,
        email="eva@example.org",
        name="Eva Eksempel",
        roles=[Role.CONTACT_ADMINISTRATOR.value],
        expires=timezone.now() + dt.timedelta(days=7),
    )
    assert seen(org, "roles") == (
        State.MISSING,
        ["Systemadministrator: Bo Skabelon", "Kontaktstrukturadministrator: Eva Eksempel, inviteret"],
    )
    assert status(org, "roles").mark == "started"


def test_roles_of_steps_that_are_not_relevant_are_not_needed():
    org = organisation(contactable=False)
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    assert seen(org, "roles")[0] is State.DONE


def test_a_role_for_one_system_is_not_the_role():
    org = organisation(contactable=False)
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=system(organisation=org).pk)
    assert seen(org, "roles") == (State.MISSING, [])


def test_signed_in():
    org = organisation(contactable=False)
    administrator = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bo", last_login=NOW)
    assert seen(org, "signed_in") == (State.MISSING, ["Bo har været logget ind, senest den 23. november 2026"])
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, name="Eva", last_login=NOW)
    assert seen(org, "signed_in")[0] is State.DONE
    assert administrator.last_login == NOW


# --- Step 2 ---


def test_credentials_name_what_is_missing_first():
    org = organisation()
    assert seen(org, "credentials") == (State.MISSING, [])
    sftp(org, name="Filsystem")
    system(organisation=org, name="Mailsystem", protocol=Protocol.SMTP)
    system(organisation=org, name="Arkiv", protocol=Protocol.SFTP)
    assert seen(org, "credentials") == (
        State.MISSING,
        [
            "Arkiv: brugernavn eller SSH-nøgle mangler",
            "Mailsystem: certifikat mangler",
            "1 system har det, protokollen kræver",
        ],
    )


def test_credentials_say_when_a_certificate_expired():
    org = organisation()
    kept = certificate(organisation=org)
    system(organisation=org, name="Mailsystem", protocol=Protocol.SMTP, certificate=kept)
    assert seen(org, "credentials") == (State.DONE, ["1 system har det, protokollen kræver"])
    type(kept).objects.filter(pk=kept.pk).update(not_after=NOW - dt.timedelta(days=1))
    assert seen(org, "credentials", at=NOW) == (
        State.MISSING,
        ["Mailsystem: certifikatet udløb den 22. november 2026"],
    )


@pytest.mark.parametrize(
    ("key", "part"), [("sender_systems", {"is_sender": True}), ("recipient_systems", {"is_recipient": True})]
)
def test_systems_are_connected(key, part):
    org = organisation()
    assert seen(org, key) == (State.MISSING, [])
    draft = system(organisation=org, name="Kladde", **part)
    assert seen(org, key) == (State.MISSING, [f"Kladde: {SystemState.DRAFT.label}"])
    sftp(org, name="Filsystem", **part)
    state, found = seen(org, key)
    assert state is State.MISSING
    assert found[0] == f"Kladde: {SystemState.DRAFT.label}"
    assert found[1].startswith("Filsystem: tilsluttet – ")
    type(draft).objects.filter(pk=draft.pk).update(
        active_from=timezone.now() - dt.timedelta(days=9), active_to=timezone.now() - dt.timedelta(days=1)
    )
    assert seen(org, key)[0] is State.DONE


def test_many_systems_are_counted():
    org = organisation()
    for number in range(9):
        system(organisation=org, name=f"System {number}", is_sender=True)
    assert seen(org, "sender_systems")[1][-1] == "og 3 til"
    assert status(org, "sender_systems").found[-1].url == reverse("systems", args=[org.cvr_number])


# --- Step 3 and the marking ---


def test_contact_points():
    org = organisation()
    assert seen(org, "contact_points") == (State.MISSING, [])
    receiver = sftp(org)
    point(organisation=org, system=receiver, visible=False)
    assert seen(org, "contact_points") == (State.MISSING, ["1 kontaktpunkt, 0 åbent"])
    assert status(org, "contact_points").mark == "started"
    point(organisation=org, system=receiver)
    assert seen(org, "contact_points") == (State.DONE, ["2 kontaktpunkter, 1 åbne"])


def test_points_connected():
    org = organisation()
    receiver = sftp(org, name="Filsystem")
    point(organisation=org, system=receiver)
    state, found = seen(org, "points_connected")
    assert state is State.DONE
    assert found[0].startswith("Filsystem: 1 kontaktpunkt, tilsluttet – ")
    other = system(organisation=org, name="Kladde", is_recipient=True)
    point(organisation=org, system=other)
    state, found = seen(org, "points_connected")
    assert state is State.MISSING
    assert found[0] == f"Kladde: 1 kontaktpunkt, {SystemState.DRAFT.label}"


def test_closed_points_need_no_connected_system():
    org = organisation()
    point(organisation=org, system=sftp(org))
    point(organisation=org, system=system(organisation=org, is_recipient=True), active=False, visible=False)
    assert seen(org, "points_connected")[0] is State.DONE


# --- Not relevant ---


@pytest.mark.parametrize(
    ("settings", "steps"),
    [({"uses_systems": False}, {Step.SYSTEMS}), ({"contactable": False}, {Step.CONTACTS, Step.MARKING})],
)
def test_steps_that_are_not_relevant(settings, steps):
    org = organisation(**settings)
    for one in board(org, at=timezone.now()).statuses:
        if one.line.step in steps:
            assert (one.line.key, one.state) == (one.line.key, State.NOT_RELEVANT)
            assert one.irrelevant


def test_the_table_holds_together():
    for key, line in LINES.items():
        assert line.key == key
        assert set(line.after) <= LINES.keys()
        assert all(LINES[before].step <= line.step for before in line.after)
        assert line.seen or line.confirmed, f"{key} can never be done"
        assert line.roles, f"nobody can do {key}"


def test_waits_for_what_comes_first():
    org = organisation(accepted=False)
    assert [line.key for line in status(org, "roles").waits_for] == ["terms", "user_administrator"]
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert [line.key for line in status(org, "roles").waits_for] == ["terms"]


# --- The marking ---


def test_letters_marked():
    org = organisation()
    assert seen(org, "letters_marked") == (State.MISSING, [])
    final = point("Endelig", organisation=org, registry_id="2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20")
    letters.letter_type(point=final)
    letters.letter_type(organisation=org, reply_allowed=False)
    assert seen(org, "letters_marked") == (State.DONE, ["2 af 2 brevtyper er endeligt opmærket"])
    letters.letter_type(point=point("Ny", organisation=org))
    letters.letter_type(organisation=org)
    assert seen(org, "letters_marked") == (
        State.MISSING,
        [
            "2 af 4 brevtyper er endeligt opmærket",
            "1 opmærkning er foreløbig",
            "1 har et kontaktpunkt, der mangler, er lukket eller afløst",
        ],
    )
    [_all, _provisional, troubled] = status(org, "letters_marked").found
    assert troubled.url == reverse("letter_types", args=[org.cvr_number]) + "?look=broken"
