"""What a person is told of the log by mail: their own subscriptions, never anybody else's."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from organisations import access, event_filters
from organisations import event_subscriptions as subscriptions
from organisations.event_words import filter_text
from organisations.forms.events import EventSubscriptionForm
from organisations.rights import Right


def event_subscriptions(request: HttpRequest, cvr: str) -> HttpResponse:
    """List what the person is told of the organisation's log, and how often."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    own = subscriptions.of(access.person(request), organisation)
    context = {"organisation": organisation, "subscriptions": [(one, filter_text(one.shown)) for one in own]}
    return render(request, "organisations/event_subscriptions.html", context)


def event_subscribe(request: HttpRequest, cvr: str) -> HttpResponse:
    """Save the filter in the address, to be told of what passes it."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    shown = event_filters.shown_in(request.GET)
    form = EventSubscriptionForm(request.POST or None, initial={"name": filter_text(shown)[:100]})
    if form.is_valid():
        made = subscriptions.subscribe(
            caller=access.caller(request), organisation=organisation, shown=shown, **form.cleaned_data
        )
        if made is None:
            text = _("You have %(count)s subscriptions already. End one of them first.")
            toast(request, text % {"count": subscriptions.MOST}, variant="warning")
        else:
            toast(request, _("You will be told by mail."))
        return redirect("event_subscriptions", cvr)
    context = {"organisation": organisation, "form": form, "shown": filter_text(shown)}
    return render(request, "organisations/event_subscribe.html", context)


def event_unsubscribe(request: HttpRequest, cvr: str, subscription_id: uuid.UUID) -> HttpResponse:
    """End one of one's own subscriptions, after asking."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    own = subscriptions.of(access.person(request), organisation)
    found = own.select_related("user", "organisation").filter(pk=subscription_id).first()
    if found is None:
        raise Http404
    back = reverse("event_subscriptions", args=[cvr])
    if request.method == "POST":
        subscriptions.end(caller=access.caller(request), subscription=found)
        toast(request, _("The subscription has ended."))
        return redirect(back)
    return confirm(
        request,
        title=_("End the subscription?"),
        intro=found.name,
        consequences=[_("You are told by mail no more. You can subscribe again at any time.")],
        submit=_("End the subscription"),
        cancel_url=back,
        danger=False,
        crumbs=[_("Event log"), reverse("events", args=[cvr]), _("By mail"), back],
    )
