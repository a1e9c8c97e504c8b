"""Letter types: the list, what is made of them, their marks, and following a successor."""

import uuid

import pytest
from django.db.utils import IntegrityError

from contacts import moving
from contacts.drafts import publishing
from contacts.models import ContactPoint
from memo import letter_types
from memo.models import LetterType, Mark
from organisations.models import Organisation
from tests.contacts import drafting, people
from tests.contacts.people import authority
from tests.factories import contacts, letters
from tests.memo.people import CHANGE, READ, filled, last_event, owner, queries, statuses, url
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

REGISTRY_ID = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"


def names(response):
    return [row.name for row in response.context["list"].page.object_list]


def values(**changed):
    return {"name": "Afgørelse", "reply_allowed": "on", "reply_point": "Boligstøtte"} | changed


def test_who_may():
    org = authority()
    made = letters.letter_type(organisation=org)
    assert statuses(org, "letter_types") == READ
    assert statuses(org, "letter_type", made.pk) == READ
    assert statuses(org, "letter_type_sheet", made.pk) == READ
    assert statuses(org, "letter_type_skeleton", made.pk) == READ
    for page in ("letter_type_edit", "letter_type_copy", "letter_type_delete"):
        assert statuses(org, page, made.pk) == CHANGE
    for page in ("letter_type_create", "letter_types_follow"):
        assert statuses(org, page) == CHANGE


def test_the_mark_follows_the_contact_point():
    org = authority()
    point = contacts.point("Boligstøtte", organisation=org)
    made = letters.letter_type(point=point)
    without = letters.letter_type(organisation=org)
    silent = letters.letter_type(organisation=org, reply_allowed=False)
    assert [letters.with_point(one).mark for one in (made, without, silent)] == [
        Mark.PROVISIONAL,
        Mark.MISSING,
        Mark.NO_REPLY,
    ]
    ContactPoint.objects.update(registry_id=REGISTRY_ID)
    assert letters.with_point(made).mark == Mark.FINAL
    LetterType.objects.filter(pk=made.pk).update(reply_point_id=uuid.uuid4())
    assert letters.with_point(made).mark == Mark.MISSING


def test_where_the_installation_is_the_registry_every_point_has_its_id(settings):
    settings.ADGANG_IS_REGISTRY = True
    assert letters.with_point(letters.letter_type(point=contacts.point())).mark == Mark.FINAL


def test_the_list_is_narrowed_and_costs_the_same_whatever_its_length():
    org = authority()
    closed = contacts.point("Lukket", organisation=org, active=False, visible=False)
    letters.letter_type("Den lukkede", point=closed)
    client = owner(org)
    one = queries(client, url(org, "letter_types"))
    for number in range(5):
        letters.letter_type(f"Brev nr. {number}", organisation=org, reply_allowed=False)
    assert queries(client, url(org, "letter_types")) == one
    assert names(client.get(url(org, "letter_types", look="broken"))) == ["Den lukkede"]
    assert len(names(client.get(url(org, "letter_types", mark="NO_REPLY")))) == 5
    assert names(client.get(url(org, "letter_types", q="lukkede"))) == ["Den lukkede"]
    assert "Den lukkede;foreløbig;Lukket" in client.get(url(org, "letter_types", format="csv")).getvalue().decode()


def test_a_letter_type_takes_over_what_its_contact_point_asks_for():
    org = authority()
    point = contacts.point("Boligstøtte", organisation=org, recommended_attributes=("Sagsnummer", "Telefon", "Andet"))
    owner(org).post(url(org, "letter_type_create"), values(reply_days="14", codes="kle 32.24.04"))
    made = LetterType.objects.get()
    assert (made.reply_point_id, made.reply_point_name, made.reply_days) == (point.pk, "Boligstøtte", 14)
    assert (made.contact_info, made.codes) == (["Sagsnummer", "Telefon"], ["KLE:32.24.04"])
    tag, before, after = last_event(org)
    assert (tag, before, after["reply_point_name"]) == ("LETTER_TYPE_CREATED", {}, "Boligstøtte")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reply_point": "Findes ikke"}, "Der findes intet kontaktpunkt “Findes ikke”."),
        ({"reply_point": "To"}, "Flere kontaktpunkter hedder “To”."),
        ({"codes": "GLN:5790000000005"}, "“GLN” er ikke en kode, som et brev kan bære."),
        ({"actions": "AFTALE | Mød op | https://a.dk"}, "“AFTALE” er ikke en handling"),
        ({"actions": "BETALING | Betal | http://a.dk"}, "kan ikke læses"),
        ({"contact_info": "a\nb\nc"}, "En meddelelse kan højst bære to."),
        ({"name": "optaget"}, "En anden af myndighedens brevtyper har dette navn."),
        ({"reply_days": "400"}, "365"),
    ],
)
def test_wrong_input_is_told_and_kept(changed, said):
    org = authority()
    contacts.point("Boligstøtte", organisation=org)
    contacts.point("To", organisation=org)
    contacts.point("To", organisation=org)
    letters.letter_type("Optaget", organisation=org)
    response = owner(org).post(url(org, "letter_type_create"), values(**changed))
    assert said in text(response)
    assert LetterType.objects.count() == 1
    name, typed = next(iter(changed.items()))
    assert response.context["form"][name].value() == typed


