"""Inviting people, and accepting an invitation."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding, finding
from adgang.lib.forms import Form
from adgang.lib.peers import client_address
from adgang.lib.toasts import toast
from organisations import access, invited_roles, inviting, privileges, refusals, second_steps
from organisations import sign_in as signing
from organisations.forms.people import InviteForm
from organisations.forms.sign_in import AccountPasswordForm, NewAccountForm
from organisations.models import Invitation, User, has_second_factor
from organisations.rights import Right
from organisations.views.me import landing
from organisations.views.passwords import link_over, unshared


def person_invite(request: HttpRequest, cvr: str) -> HttpResponse:
    """Invite a person by e-mail."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    caller = access.caller(request)
    form = InviteForm(request.POST or None, roles=privileges.grantable(caller, organisation))
    if form.is_valid():
        made = inviting.invite(
            caller=caller,
            organisation=organisation,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            roles=form.types,
        )
        if isinstance(made, Invitation):
            toast(request, _("An invitation is on its way to %(email)s.") % {"email": made.email})
            return redirect("people", cvr)
        form.add_error(None, refusals.text(made))
    context = {"form": form, "organisation": organisation, "days": inviting.lifetime().days}
    return render(request, "organisations/person_invite.html", context)


@require_POST
def invitation_resend(request: HttpRequest, cvr: str, invitation_id: uuid.UUID) -> HttpResponse:
    """Send an invitation again."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    invitation = get_object_or_404(Invitation, organisation=organisation, pk=invitation_id)
    refusal = inviting.resend(caller=access.caller(request), invitation=invitation)
    if refusal:
        toast(request, refusals.text(refusal), variant="warning")
    else:
        toast(request, _("A new invitation is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("people", cvr)


def invitation_withdraw(request: HttpRequest, cvr: str, invitation_id: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    invitation = get_object_or_404(Invitation, organisation=organisation, pk=invitation_id)
    if request.method == "POST":
        refusal = inviting.withdraw(caller=access.caller(request), invitation=invitation)
        if refusal:
            toast(request, refusals.text(refusal), variant="warning")
        else:
            toast(request, _("The invitation was withdrawn."))
        return redirect("people", cvr)
    back = reverse("people", args=[cvr])
    return confirm(
        request,
        title=_("Withdraw the invitation to %(email)s?") % {"email": invitation.email},
        consequences=[_("The link in the mail stops working at once."), _("You can invite the person again later.")],
        submit=_("Withdraw invitation"),
        cancel_url=back,
        crumbs=[_("People and rights"), back],
    )


@sensitive_variables("token")
@sensitive_post_parameters("password", "new_password", "repeated")
@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the invitation offers; a POST accepts it, with a new account or the one that was proved."""
    user = access.public(request).user
    invitation = inviting.find(token)
    refusal = inviting.state(invitation, at=timezone.now()) if invitation else finding("link.over")
    if invitation is None or refusal:
        return link_over(request, refusal or finding("link.over"))
    form = _form(request, invitation, user)
    if request.method == "POST" and form.is_valid():
        found = _accept(request, form, invitation, token, user)
        if isinstance(found, User):
            return unshared(_enter(request, found, invitation, is_signed_in=user is not None))
        form.add_error(None, refusals.text(found))
    context = {
        "form": form,
        "invitation": invitation,
        "offered": invited_roles.offered([invitation])[0],
        "signed_in_as": user,
        "has_account": isinstance(form, AccountPasswordForm),
    }
    return unshared(render(request, "organisations/invitation_accept.html", context))


def _form(request: HttpRequest, invitation: Invitation, user: User | None) -> Form:
    """Return what must be filled in: nothing when signed in, a password, or the details of a new account."""
    sent = request.POST if request.method == "POST" else None
    if user is not None:
        return Form(sent)
    if User.objects.filter(email=invitation.email).exists():
        return AccountPasswordForm(sent)
    nobody_yet = User(email=invitation.email, name=invitation.name)
    return NewAccountForm(sent, user=nobody_yet, initial={"name": invitation.name})


def _accept(request: HttpRequest, form: Form, invitation: Invitation, token: str, user: User | None) -> User | Finding:
    caller = access.caller(request)
    if isinstance(form, NewAccountForm):
        name, password = form.cleaned_data["name"], form.cleaned_data["new_password"]
        return inviting.accept_as_new(caller=caller, token=token, name=name, password=password)
    proved = user or _proved(request, form, invitation)
    return inviting.accept_as(caller=caller, token=token, user=proved) if isinstance(proved, User) else proved


def _proved(request: HttpRequest, form: Form, invitation: Invitation) -> User | Finding:
    """Return the holder of the invited address's account when the password is theirs."""
    found = signing.check(
        caller=access.caller(request),
        email=invitation.email,
        password=form.cleaned_data.get("password", ""),
        address=client_address(request),
        at=timezone.now(),
    )
    if isinstance(found, User) and has_second_factor(found):
        return finding("invitation.needs_account")  # the password alone lets them in nowhere
    return found


def _enter(request: HttpRequest, user: User, invitation: Invitation, *, is_signed_in: bool) -> HttpResponse:
    if not is_signed_in:
        signing.begin(request, user, method="password")
        second_steps.note_need(request, user)
    toast(request, _("Welcome to %(organisation)s.") % {"organisation": invitation.organisation})
    return redirect(landing(access.caller(request).become(user), invitation.organisation))
