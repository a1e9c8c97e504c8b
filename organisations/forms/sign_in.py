"""Forms with which people sign in and choose passwords. None shows a password again."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from organisations.models import User


def _password(label: Any, *, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "input-width-l"})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=help_text)


def _email() -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "class": "input-width-l"})
    # No check of the address: a wrong one gets the same answer as a wrong password.
    return forms.CharField(label=_("E-mail"), max_length=254, widget=widget)


def _code() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "input-width-s"})
    help_text = _("Six digits from the app, or one of your recovery codes.")
    return forms.CharField(label=_("One-time code"), help_text=help_text, max_length=40, widget=widget)


class SignInForm(Form):
    """E-mail and password; neither is needed `by_passkey`."""

    email = _email()
    password = _password(_("Password"), autocomplete="current-password")

    def __init__(self, *args: Any, by_passkey: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = not by_passkey


class ProveForm(Form):
    """The password of whoever is signed in, asked anew; `by_passkey` it may be left out, and the code is."""

    password = _password(_("Password"), autocomplete="current-password")
    code = _code()

    def __init__(
        self, *args: Any, with_password: bool, with_code: bool, by_passkey: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, is_there in (("password", with_password), ("code", with_password and with_code)):
            if not is_there:
                del self.fields[name]
            else:
                self.fields[name].required = not by_passkey


class EmailChangeForm(Form):
    """The new address of an account."""

    email = forms.EmailField(
        label=_("New e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input-width-l"}),
    )


class CodeForm(Form):
    """A one-time code of the app, or a recovery code; without an app the latter alone. None is needed `by_passkey`."""

    code = _code()

    def __init__(self, *args: Any, with_app: bool = True, by_passkey: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.required = not by_passkey
        if not with_app:
            field.label, field.help_text = _("Recovery code"), _("One of those that you were shown and kept.")


class PasskeyForm(Form):
    """What the person calls a new passkey."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        help_text=_("So that you know it again, such as “My telephone” or “Security key”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-l"}),
    )


class PasswordResetForm(Form):
    """Whose password is forgotten."""

    email = _email()


class NewPasswordForm(Form):
    """A new password, typed twice. `user` is whose it will be: it must not resemble their name or address."""

    new_password = _password(
        _("New password"),
        autocomplete="new-password",
        help_text=_("At least 12 characters; three or four unrelated words are easy to remember."),
    )
    repeated = _password(_("New password again"), autocomplete="new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        """Refuse what Django's validators refuse."""
        password = str(self.cleaned_data["new_password"])
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords."""
        cleaned = super().clean() or {}
        if "new_password" in cleaned and cleaned.get("repeated") not in (None, cleaned["new_password"]):
            self.add_error("repeated", ValidationError(_("The two passwords are not the same.")))
        return cleaned


class PasswordChangeForm(NewPasswordForm):
    """A new password from somebody who knows the old one."""

    current_password = _password(_("Current password"), autocomplete="current-password")
    field_order = ("current_password", "new_password", "repeated")

    def clean_current_password(self) -> str:
        """Refuse a wrong one."""
        password = str(self.cleaned_data["current_password"])
        if not self.user.check_password(password):
            raise ValidationError(_("The current password is not right."))
        return password


class NewAccountForm(NewPasswordForm):
    """What an invited person without an account fills in."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input-width-l"}),
    )
    field_order = ("name", "new_password", "repeated")


class AccountPasswordForm(Form):
    """The password of the account that the invited address has already."""

    password = _password(_("Password"), autocomplete="current-password")


class ProfileForm(Form):
    """What a person decides about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input-width-l"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Of the pages and of the mails you get."),
        choices=[("da", "Dansk"), ("en", "English")],
        widget=forms.RadioSelect,
    )