def test_only_a_permitted_authority_sends_mandatory_post():
    org = authority()
    contacts.point("Boligstøtte", organisation=org)
    owner(org).post(url(org, "letter_type_create"), values(mandatory="on", legal_notification="on"))
    made = LetterType.objects.get()
    assert (made.mandatory, made.legal_notification) == (False, False)
    Organisation.objects.update(mandatory_post_allowed=True)
    owner(org).post(url(org, "letter_type_create"), values(name="Pligt", mandatory="on"))
    assert LetterType.objects.get(name="Pligt").mandatory


def test_two_people_saving_lose_nothing():
    org = authority()
    made = letters.letter_type("Gammelt", organisation=org)
    client, page = owner(org), url(org, "letter_type_edit", made.pk)
    mine = filled(client, page) | {"name": "Mit"}
    client.post(page, mine | {"name": "Deres"})
    response = client.post(page, mine)
    assert response.status_code == 409
    assert {row.label: row.theirs for row in response.context["rows"]}["Navn"] == "Deres"
    tag, before, after = last_event(org)
    assert (tag, before, after) == ("LETTER_TYPE_CHANGED", {"name": "Gammelt"}, {"name": "Deres"})


def test_a_letter_without_reply_has_no_contact_point():
    org = authority()
    made = letters.letter_type(point=contacts.point(organisation=org), reply_days=14)
    client, page = owner(org), url(org, "letter_type_edit", made.pk)
    sent = filled(client, page)
    del sent["reply_allowed"]
    client.post(page, sent)
    now = LetterType.objects.get()
    assert (now.reply_point_id, now.reply_point_name, now.reply_days) == (None, "", None)
    with pytest.raises(IntegrityError):
        LetterType.objects.update(reply_point_id=uuid.uuid4())


def test_a_copy_begins_as_the_original_and_deleting_leaves_it():
    org = authority()
    made = letters.letter_type("Første", organisation=org, post_type="BREV")
    client = owner(org)
    client.post(url(org, "letter_type_copy", made.pk), filled(client, url(org, "letter_type_copy", made.pk)))
    copy = LetterType.objects.exclude(pk=made.pk).get()
    assert (copy.name, copy.post_type) == ("Kopi af Første", "BREV")
    client.post(url(org, "letter_type_delete", made.pk), {"version": "7"})
    assert LetterType.objects.count() == 2
    client.post(url(org, "letter_type_delete", made.pk), {"version": "1"})
    assert LetterType.objects.get() == copy
    assert last_event(org)[0] == "LETTER_TYPE_DELETED"


def test_letter_types_follow_a_line_of_successors_to_its_end():
    org = authority()
    last = contacts.point("Ny", organisation=org)
    middle = contacts.point("Mellem", organisation=org, replaced_by=last.pk)
    first = contacts.point("Gammel", organisation=org, replaced_by=middle.pk)
    letters.letter_type("A", point=first)
    other = letters.letter_type("B", point=middle)
    untouched = letters.letter_type("C", point=contacts.point(organisation=org))
    client = owner(org)
    asked = client.get(url(org, "letter_types_follow"))
    assert "A: fra Gammel til Ny" in text(asked)
    client.post(url(org, "letter_types_follow", brevtype=str(other.pk)))
    assert list(LetterType.objects.values_list("reply_point_name", flat=True)[:2]) == ["Gammel", "Ny"]
    client.post(url(org, "letter_types_follow"))
    assert list(LetterType.objects.values_list("reply_point_name", flat=True)[:2]) == ["Ny", "Ny"]
    assert last_event(org)[1:] == (
        {"reply_point_id": str(first.pk), "reply_point_name": "Gammel"},
        {"reply_point_id": str(last.pk), "reply_point_name": "Ny"},
    )
    untouched.refresh_from_db()
    assert untouched.version == 1


