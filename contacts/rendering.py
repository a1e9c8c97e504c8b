"""The tree as HTML, made in Python: thousands of nodes in the time a template needs for some dozens.

The markup is that of the ARIA tree of links: an `li` without meaning, in it a link that is the node, and after it the
group that the node owns. Without scripts it is a list of links; `tree.js` gives it the keys. Every name is escaped.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts import states
from contacts.showing import AUDIENCES
from contacts.tree import Gap, GroupRow, Parent, PointRow, Tree
from contacts.tree_remarks import Server

ANY = uuid.UUID(int=0)
# Most names hold nothing to escape, and asking is quicker than escaping.
special = re.compile("[&<>\"']").search


@dataclass(frozen=True)
class Look:
    """What is the same for every node of a page: the URLs around an id, the words, the node shown beside the tree."""

    group_url: tuple[str, str]
    point_url: tuple[str, str]
    branch_url: str
    list_url: str
    elsewhere: str
    twin: str
    empty: str
    more: str
    current: str
    remarks: Mapping[str, str]

    @classmethod
    def of(
        cls,
        cvr: str,
        *,
        current: uuid.UUID | None = None,
        draft: uuid.UUID | None = None,
        remarks: Mapping[str, str] | None = None,
    ) -> "Look":
        """Return the look of an organisation's tree, or of a draft's, in the reader's language.

        `remarks` are said of single groups and points, by their ids.
        """
        args, prefix = ([cvr, draft], "draft_") if draft else ([cvr], "")
        return cls(
            group_url=_around(reverse(f"{prefix}group", args=[*args, ANY])),
            point_url=_around(reverse(f"{prefix}point", args=[*args, ANY])),
            branch_url=reverse(f"{prefix}branch" if draft else "structure_branch", args=args),
            list_url=reverse("draft_changes" if draft else "structure_list", args=args),
            elsewhere=_note(_("in several groups")),
            twin=_note(_("same name twice"), "warn"),
            empty=_note(_("empty")),
            more=_("Show %(count)s more"),
            current=str(current or ""),
            remarks=_remarks(remarks or {}),
        )


def _remarks(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the remarks as they stand beside the names; of the few texts that there are, each is made once."""
    notes = {text: _note(text) for text in set(texts.values())}
    return {id_: notes[text] for id_, text in texts.items()}


def _around(url: str) -> tuple[str, str]:
    before, after = url.split(str(ANY))
    return before, after


class Notes(dict[tuple[str, str], str]):
    """The remarks on a point, by what the rows say of it and of its system; each made once.

    Only what is not as one expects is said: nothing of a point that is open to everybody and served by the default
    system, with nothing wrong.
    """

    def __init__(self, systems: Mapping[str, Server]) -> None:
        super().__init__()
        self.systems = systems

    def __missing__(self, key: tuple[str, str]) -> str:
        digits, system = key
        active, visible, *audiences = (digit == "1" for digit in digits)
        said = self[key] = (
            _state(states.of(active=active, visible=visible))
            + _audience(audiences, is_open=active and visible)
            + _server(self.systems.get(system))
        )
        return said


def _state(state: states.State) -> str:
    if state is states.State.OPEN:
        return ""
    return _note(str(state.label), "bad" if state is states.State.VISIBLE_BUT_CLOSED else "")


def _audience(audiences: list[bool], *, is_open: bool) -> str:
    if all(audiences):
        return ""
    labels = [str(label).lower() for label, wanted in zip(AUDIENCES.values(), audiences, strict=True) if wanted]
    if labels:
        return _note(", ".join(labels))
    return _note(_("for nobody"), "warn") if is_open else ""


def _server(server: Server | None) -> str:
    if server is None:
        return ""
    named = _note(_("to %(system)s") % {"system": server.name}) if server.stands_out else ""
    return named + (_note(_("system not in service"), "bad") if server.is_idle else "")


def _note(text: str, kind: str = "") -> str:
    """Return a remark beside a name; `kind` "bad" for an error, "warn" for a warning."""
    return f" <small{f' class={kind}' if kind else ''}>{escape(text)}</small>"


def render(tree: Tree, look: Look, *, below: Parent = None) -> SafeString:
    """Return the nodes below a group (None: of the top level) with every open branch inside them.

    The branches that are begun wait on a list of their own: no depth exhausts the stack.
    """
    parts: list[str] = []
    known = Notes(tree.systems)
    begun = [(below, iter(tree.groups.get(below, ())))]
    while begun:
        parent, groups = begun[-1]
        opened = _groups(groups, parent, tree, look, parts)
        if opened is not None:
            begun.append((opened, iter(tree.groups.get(opened, ()))))
            continue
        _points(tree.points.get(parent, ()), parent, tree, look, known, parts)
        begun.pop()
        if begun:
            parts.append("</ul>")
    return SafeString("".join(parts))


def _groups(rows: Iterator[GroupRow | Gap], parent: Parent, tree: Tree, look: Look, parts: list[str]) -> str | None:
    """Add groups to `parts` until one is open, and return its id; None at the end of the rows."""
    before, after = look.group_url
    for row in rows:
        if isinstance(row, Gap):
            parts.append(_gap(row, parent, "g", look))
            continue
        _parent, id_, name = row
        here = " aria-current=true" if id_ == look.current else ""
        link = f'<li role=none><a role=treeitem class=g href="{before}{id_}{after}"{here}'
        said = escape(name) if id_ not in look.remarks else escape(name) + look.remarks[id_]
        if id_ not in tree.filled:
            parts.append(f"{link}>{said}{look.empty}</a>")
        elif id_ in tree.open:
            parts.append(f'{link} aria-expanded=true aria-owns="b{id_}">{said}</a><ul role=group id="b{id_}">')
            return id_
        else:
            parts.append(f"{link} aria-expanded=false>{said}</a>")
    return None


def _points(
    rows: Iterable[PointRow | Gap], parent: Parent, tree: Tree, look: Look, known: Notes, parts: list[str]
) -> None:
    before, after = look.point_url
    current, elsewhere, remarks, twins, marks = look.current, tree.elsewhere, look.remarks, tree.twins, tree.marks
    for row in rows:
        if isinstance(row, Gap):
            parts.append(_gap(row, parent, "p", look))
            continue
        _parent, id_, name, condition, system = row
        notes = known[condition, system]
        if id_ in elsewhere:
            notes += look.elsewhere
        if id_ in remarks:
            notes += remarks[id_]
        if twins and (parent, name) in twins:
            notes += look.twin
        if id_ in marks:
            notes += "".join(_note(mark, "warn") for mark in marks[id_])
        if special(name):
            name = escape(name)
        here = " aria-current=true" if id_ == current else ""
        parts.append(f'<li role=none><a role=treeitem href="{before}{id_}{after}"{here}>{name}{notes}</a>')


def _gap(gap: Gap, parent: Parent, kind: str, look: Look) -> str:
    """Return the node that loads the siblings left out; without scripts it leads to the list."""
    end = f"&amp;foer={gap.before}" if gap.before is not None else ""
    more = f"{look.branch_url}?gruppe={parent or ''}&amp;slags={kind}&amp;efter={gap.after}{end}"
    text = escape(look.more % {"count": gap.left_out})
    href = f"{look.list_url}?gruppe={parent}" if parent else look.list_url
    return f'<li role=none><a role=treeitem class=more href="{href}" data-more="{more}">{text}</a>'
