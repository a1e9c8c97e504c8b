"""What an event changed, field by field and in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.snapshots import JSON
from organisations.event_words import Known, field_name, in_order, is_id, is_reference, referred, value_text
from organisations.events import DIGEST

SHORT = 60
AT_ONCE = 4


@dataclass(frozen=True)
class Change:
    """One field before and after, in words."""

    name: str
    before: str
    after: str


def _or_none(value: JSON) -> JSON:
    return None if value in ("", [], {}) else value


def is_personal(value: JSON) -> bool:
    """Say whether the log holds only the digest of the value."""
    return isinstance(value, dict) and value.keys() == {DIGEST}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Before and after of one event. `details` are its personal values by digest, `known` names for ids."""

    kind: str
    before: Mapping[str, JSON]
    after: Mapping[str, JSON]
    details: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=dict)

    def keys(self) -> list[str]:
        """Return the keys that differ; nothing and empty are the same."""
        names = in_order(self.kind, dict.fromkeys([*self.before, *self.after]))
        return [name for name in names if _or_none(self.before.get(name)) != _or_none(self.after.get(name))]

    def changes(self) -> list[Change]:
        """Return every difference in words; names of objects that ids lead to are looked up."""
        return [Change(self._called(name), *self._both(name)) for name in self.keys()]

    def in_short(self) -> str:
        """Return what differs on one line, as far as it can be told in few words and without asking the database."""
        keys = self.keys()
        told = [self._told(name) for name in keys[:AT_ONCE]]
        if (more := len(keys) - AT_ONCE) > 0:
            told.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
        return ", ".join(told)

    def _called(self, name: str) -> str:
        """Return what a key is called; the key of an event about many objects is an object's id."""
        inner = self.after.get(name) or self.before.get(name)
        if is_id(name) and isinstance(inner, dict):
            return str(inner.get("name") or self.known.get(name) or name)
        return field_name(self.kind, name)

    def _both(self, name: str) -> tuple[str, str]:
        before, after = self.before.get(name), self.after.get(name)
        if isinstance(before, dict) and isinstance(after, dict) and not (is_personal(before) or is_personal(after)):
            differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
            before = {key: before.get(key) for key in differing}
            after = {key: after.get(key) for key in differing}
        return self._text(name, before), self._text(name, after)

    def _text(self, name: str, value: JSON) -> str:
        if is_personal(value):
            kept = self.details.get(value[DIGEST])
            return value_text(self.kind, name, json.loads(kept), known=self.known) if kept else _("(erased)")
        return referred(self.kind, name, value) or value_text(self.kind, name, value, known=self.known)

    def _told(self, name: str) -> str:
        before, after, called = self.before.get(name), self.after.get(name), self._called(name)
        if is_id(name) or is_personal(before) or is_personal(after) or is_reference(self.kind, name):
            return called
        old, new = (value_text(self.kind, name, value, known={}) for value in (before, after))
        told = f"{old} → {new}" if old and new else old or new
        return f"{called}: {told}" if told and len(told) <= SHORT else called


def names_within(*sides: Mapping[str, JSON]) -> dict[str, str]:
    """Return the names of the objects that an event about many tells of, by id."""
    return {
        key: str(inner["name"])
        for side in sides
        for key, inner in side.items()
        if isinstance(inner, dict) and inner.get("name") and is_id(key)
    }
