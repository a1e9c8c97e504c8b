"""What the pages of a draft share: the draft read once, its tree, the nodes in it, and what is said of a refusal."""

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adgang.lib.conflicts import conflict_response
from adgang.lib.forms import VersionedForm
from adgang.lib.toasts import toast
from contacts import access, differences, paths, rendering
from contacts.drafts import editing, lifecycle, merging
from contacts.drafts.lifecycle import NotOpen
from contacts.drafts.merging import Merged, Node
from contacts.drafts.tree import Branches
from contacts.drafts.wording import NOT_OPEN
from contacts.forms.drafts import Seen
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import Draft
from contacts.moving import AlreadyThere, LastPlace, MovedBelowItself
from contacts.planning import Plan
from contacts.positions import NoSuchSibling
from contacts.registering import NoSuchGroup, NoSuchSystem, RegistryIdTaken
from contacts.states import Circle
from contacts.views.answers import CIRCLE
from contacts.views.beside import OPEN, PANEL, ids_in
from organisations.rights import Right

T = TypeVar("T")


class ChangedInDraft(Exception):
    """Somebody changed the object since it was read; `node` is how it is now, None when it is gone."""

    def __init__(self, node: Node | None) -> None:
        super().__init__("changed by somebody else")
        self.node = node


# The field that is to blame, and what to say; the field counts only where the form has it.
REFUSALS: dict[type[Exception], tuple[str, str | Promise]] = {
    MovedBelowItself: ("to", _("A group cannot stand below itself. Choose another place.")),
    AlreadyThere: ("to", _("The contact point stands in that group already. Choose another.")),
    LastPlace: ("", _("It is the only place of the contact point, so it stays.")),
    NoSuchGroup: ("to", _("The group was deleted meanwhile. Choose another place.")),
    NoSuchSibling: ("after", _("It was moved or deleted meanwhile. Choose another.")),
    NoSuchSystem: ("system", _("The system was deleted meanwhile. Choose another.")),
    Circle: ("replaced_by", CIRCLE),
}


def stamp(node: Node, structure: Structure) -> int:
    """Return a number that is another one once anything of the node has changed: the version that forms carry."""
    return int(hashlib.sha256(merging.text_of(node, structure).encode()).hexdigest()[:12], 16) + 1


@dataclass
class InDraft:
    """A draft as its pages show it. `current` is the group or point the page is about, `opened` the open groups."""

    request: HttpRequest
    draft: Draft
    current: uuid.UUID | None = None
    opened: Iterable[uuid.UUID | None] = ()

    @cached_property
    def merged(self) -> Merged:
        """What the draft makes of the structure."""
        return lifecycle.read(self.draft)

    @property
    def structure(self) -> Structure:
        """The structure as the draft has it."""
        return self.merged.after

    @property
    def cvr(self) -> str:
        """The organisation's CVR number."""
        return self.draft.organisation.cvr_number

    @property
    def may_change(self) -> bool:
        """Whether the person may work on the draft, and it can be worked on."""
        return self.draft.is_open and self.may_publish

    @property
    def may_publish(self) -> bool:
        """Whether the person may publish the draft, plan that, or give it up."""
        return access.caller(self.request).may(Right.CONTACTS_CHANGE, self.draft.organisation)

    @property
    def change_count(self) -> int:
        """How many objects the draft changes."""
        return len(self.merged.touched)

    @property
    def revertible(self) -> Collection[uuid.UUID]:
        """The objects whose change the person may take out of the draft."""
        return self.merged.touched if self.may_change else ()

    @property
    def trouble_count(self) -> int:
        """How many conflicts and obstacles there are."""
        return len(self.merged.conflicts) + len(self.merged.obstacles)

    @property
    def look(self) -> rendering.Look:
        """The look of the draft's tree: what the draft makes or changes says so."""
        words = {True: gettext("new"), False: gettext("changed")}
        remarks = {str(pk): words[not change.before] for pk, change in self.merged.touched.items()}
        return rendering.Look.of(self.cvr, current=self.current, draft=self.draft.pk, remarks=remarks)

    @property
    def html(self) -> SafeString:
        """The nodes of the tree, opened as the URL says and down to what the page is about."""
        way = [pk for group_id in self.opened for pk in editing.above(self.structure, group_id)]
        opened = [*way, *ids_in(self.request.GET.get(OPEN, ""))]
        branches = Branches(self.structure, at=timezone.now())
        return rendering.render(
            branches.tree(opened, keep=[*way, *([self.current] if self.current else [])]), self.look
        )

    def url(self, name: str, *args: object) -> str:
        """Return the URL of a page of the draft."""
        return reverse(name, args=[self.cvr, self.draft.pk, *args])

    def node_url(self, node: Node) -> str:
        """Return the URL of a group's or point's page in the draft."""
        return self.url("draft_group" if isinstance(node, GroupNode) else "draft_point", node.id)

    def group(self, group_id: uuid.UUID) -> GroupNode:
        """Return a group of the draft. Raises Http404."""
        if (found := self.structure.groups.get(group_id)) is None:
            raise Http404
        return found

    def point(self, point_id: uuid.UUID) -> PointNode:
        """Return a point of the draft. Raises Http404."""
        if (found := self.structure.points.get(point_id)) is None:
            raise Http404
        return found

    def stamp(self, node: Node) -> int:
        """Return the version of a node that forms carry."""
        return stamp(node, self.structure)

    def path(self, group_id: uuid.UUID | None) -> str:
        """Return the way to a group for people to read."""
        return paths.SEPARATOR.join(self.structure.names(group_id)) or str(_("Top level"))

    def places_text(self, node: Node) -> str:
        """Return the ways to all places of a node."""
        places = [node.parent_id] if isinstance(node, GroupNode) else node.group_ids
        return " · ".join(self.path(group_id) for group_id in places)

    def change_of(self, node: Node) -> dict[str, Any]:
        """Return what the draft does to a node, as `draft_change.html` shows it; nothing where it only orders it."""
        plan = Plan(before=self.merged.before, after=self.merged.after)
        change = differences.change_of(node.id, plan) if node.id in self.merged.touched else None
        return {"change": change, "changes": [change] if change else []}

    def change(self, act: Callable[[Structure], T]) -> T:
        """Change the draft in the person's name. Raises what `lifecycle.change` and `act` raise."""
        return lifecycle.change(caller=access.caller(self.request), draft=self.draft, act=act)

    def go(self, url: str) -> HttpResponse:
        """Send the person to a page of the draft, with the tree as open as it was."""
        opened = self.request.GET.get(OPEN, "")
        return redirect(f"{url}?{urlencode({OPEN: opened})}" if opened else url)


