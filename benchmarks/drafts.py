"""P18: a draft of 1,800 changes on a structure of 10,000 points in 2,000 groups: shown, changed, published."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from adgang.serve.loading import load_for_good
from benchmarks.registry import Measurement, benchmark, median_seconds, seconds
from benchmarks.structure import organisation_with, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from contacts.loading import Structure
    from contacts.models import Draft

CHANGES = 1_800
PAGE_BAR = 0.5
PUBLISH_BAR = 5.0
PAGES = ("draft", "draft_changes", "draft_conflicts", "draft_publish")


@benchmark("P18", "draft of 1,800 changes on 10,000 contact points: its pages, one change, publication")
def draft_work() -> Measurement:
    """The pages as served beside reading the structure alone, one change more, the publication, and its page."""
    from contacts import loading

    draft, client = drafted()
    load_for_good()  # as the web process does
    floor = median_seconds(lambda: loading.load(draft.organisation), repeat=5)
    shown = {name: page_seconds(client, draft, name) for name in PAGES}
    tree = page_seconds(client, draft, "draft_changes", "?vis=trae")
    one = median_seconds(lambda: rename(draft), repeat=5)
    published = seconds(lambda: publish(draft))
    looked_at = page_seconds(client, draft, "publication")
    slowest = max(shown.values())
    return Measurement(
        value=round(slowest * 1000),
        unit="ms",
        reference=round(floor * 1000),
        bar=f"pages of the draft ≤ {PAGE_BAR * 1000:.0f} ms, publication ≤ {PUBLISH_BAR:.0f} s",
        met=slowest <= PAGE_BAR and published <= PUBLISH_BAR,
        notes=(
            ", ".join(f"{name} {spent * 1000:.0f} ms" for name, spent in shown.items())
            + f", the changes as a tree {tree * 1000:.0f} ms. One change more {one * 1000:.0f} ms; publication "
            f"{published:.2f} s with its event and what is kept of it; its page {looked_at * 1000:.0f} ms"
        ),
    )


def drafted() -> "tuple[Draft, Client]":
    """Return a draft with that many changes, and a client in which somebody is signed in who may publish it."""
    from contacts.drafts import lifecycle
    from tests.factories.contacts import CALLER

    org = organisation_with()
    draft = lifecycle.begin(caller=CALLER, organisation=org, name="Omlægning")
    lifecycle.change(caller=CALLER, draft=draft, act=reorganise)
    return draft, signed_in(org)


def reorganise(now: "Structure") -> None:
    """Change a structure in `CHANGES` places: a third new, a third other values, a sixth moved, a sixth deleted."""
    from contacts.drafts import editing
    from contacts.values import PointValues

    chance = random.Random(18)
    groups, points = sorted(now.groups), sorted(now.points)
    chosen = chance.sample(points, CHANGES * 2 // 3)
    third, sixth = CHANGES // 3, CHANGES // 6
    for pk in chosen[:third]:
        node = now.points[pk]
        node.values = replace(node.values, name=f"{node.values.name} (ny)", description="Skriv til os her.")
    for pk in chosen[third : third + sixth]:
        node = now.points[pk]
        to = next(group_id for group_id in chance.sample(groups, 3) if group_id not in node.group_ids)
        editing.move_point(now, node, node.group_ids[0], to)
    for pk in chosen[third + sixth :]:
        editing.delete_point(now, now.points[pk])
    for number in range(third):
        values = PointValues(name=f"Nyt kontaktpunkt {number}", system=now.systems[0], for_citizens=True)
        editing.add_point(now, values, [chance.choice(groups)])


def page_seconds(client: "Client", draft: "Draft", name: str, query: str = "") -> float:
    """Return the seconds that a page of the draft, or of its publication, takes as served."""
    from django.urls import reverse

    from contacts.models import Publication

    pk = Publication.objects.values_list("pk", flat=True).get(draft=draft) if name == "publication" else draft.pk
    page = reverse(name, args=[draft.organisation.cvr_number, pk]) + query
    return median_seconds(lambda: client.get(page), repeat=5)


def rename(draft: "Draft") -> None:
    """Change one thing more in the draft, as a person does it."""
    from contacts.drafts import lifecycle
    from tests.factories.contacts import CALLER

    def act(now: "Structure") -> None:
        node = now.points[min(now.points)]
        node.values = replace(node.values, name=f"{node.values.name}."[-100:])

    lifecycle.change(caller=CALLER, draft=draft, act=act)


def publish(draft: "Draft") -> None:
    """Publish the draft."""
    from contacts.drafts import publishing
    from tests.factories.contacts import CALLER

    publishing.publish(caller=CALLER, draft=draft)
