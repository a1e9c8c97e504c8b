"""Access tokens: of the organisation, for its programs, and one's own."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, proofs, refusals, second_steps
from organisations import access_tokens as tokens
from organisations.forms.access_tokens import AccessTokenForm
from organisations.models import AccessToken
from organisations.rights import PrivilegeType, Right, roles

Row = tuple[AccessToken, str]


def _rows(listed: list[AccessToken]) -> list[Row]:
    """Return tokens, each with its roles in words."""
    table = {str(type_): role.label for type_, role in roles().items()}
    return [(token, ", ".join(table.get(type_, type_) for type_ in token.roles)) for token in listed]


def access_tokens(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the tokens of an organisation."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    context = {
        "organisation": organisation,
        "rows": _rows(tokens.of_organisation(organisation, at=timezone.now())),
        "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
    }
    return render(request, "organisations/access_tokens.html", context)


@never_cache
def access_token_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make a token of the organisation. It appears in the answer to the POST itself and nowhere else, ever."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    types = tokens.offered(access.caller(request), organisation, own=False)
    form = AccessTokenForm(request.POST or None, types=types)
    context = {"form": form, "back": reverse("access_tokens", args=[cvr]), "organisation": organisation}
    if form.is_valid():
        made = tokens.make(
            caller=access.caller(request),
            organisation=organisation,
            user=None,
            name=form.cleaned_data["name"],
            roles=form.types,
            only_reads=form.cleaned_data["only_reads"],
            expires=form.until,
            at=timezone.now(),
        )
        if not isinstance(made, Finding):
            return render(request, "organisations/access_token_made.html", context | {"token": made})
        form.add_error(None, refusals.text(made))
    return render(request, "organisations/access_token_create.html", context)


def access_token_revoke(request: HttpRequest, cvr: str, token_id: uuid.UUID) -> HttpResponse:
    """End a token of the organisation, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    found = AccessToken.objects.filter(organisation=organisation, user=None, pk=token_id)
    return _revoke(request, found.select_related("organisation").first(), reverse("access_tokens", args=[cvr]))


@never_cache
def my_access_tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens."""
    user = access.person(request)
    context = {"rows": _rows(tokens.of_person(user, at=timezone.now()))}
    return render(request, "organisations/my_access_tokens.html", context)


@never_cache
def my_access_token_create(request: HttpRequest) -> HttpResponse:
    """Make a token of one's own. It appears in the answer to the POST itself and nowhere else, ever."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)  # a token lasts longer than the session that somebody left open
    caller = access.caller(request)
    types = [type_ for type_ in PrivilegeType if type_ in {held.type for held in caller.privileges if held.scope_id}]
    form = AccessTokenForm(request.POST or None, types=types, organisations=caller.organisations)
    context = {"form": form, "back": reverse("my_access_tokens"), "may_make": bool(types)}
    if types and form.is_valid():
        second_steps.enter(request, form.chosen)
        made = tokens.make(
            caller=caller,
            organisation=form.chosen,
            user=user,
            name=form.cleaned_data["name"],
            roles=form.types,
            only_reads=form.cleaned_data["only_reads"],
            expires=form.until,
            at=timezone.now(),
        )
        if not isinstance(made, Finding):
            return render(request, "organisations/access_token_made.html", context | {"token": made})
        form.add_error("roles", refusals.text(made))
    return render(request, "organisations/my_access_token_create.html", context)


def my_access_token_revoke(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """End one of one's own tokens, after asking once."""
    user = access.person(request)
    found = AccessToken.objects.filter(user=user, pk=token_id).select_related("organisation").first()
    return _revoke(request, found, reverse("my_access_tokens"))


def _revoke(request: HttpRequest, token: AccessToken | None, back: str) -> HttpResponse:
    if token is None:
        raise Http404
    if request.method == "POST":
        tokens.revoke(caller=access.caller(request), token=token, at=timezone.now())
        toast(request, _("The access token %(name)s is revoked.") % {"name": token.name})
        return redirect(back)
    return confirm(
        request,
        title=_("Revoke the access token %(name)s?") % {"name": token.name},
        consequences=[_("Programs that use it are refused at once."), _("A revoked token cannot be taken back.")],
        submit=_("Revoke the token"),
        cancel_url=back,
        crumbs=[_("Access tokens"), back],
    )
