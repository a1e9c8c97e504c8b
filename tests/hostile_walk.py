"""The hostile walk: every form of every page is filled in with hostile values, every page asked with hostile queries.

The pages are read for their forms as somebody who may see them; what no page shows is known from what the views read.
The test asks a few values for each field, the benchmark R3C all of them.
"""

import inspect
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from lxml import html

from adgang.lib.urls import Route
from organisations.rights import roles
from tests import matrix
from tests.factories.hostile_fields import (
    FILES,
    LINE,
    PLANTED,
    TEXTS,
    Body,
    File,
    Value,
    dice_for,
    encoded,
    misshapen,
    urlencoded,
)
from tests.hostile_judge import Judge, send
from tests.matrix import Somebody, World

READ = re.compile(r"(GET|POST|FILES)(?:\.get(?:list)?\(|\[)\s*\"([\w-]+)\"")
ON_EVERY_PAGE = frozenset({"set_language", "sign_out"})
# Typed texts that no page gives back: secrets, and the field into which certificates and, by mistake, keys are pasted.
SECRET = re.compile(r"password|code|token|secret|csrf")
PASTED = ("certificate_renew", "text")
# What fills an empty field of a form that is to be taken.
SOUND = {"email": b"en@example.org", "tel": b"12345678", "url": b"https://example.org/", "number": b"1"}
TEXT_TYPES = frozenset({"text", "textarea", "search", "email", "url", "tel"})
COMMON_QUERY = ("page", "size", "sort", "q", "format", "next")
MIXED = 6


@dataclass(frozen=True)
class Field:
    """A field of a form: the type of its input, and what a browser would send of it untouched."""

    name: str
    type: str
    value: str = ""

    @property
    def is_text(self) -> bool:
        """Whether a person types into it, and it is no secret."""
        return self.type in TEXT_TYPES and not SECRET.search(self.name)


@dataclass(frozen=True)
class Form:
    """A form as `who` sees it; `path` is where it is sent to."""

    path: str
    method: str
    is_multipart: bool
    fields: tuple[Field, ...]
    who: Somebody
    is_shown: bool = True

    @property
    def pairs(self) -> list[tuple[str, Value]]:
        """What a browser would send of it untouched."""
        return [(one.name, File(b"a.txt", b"a") if one.type == "file" else one.value.encode()) for one in self.fields]


def candidates(world: World, route: Route) -> list[Somebody]:
    """Return who may see the page, the likeliest first."""
    operators = [who for who in world.people if any(roles()[role].installation for role in who.roles)]
    if route.getter == "public":
        return [world.nobody, world.everything]
    return [*operators[:1], world.everything] if route.getter == "operator" else [world.everything, *operators[:1]]


class Walk:
    """The forms of every page, by the route they are sent to."""

    def __init__(self, world: World, judge: Judge) -> None:
        self.world, self.judge = world, judge
        self.forms: dict[str, list[Form]] = {}
        self.pages: list[tuple[Route, str, Somebody]] = []

    def read(self, found: Sequence[Route]) -> None:
        """Open each page, and keep its forms."""
        for route in found:
            for who in candidates(self.world, route):
                path = self.world.url(route, self.world.own, who)
                if "GET" in matrix.methods(route):
                    response, content = self.judge.ask("as it is", who, "GET", path)
                    if response.status_code == 200:
                        self.pages.append((route, path, who))
                        if "html" in response.headers["Content-Type"]:
                            self._keep(content, path, who)
                        break
        for route in found:
            if "POST" in matrix.methods(route) and route.name not in self.forms:
                who = candidates(self.world, route)[0]
                fields = tuple(
                    Field(name, "file" if kind == "FILES" else "text") for kind, name in sorted(read_by(route))
                )
                path = self.world.url(route, self.world.own, who)
                self.forms[route.name] = [
                    Form(path, "post", any(one.type == "file" for one in fields), fields, who, False)
                ]

    def post(self, *, everything: bool = False) -> None:
        """Fill every form in with hostile values."""
        for name, forms in self._sent():
            for form in forms:
                for body in bodies(form, name, everything=everything):
                    self.judge.ask(body.why, form.who, "POST", form.path, body=body)

    def query(self, *, everything: bool = False) -> None:
        """Ask every page with hostile queries."""
        for route, path, who in self.pages:
            shown = {one.name for form in self.forms.get(f"?{route.name}", []) for one in form.fields}
            for why, query in queries(route, shown, everything=everything):
                self.judge.ask(why, who, "GET", path, query=query)

    def plant(self) -> set[str]:
        """Send every form with the mark in its texts, for good; return the routes that took it."""
        taken = set()
        for name, forms in self._sent():
            for form in forms:
                body = planted(form)
                if body and send(form.who, "POST", form.path, body=body).status_code == 302:
                    taken.add(name)
        return taken

    def crawl(self, *, everything: bool = False) -> None:
        """Look at every page again; unless `everything`, at those alone that only show."""
        for route, path, who in self.pages:
            if everything or "POST" not in matrix.methods(route):
                self.judge.ask("planted", who, "GET", path)

    def _sent(self) -> list[tuple[str, list[Form]]]:
        return sorted(
            ((name, forms) for name, forms in self.forms.items() if not name.startswith("?")), key=itemgetter(0)
        )

    def _keep(self, content: bytes, path: str, who: Somebody) -> None:
        if not content.strip():
            return
        document = html.document_fromstring(content)
        for element in document.iter("form"):
            form = _form(element, path, who)
            try:
                name = resolve(form.path).url_name or ""
            except Resolver404:
                continue
            if name in ON_EVERY_PAGE and name in self.forms:
                continue
            known = self.forms.setdefault(name if form.method == "post" else f"?{name}", [])
            if all({one.name for one in form.fields} != {one.name for one in other.fields} for other in known):
                known.append(form)


