"""The webhooks of an organisation."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access
from organisations import webhooks as concepts
from organisations.forms.webhooks import WebhookForm
from organisations.models import Organisation, Webhook, WebhookDelivery
from organisations.rights import Right
from organisations.webhook_list import deliveries, fault_text

CHANGED = gettext_lazy("Somebody else has changed the webhook meanwhile. Look at it, and try again.")


def webhooks(request: HttpRequest, cvr: str) -> HttpResponse:
    """List the webhooks with how they do."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    rows = Webhook.objects.filter(organisation=organisation)
    return render(request, "organisations/webhooks.html", {"organisation": organisation, "webhooks": rows})


@never_cache
def webhook_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make a webhook. Its secret appears in the answer to the POST itself and nowhere else, ever."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    form = WebhookForm(request.POST or None, instance=Webhook(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        try:
            made.validate_constraints()
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            secret = concepts.make(caller=access.caller(request), webhook=made)
            if not isinstance(secret, Finding):
                return _shown_once(request, made, secret)
            form.add_error(None, f"{secret.message} {secret.remedy}")
    context = {"organisation": organisation, "form": form}
    return render(request, "organisations/webhook_create.html", context)


def _shown_once(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"organisation": webhook.organisation, "webhook": webhook, "secret": secret}
    return render(request, "organisations/webhook_secret.html", context)


def webhook(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponseBase:
    """Show a webhook and the messages it was sent."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    last = found.deliveries.exclude(fault="").order_by("-created").first()
    context = {
        "organisation": organisation,
        "webhook": found,
        "last_fault": fault_text(last) if last and found.failing_since else "",
        "replayable": found.deliveries.exclude(delivered=None, next_attempt__isnull=False)[:20],
    }
    rows = WebhookDelivery.objects.filter(webhook=found)
    return lists.respond(request, deliveries(), rows, template="organisations/webhook.html", context=context)


def _found(organisation: Organisation, webhook_id: uuid.UUID) -> Webhook:
    rows = Webhook.objects.select_related("organisation")
    return get_object_or_404(rows, pk=webhook_id, organisation=organisation)


def webhook_edit(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponse:
    """Change where a webhook is sent, and of what."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    form = WebhookForm(request.POST or None, instance=found)
    if form.is_valid():
        changed = form.save(commit=False)
        try:
            changed.validate_constraints()
            concepts.change(caller=access.caller(request), webhook=changed, version=form.version)
        except ValidationError as error:
            form.add_error("name", error.messages)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        else:
            toast(request, _("The webhook was saved."))
            return redirect("webhook", cvr, webhook_id)
    context = {"organisation": organisation, "form": form, "webhook": found}
    return render(request, "organisations/webhook_edit.html", context)


@never_cache
def webhook_secret(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponse:
    """Give a webhook a new secret, shown in the answer to the POST itself and nowhere else."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    if request.method == "POST":
        version = posted_version(request)
        try:
            secret = concepts.renew_secret(caller=access.caller(request), webhook=found, version=version)
        except StaleVersion:
            return _changed(request, found)
        return _shown_once(request, found, secret)
    return confirm(
        request,
        title=_("Make a new secret for %(name)s?") % {"name": found.name},
        consequences=[
            _("The new secret is shown once, on the next page. Have a safe place for it ready."),
            _("Messages are signed with the new secret at once; the program refuses them until it knows it."),
        ],
        submit=_("Make a new secret"),
        cancel_url=reverse("webhook", args=[cvr, webhook_id]),
        version=found.version,
        crumbs=_crumbs(found),
    )


def webhook_switch(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponse:
    """Switch a webhook off, or on again."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    if request.method == "POST":
        on = not found.active
        try:
            concepts.switch(caller=access.caller(request), webhook=found, version=posted_version(request), on=on)
        except StaleVersion:
            return _changed(request, found)
        toast(request, _("The webhook is on.") if on else _("The webhook is off."))
        return redirect("webhook", cvr, webhook_id)
    if found.active:
        title, submit = _("Switch %(name)s off?"), _("Switch off")
        lines = [_("Nothing is sent until somebody switches it on again; what happens meanwhile is sent then.")]
    else:
        title, submit = _("Switch %(name)s on?"), _("Switch on")
        lines = [_("Messages that wait are sent at once, and so is what happened since it was switched off.")]
    return confirm(
        request,
        title=title % {"name": found.name},
        consequences=lines,
        submit=submit,
        cancel_url=reverse("webhook", args=[cvr, webhook_id]),
        danger=found.active,
        version=found.version,
        crumbs=_crumbs(found),
    )


def webhook_delete(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponse:
    """Delete a webhook with its messages."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    if request.method == "POST":
        try:
            concepts.delete(caller=access.caller(request), webhook=found, version=posted_version(request))
        except StaleVersion:
            return _changed(request, found)
        toast(request, _("The webhook %(name)s was deleted.") % {"name": found.name})
        return redirect("webhooks", cvr)
    return confirm(
        request,
        title=_("Delete the webhook %(name)s?") % {"name": found.name},
        consequences=[_("Nothing is sent to it any more, and the list of its messages is deleted.")],
        submit=_("Delete the webhook"),
        cancel_url=reverse("webhook", args=[cvr, webhook_id]),
        version=found.version,
        crumbs=_crumbs(found),
    )


@require_POST
def webhook_replay(request: HttpRequest, cvr: str, webhook_id: uuid.UUID) -> HttpResponse:
    """Send a message once more."""
    organisation = access.organisation(request, cvr, right=Right.WEBHOOKS_CHANGE)
    found = _found(organisation, webhook_id)
    try:
        chosen = found.deliveries.filter(pk=uuid.UUID(request.POST.get("message", ""))).first()
    except ValueError:
        chosen = None
    if chosen is None:
        toast(request, _("The message is not there any more."), variant="warning")
    else:
        concepts.replay(delivery=chosen, at=timezone.now())
        toast(request, _("The message is sent again within half a minute."))
    return redirect("webhook", cvr, webhook_id)


def _changed(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    toast(request, CHANGED, variant="warning")
    return redirect("webhook", webhook.organisation.cvr_number, webhook.pk)


def _crumbs(webhook: Webhook) -> list[object]:
    cvr = webhook.organisation.cvr_number
    organisation = [_("Organisation"), reverse("organisation", args=[cvr])]
    listed = [_("Webhooks"), reverse("webhooks", args=[cvr])]
    return [*organisation, *listed, webhook.name, reverse("webhook", args=[cvr, webhook.pk])]