def test_one_click_lets_a_letter_type_follow_and_comes_back_to_it():
    org = authority()
    new = contacts.point("Ny", organisation=org)
    made = letters.letter_type("A", point=contacts.point("Gammel", organisation=org, replaced_by=new.pk))
    client, page = owner(org), url(org, "letter_type", made.pk)
    assert "Skift kontaktpunkt for retursvar til Ny" in text(client.get(page))
    answer = client.post(url(org, "letter_types_follow", brevtype=str(made.pk)))
    assert answer.headers["Location"] == page
    assert "Skift kontaktpunkt for retursvar til Ny" not in text(client.get(page))


def test_a_contact_point_that_was_moved_or_renamed_since_is_told_of():
    org = authority()
    point = contacts.point("Boligstøtte", organisation=org)
    made = letters.letter_type(point=point)
    client, page = owner(org), url(org, "letter_type", made.pk)
    assert "blev flyttet" not in text(client.get(page))
    group = contacts.group("Borger", organisation=org)
    moving.move_point(caller=letters.CALLER, placement=point.placements.get(), to=group, version=point.version)
    ContactPoint.objects.update(name="Hjælp til bolig")
    said = text(client.get(page))
    assert "Kontaktpunktet “Boligstøtte” blev flyttet i kontaktstrukturen" in said
    assert "Kontaktpunktet hedder “Hjælp til bolig” nu; brevtypen siger “Boligstøtte”." in said
    letter_types.change(caller=letters.CALLER, letter_type=made, version=1)
    assert "blev flyttet" not in text(client.get(page))


def test_successors_in_a_circle_end():
    org = authority()
    one, two = contacts.point("En", organisation=org), contacts.point("To", organisation=org)
    ContactPoint.objects.filter(pk=one.pk).update(replaced_by=two.pk)
    ContactPoint.objects.filter(pk=two.pk).update(replaced_by=one.pk)
    letters.letter_type("A", point=one)
    owner(org).post(url(org, "letter_types_follow"))
    assert LetterType.objects.get().reply_point_name in ("En", "To")


def test_what_is_wrong_stands_on_the_page_and_the_overview():
    org = authority()
    point = contacts.point("Boligstøtte", organisation=org)
    made = letters.letter_type(point=point)
    client = owner(org)
    assert "Kontaktpunktet “Boligstøtte” har endnu ikke et ID i Digital Post." in text(
        client.get(url(org, "letter_type", made.pk))
    )
    ContactPoint.objects.update(active=False)
    assert "er lukket: der kan ikke sendes svar" in text(client.get(url(org, "letter_type", made.pk)))
    assert "1 brevtype henviser til et kontaktpunkt, der mangler, er lukket eller afløst." in text(
        client.get(url(org, "overview"))
    )


def test_a_contact_point_that_only_a_draft_makes_is_provisional_until_it_is_published(settings):
    settings.ADGANG_IS_REGISTRY = True
    org = authority()
    draft = drafting.begin(org)
    coming = drafting.add_point(draft, "Boligstøtte")
    client = owner(org)
    client.post(url(org, "letter_type_create"), values())
    made = LetterType.objects.get()
    assert (made.reply_point_id, made.reply_point_name) == (coming, "Boligstøtte")
    assert letters.with_point(made).mark == Mark.PROVISIONAL
    page = client.get(url(org, "letter_type", made.pk))
    assert "findes kun i en kladde til kontaktstrukturen" in text(page)
    form = url(org, "letter_type_edit", made.pk)
    assert client.post(form, filled(client, form)).status_code == 302
    discard = people.owner(org).get(url(org, "draft_discard", draft.pk))
    assert "Brevtypen Afgørelse henviser til det." in text(discard)
    assert names(client.get(url(org, "letter_types", look="broken"))) == []
    publishing.publish(caller=contacts.CALLER, draft=draft)
    assert letters.with_point(made).mark == Mark.FINAL


def test_what_no_draft_makes_any_more_is_missing_and_a_name_in_two_drafts_is_not_guessed():
    org = authority()
    first, second = drafting.begin(org), drafting.begin(org, "Den anden")
    coming, _other = drafting.add_point(first, "Boligstøtte"), drafting.add_point(second, "boligstøtte")
    client = owner(org)
    refused = client.post(url(org, "letter_type_create"), values())
    assert "Flere kontaktpunkter hedder" in refused.context["form"].errors["reply_point"][0]
    client.post(url(org, "letter_type_create"), values(reply_point=str(coming)))
    made = LetterType.objects.get()
    assert letters.with_point(made).mark == Mark.PROVISIONAL
    drafting.delete_point(first, coming)
    assert letters.with_point(made).mark == Mark.MISSING


def test_drafts_of_others_make_nothing_here():
    org = authority()
    drafting.add_point(drafting.begin(authority()), "Boligstøtte")
    refused = owner(org).post(url(org, "letter_type_create"), values())
    assert "reply_point" in refused.context["form"].errors