def _form(element: html.FormElement, path: str, who: Somebody) -> Form:
    fields = [_field(one) for one in element.xpath(".//input|.//textarea|.//select|.//button") if one.get("name")]
    action = urlsplit(element.get("action") or element.get("hx-post") or path).path or path
    is_multipart = "multipart" in element.get("enctype", "") or "multipart" in element.get("hx-encoding", "")
    return Form(action, element.get("method", "get").lower(), is_multipart, tuple(dict.fromkeys(fields)), who)


def _field(one: html.HtmlElement) -> Field:
    if one.tag == "select":
        chosen = one.xpath(".//option[@selected]/@value") or one.xpath(".//option/@value")
        return Field(one.get("name"), "select", next((value for value in chosen if value), ""))
    if one.tag == "textarea":
        return Field(one.get("name"), "textarea", one.text or "")
    return Field(one.get("name"), one.get("type", "text"), one.get("value", ""))


@cache
def read_by(route: Route) -> frozenset[tuple[str, str]]:
    """Return the names that the module of a view reads from requests, with where from."""
    return frozenset(READ.findall(inspect.getsource(inspect.getmodule(inspect.unwrap(route.view)))))  # type: ignore[arg-type]


def bodies(form: Form, name: str, *, everything: bool) -> Iterator[Body]:
    """Yield the hostile fillings of a form: one value in all fields, mixed ones, too few, too many, no form at all.

    Unless `everything`, two of them, or one where no page shows the form.
    """
    dice = dice_for(name)
    for why in TEXTS if everything else ["mark"] if any(one.is_text for one in form.fields) else []:
        typed = [one.name for one in form.fields if one.is_text and (name, one.name) != PASTED and form.is_shown]
        pairs = [(one.name, _hostile(one, TEXTS[why], dice)) for one in form.fields]
        yield encoded(f"{why} in all", pairs, is_multipart=form.is_multipart, typed=typed if why == "mark" else ())
    for number in range(MIXED if everything else form.is_shown):
        yield encoded(f"mixed {number}", list(_mixed(form, dice)), is_multipart=form.is_multipart)
    if everything:
        yield encoded("twice", [*form.pairs, *form.pairs], is_multipart=form.is_multipart)
        yield encoded("nothing", [], is_multipart=form.is_multipart)
        yield encoded("files as texts", form.pairs, is_multipart=not form.is_multipart)
        yield from misshapen(form.pairs or [("a", b"b")])


def _mixed(form: Form, dice: random.Random) -> Iterator[tuple[str, Value]]:
    """Leave half of the fields as they are, so that what is behind the first refusal is reached too."""
    for one, (name, value) in zip(form.fields, form.pairs, strict=True):
        yield name, _hostile(one, dice.choice(list(TEXTS.values())), dice) if dice.random() < 0.5 else value


def _hostile(one: Field, value: bytes, dice: random.Random) -> Value:
    return dice.choice(FILES) if one.type == "file" else value


def planted(form: Form) -> Body | None:
    """Return the form as a browser would send it, with the mark in every text; None where nothing is typed."""
    if not (form.is_shown and any(one.is_text for one in form.fields)):
        return None
    pairs: list[tuple[str, Value]] = [
        (name, PLANTED if one.type in ("text", "textarea") and one.is_text else value or SOUND.get(one.type, b""))
        for one, (name, value) in zip(form.fields, form.pairs, strict=True)
    ]
    return encoded("planted", pairs, is_multipart=form.is_multipart)


def queries(route: Route, names: set[str], *, everything: bool) -> Iterator[tuple[str, bytes]]:
    """Yield hostile queries of a page; unless `everything`, one of a page that reads anything by itself."""
    dice = dice_for(f"?{route.name}")
    own = {*names, *(name for kind, name in read_by(route) if kind == "GET")}
    named = sorted({*own, *COMMON_QUERY}) if own or everything else []
    texts = {why: text for why, text in TEXTS.items() if len(text) <= LINE}
    for why, text in texts.items() if everything else ():
        yield f"{why} in all", urlencoded([(name, text) for name in named if name != "format"])
    for number in range(MIXED if everything else bool(named)):
        yield f"mixed {number}", urlencoded([(name, dice.choice(list(texts.values()))) for name in named])
