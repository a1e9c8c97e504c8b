"""A check for somebody else: as a file, and as a page behind a link that ends."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from adgang.lib.confirm import confirm
from adgang.lib.peers import client_address, neighbourhood
from adgang.lib.toasts import toast
from organisations import throttling, too_many
from organisations.rights import Right
from systems import access, check_report, sharing
from systems.check_showing import RunView
from systems.forms.sharing import ShareForm
from systems.models import CheckRun, System
from systems.views.stale import system_url

TRIES_AN_HOUR = 300  # from one network, whatever address they guess
HOUR = timedelta(hours=1)


def check_report_download(request: HttpRequest, cvr: str, system_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Hand the check out as a file."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    return _file(_finished(system, run_id))


@never_cache
def check_share(request: HttpRequest, cvr: str, system_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Make a link to the check; its address appears in the answer to the POST and nowhere else, ever."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHECK)
    run = _finished(system, run_id)
    form, address, at = ShareForm(request.POST or None, initial={"days": "7"}), "", timezone.now()
    if request.method == "POST" and form.is_valid():
        token = sharing.make(caller=access.caller(request), run=run, days=form.days_chosen, at=at)
        address = f"{settings.ADGANG_BASE_URL}{reverse('check_shared', args=[token])}"
    context = {"system": system, "run": run, "form": form, "address": address}
    return render(request, "systems/check_share.html", context)


def check_link_revoke(request: HttpRequest, cvr: str, system_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """End a link to one of the system's checks."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHECK)
    at, back = timezone.now(), f"{system_url(cvr, system_id)}#check-links"
    shared = next((one for one in sharing.links_of(system, at=at) if one.link.pk == link_id), None)
    if shared is None:
        raise Http404
    if request.method == "POST":
        sharing.revoke(caller=access.caller(request), shared=shared, at=at)
        toast(request, _("The link works no more."))
        return redirect(back)
    return confirm(
        request,
        title=_("Revoke the link?"),
        consequences=[_("Whoever has it sees nothing more. What they have saved or printed stays with them.")],
        submit=_("Revoke the link"),
        cancel_url=back,
        crumbs=[_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system_id)],
    )


@require_safe
@never_cache
def check_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a check to whoever holds the link; 404 for every link that opens nothing."""
    access.public(request)
    asked = request.GET.get("sprog", "")
    language = asked if asked in check_report.LANGUAGES else str(translation.get_language())
    with translation.override(language):
        run = _opened(request, token)
        if not isinstance(run, CheckRun):
            return _unshared(run)
        context = {
            "run": run,
            "system": run.system,
            "shown": RunView(run),
            "is_test": settings.ADGANG_ENVIRONMENT != "production",
            "is_registry": settings.ADGANG_IS_REGISTRY,
            "file_url": reverse("check_shared_download", args=[token]),
        }
        return _unshared(render(request, "systems/check_shared.html", context))


@require_safe
@never_cache
def check_shared_download(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the check out as a file to whoever holds the link."""
    access.public(request)
    run = _opened(request, token)
    return _unshared(_file(run) if isinstance(run, CheckRun) else run)


def _opened(request: HttpRequest, token: str) -> CheckRun | HttpResponse:
    """Return the run behind a link, or the answer to those who try too often. Raises Http404 when it opens nothing."""
    at, key = timezone.now(), f"check_shared:{neighbourhood(client_address(request))}"
    standing = throttling.count(key, limit=TRIES_AN_HOUR, window=HOUR, at=at)
    if not standing.allowed:
        text = _("Links to checks were opened too often from your network.")
        return too_many.page(request, text, standing, layout=too_many.BARE)
    run = sharing.opened(token, at=at)
    if run is None:
        raise Http404
    return run


def _finished(system: System, run_id: uuid.UUID) -> CheckRun:
    run: CheckRun | None = CheckRun.objects.finished().filter(system=system, pk=run_id).first()
    if run is None:
        raise Http404
    run.system = system
    return run


def _file(run: CheckRun) -> HttpResponse:
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(check_report.report(run), json_dumps_params=options)
    disposition = content_disposition_header(True, check_report.filename(run))
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


def _unshared(response: HttpResponse) -> HttpResponse:
    """Keep the secret address from other sites, from search engines and from caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