def current_group(structure: Structure, group_id: uuid.UUID, version: int) -> GroupNode:
    """Return a group, if it is still as it was when it was read. Raises `ChangedInDraft`."""
    node = structure.groups.get(group_id)
    if node is None or stamp(node, structure) != version:
        raise ChangedInDraft(node)
    return node


def current_point(structure: Structure, point_id: uuid.UUID, version: int) -> PointNode:
    """Return a point, if it is still as it was when it was read. Raises `ChangedInDraft`."""
    node = structure.points.get(point_id)
    if node is None or stamp(node, structure) != version:
        raise ChangedInDraft(node)
    return node


def seen(here: InDraft, changed: ChangedInDraft) -> Seen | None:
    """Return the node as somebody else has left it, for the page that shows both; None when it is gone."""
    if changed.node is None:
        return None
    return Seen(changed.node, stamp(changed.node, lifecycle.read(here.draft).after))


def say_moved(here: InDraft, node: Node, *, moved: bool) -> None:
    """Say that a node went a step, or stands at that end already."""
    if moved:
        toast(here.request, _("%(name)s was moved.") % {"name": node.values.name})
    else:
        toast(here.request, _("%(name)s stands at that end already.") % {"name": node.values.name}, variant="info")


def refuse(form: forms.BaseForm, refused: Exception) -> None:
    """Say at the field that is to blame why something did not go."""
    if isinstance(refused, RegistryIdTaken):
        field, text = "registry_id", f"{refused.finding.message} {refused.finding.remedy}".strip()
    else:
        field, text = REFUSALS[type(refused)][0], str(REFUSALS[type(refused)][1])
    form.add_error(field if field in form.fields else None, text)


REFUSED: tuple[type[Exception], ...] = (*REFUSALS, RegistryIdTaken)


def attempt(
    here: InDraft, form: forms.BaseForm, act: Callable[[Structure], Node], text: str | Promise, **words: str
) -> HttpResponse | None:
    """Change the draft as a valid form says, and send the person to the node that `act` returns; None when the form
    now says why it did not go. `text`, said of what was done, names the node as `name` and holds `words`.

    A form that knows the version it saw shows both versions when somebody else was first.
    """
    try:
        node = here.change(act)
    except NotOpen:
        return closed(here)
    except ChangedInDraft as changed:
        if isinstance(form, VersionedForm):
            return conflict_response(here.request, form, seen(here, changed))
        return look_again(here, changed)
    except REFUSED as refused:
        refuse(form, refused)
        return None
    toast(here.request, text % {"name": node.values.name, **words})
    return here.go(here.node_url(node))


def closed(here: InDraft) -> HttpResponse:
    """Send the person to a draft that cannot be changed (any more), and say so."""
    toast(here.request, NOT_OPEN, variant="warning")
    return redirect("draft", here.cvr, here.draft.pk)


def look_again(here: InDraft, refused: ChangedInDraft, url: str = "") -> HttpResponse:
    """Send the person back to the same page as it is now, or to `url`; to the draft when the object is gone."""
    if refused.node is None:
        toast(here.request, _("It was deleted while you were reading. Nothing was done."), variant="warning")
        return redirect("draft", here.cvr, here.draft.pk)
    text = _("Somebody else changed it while you were reading, so nothing was done. Look again and repeat it.")
    toast(here.request, text, variant="warning")
    return redirect(url or here.request.get_full_path())


def page(
    here: InDraft,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: uuid.UUID | None = None,
    opened: Iterable[uuid.UUID | None] = (),
) -> HttpResponse:
    """Return a page with the draft's tree beside it; to htmx, which asks for the panel, without the tree."""
    here.current, here.opened = current, list(opened)
    partly = getattr(here.request, "htmx", None) and here.request.htmx.target == PANEL  # type: ignore[attr-defined]
    layout = "contacts/panel.html" if partly else "contacts/draft_beside.html"
    context = {"organisation": here.draft.organisation, "draft": here.draft, "here": here, "layout": layout} | (
        context or {}
    )
    return render(here.request, template, context)
