"""Helping back in whoever lost their second factor or their e-mail, by those who run the installation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, proofs, recovering, refusals
from organisations.forms.recovering import RecoverForm
from organisations.rights import Right


@never_cache
def account_recover(request: HttpRequest) -> HttpResponse:
    """Take away a lost second factor, or begin to move an account to another e-mail, with a reason."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    form = RecoverForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        fault = recovering.recover(
            caller=caller,
            email=given["email"],
            new_email=given["new_email"] if given["lost"] == RecoverForm.EMAIL else "",
            reason=given["reason"],
            at=timezone.now(),
        )
        if not isinstance(fault, Finding):
            toast(request, _("It is done and logged, and %(email)s was told by mail.") % {"email": given["email"]})
            return redirect("operations")
        form.add_error("new_email" if fault.code.startswith("email.") else "email", refusals.text(fault))
    return render(request, "organisations/account_recover.html", {"form": form})
