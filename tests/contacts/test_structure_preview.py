"""The structure as a citizen, a company and another authority see it."""

import pytest

from contacts import previewing
from contacts.previewing import Audience, Preview
from contacts.values import Mailbox
from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts, systems

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    """Borger (Ydelser (Kontanthjælp), Pas), Erhverv (Moms), Tom; Hovedpostkasse for everybody at the top."""
    made = authority(name="Klitby Kommune")
    system = made.systems.get()
    borger, erhverv = contacts.group("Borger", organisation=made), contacts.group("Erhverv", organisation=made)
    contacts.group("Tom", organisation=made)
    ydelser = contacts.group("Ydelser", parent=borger, description="Penge fra kommunen")
    contacts.point("Kontanthjælp", groups=[ydelser, borger], system=system)
    contacts.point("Pas", groups=[borger], system=system, for_companies=True)
    contacts.point("Gammel", groups=[borger], system=system, visible=False)
    contacts.point("Moms", groups=[erhverv], system=system, for_citizens=False, for_companies=True)
    everybody = {"for_companies": True, "for_authorities": True}
    contacts.point("Hovedpostkasse", organisation=made, system=system, **everybody)
    return made


def shelf(org, audience, *names):
    """What the audience sees at the end of a way, as names, and what is hidden."""
    preview = Preview(org, audience)
    group_id = None
    for name in names:
        group_id = next(one.group.pk for one in preview.shelf(group_id).categories if one.group.name == name)
    found = preview.shelf(group_id)
    seen = [(one.group.name, one.count) for one in found.categories], [one.name for one in found.points]
    return *seen, {one.obj.name: str(one.why) for one in found.hidden}


def test_who_may_see_it(org):
    point = contacts.point(organisation=org)
    assert statuses(org, "structure_preview") == READ
    assert statuses(org, "structure_preview_point", point.pk) == READ
    assert statuses(org, "structure_preview_compare") == READ


def test_each_audience_finds_its_own_in_order(org):
    nothing = "Intet i den er for denne målgruppe."
    assert shelf(org, Audience.CITIZEN) == (
        [("Borger", 2)],
        ["Hovedpostkasse"],
        {"Erhverv": nothing, "Tom": nothing},
    )
    assert shelf(org, Audience.COMPANY) == ([("Borger", 1), ("Erhverv", 1)], ["Hovedpostkasse"], {"Tom": nothing})
    assert shelf(org, Audience.AUTHORITY)[:2] == ([], ["Hovedpostkasse"])


def test_what_is_hidden_says_why(org):
    categories, points, hidden = shelf(org, Audience.CITIZEN, "Borger")
    assert (categories, points) == ([("Ydelser", 1)], ["Kontanthjælp", "Pas"])
    assert hidden == {"Gammel": "Det er kun åbent for svar."}
    assert shelf(org, Audience.COMPANY, "Borger")[2]["Kontanthjælp"] == "Det er ikke for denne målgruppe."


def test_the_page_looks_like_the_writers_and_says_that_it_is_none(org):
    text = owner(org).get(url(org, "structure_preview")).content.decode()
    assert "Skriv til Klitby Kommune" in text
    assert "Der bliver ikke sendt noget herfra" in text
    assert ">Erhverv</a> <span" not in text
    group = org.contact_groups.get(name="Erhverv")
    text = owner(org).get(url(org, "structure_preview", gruppe=str(group.pk), som="virksomhed")).content.decode()
    assert ">Moms</a>" in text


def test_nonsense_in_the_url(org):
    client = owner(org)
    assert client.get(url(org, "structure_preview", som="x", gruppe="y")).status_code == 200
    foreign = contacts.group(organisation=authority())
    assert client.get(url(org, "structure_preview", gruppe=str(foreign.pk))).status_code == 404


def test_writers_search_finds_what_they_may_find_and_nothing_by_ids(org):
    client = owner(org)
    text = client.get(url(org, "structure_preview", q="kontanthjælpen")).content.decode()
    assert "<mark>Kontanthjælp</mark>" in text
    assert "1 kontaktpunkt fundet" in text
    for query, audience in (("gammel", "borger"), ("moms", "borger"), ("kontanthjælp", "virksomhed")):
        text = client.get(url(org, "structure_preview", q=query, som=audience)).content.decode()
        assert "0 kontaktpunkter fundet" in text
    contacts.point("Flyttet", organisation=org, system=org.systems.get(), translations=(Mailbox(47110, 1),))
    assert "0 kontaktpunkter" in client.get(url(org, "structure_preview", q="47110")).content.decode()


def test_the_number_of_queries_does_not_grow(org):
    client, page = owner(org), url(org, "structure_preview")
    few = queries(client, page)
    for number in range(5):
        group = contacts.group(f"G{number}", organisation=org)
        contacts.point(f"P{number}", groups=[group, None], system=org.systems.get())
    assert queries(client, page) == few


def test_nobody_can_write():
    org = authority()
    contacts.point(organisation=org, visible=False)
    assert (
        "Ingen i denne målgruppe kan skrive til jer." in owner(org).get(url(org, "structure_preview")).content.decode()
    )


# --- structure_preview_point ---


def test_what_the_writer_is_asked_for_and_where_the_message_goes(org):
    point = contacts.point(
        "Byggesag",
        organisation=org,
        system=org.systems.get(),
        recommended_attributes=("Sagsnummer", "Adresse", "Matrikel"),
        allowed_number_of_attachments=2,
        report_link_url="https://example.org/byg",
        report_link_text="Ansøg her",
    )
    text = owner(org).get(url(org, "structure_preview_point", point.pk)).content.decode()
    assert "Sagsnummer <span" in text
    assert "fordi en meddelelse kun kan bære to svar: Matrikel" in text
    assert "(højst 2)" in text
    assert ">Ansøg her</a>" in text
    assert "leveres til systemet Postsystem" in text
    assert "ikke finde kontaktpunktet" not in text


def test_a_point_that_is_not_found_and_one_whose_messages_would_not_arrive(org):
    idle = systems.system(organisation=org)
    hidden = contacts.point("Gemt", organisation=org, system=idle, visible=False, allowed_number_of_attachments=0)
    text = owner(org).get(url(org, "structure_preview_point", hidden.pk)).content.decode()
    assert "Det er kun åbent for svar." in text
    assert "Den ville ikke nå frem" in text
    assert "Ingen filer" in text
    closed = contacts.point(organisation=org, active=False, visible=False)
    assert str(previewing.reason(closed, Audience.CITIZEN)) == "Det er lukket."
    broken = contacts.point(organisation=org, active=False)
    assert "synligt, men lukket" in str(previewing.reason(broken, Audience.CITIZEN))


# --- structure_preview_compare ---


def test_audiences_side_by_side(org):
    client = owner(org)
    answer = client.get(url(org, "structure_preview_compare", format="csv", sort="name"))
    rows = b"".join(answer).decode("utf-8-sig").splitlines()
    assert rows[0] == "Kontaktpunkt;Står i;En borger;En virksomhed;En anden myndighed"
    other = "Det er ikke for denne målgruppe."
    assert f"Pas;Borger;Finder det;Finder det;{other}" in rows
    for audience, names in {"virksomhed": {"Hovedpostkasse", "Moms", "Pas"}, "ingen": {"Gammel"}}.items():
        found = client.get(url(org, "structure_preview_compare", finder=audience)).context["list"].page.object_list
        assert {point.name for point in found} == names
