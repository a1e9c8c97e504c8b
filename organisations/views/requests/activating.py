"""Using the activation code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, refusals
from organisations.access_requests import activation
from organisations.forms.access_requests import CodeForm


@sensitive_post_parameters("code")
@never_cache
def activate(request: HttpRequest) -> HttpResponse:
    """Become user administrator by the code from the mail."""
    access.person(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        used = activation.redeem(caller=access.caller(request), code=str(form.cleaned_data["code"]))
        if not isinstance(used, Finding):
            toast(request, _("You are now user administrator for %(name)s.") % {"name": used.about})
            return redirect("overview", used.cvr_number)
        form.add_error("code", refusals.text(used))
    context = {
        "form": form,
        "waiting": list(activation.waiting_for(access.caller(request))),
        "days": activation.LIFETIME.days,
    }
    return render(request, "organisations/activate.html", context)
