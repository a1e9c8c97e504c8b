"""Forms in which a certificate or key is handed in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding, Severity
from adgang.lib.forms import CvrField
from adgang.lib.uploads import CREDENTIAL_LIMIT, CredentialForm
from certificates.kinds import Environment, Kind
from certificates.private_keys import find_private_key


class JudgedForm(CredentialForm):
    """A credential that is judged: what refuses it becomes the errors of its field."""

    def clean(self) -> dict[str, Any]:
        """Forget a pasted private key first of all: no error, of this field or another, may send it back."""
        # As it was sent: a text that the field itself refuses is not among what was cleaned.
        sent = str(self.data.get(self.add_prefix("text"), ""))
        if len(sent) > CREDENTIAL_LIMIT or find_private_key(sent.encode(errors="replace")):
            self.forget()
        return super().clean()

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Show the errors among the findings at the field in use."""
        field = "file" if self.cleaned_data.get("file") is not None else "text"
        for found in findings:
            if found.severity is Severity.ERROR:
                self.add_error(field, f"{found.message} {found.remedy}")


class CertificateForm(JudgedForm):
    """A certificate, as a file or pasted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Certificate file")
        self.fields["file"].help_text = _("A .cer, .crt, .der or .pem file, never a .p12 or .pfx with the private key")
        self.fields["text"].help_text = _("From BEGIN CERTIFICATE to END CERTIFICATE")


class SshKeyForm(JudgedForm):
    """An SSH public key, as a file or pasted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Public key file")
        self.fields["file"].help_text = _("The file whose name ends in .pub, never the private key")
        self.fields["text"].help_text = _("One line that begins with ssh-ed25519, ecdsa-sha2-… or ssh-rsa")


class CheckCertificateForm(CertificateForm):
    """What the open check asks: a certificate or SSH key, and what it is expected to be."""

    kind = forms.ChoiceField(
        label=_("Expected kind"),
        required=False,
        choices=[("", _("Any")), *Kind.choices],
    )
    cvr = CvrField(label=_("Expected CVR number"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Certificate or SSH key")
        self.fields["file"].help_text = _("A .cer, .crt, .der, .pem or .pub file, never one with the private key")
        self.fields["text"].help_text = _("A certificate from BEGIN to END, or the line of an SSH public key")


class TrustAnchorForm(JudgedForm):
    """One or several CA certificates, and where they are to be trusted."""

    environment = forms.ChoiceField(
        label=_("Environment"),
        required=False,
        choices=[("", _("The one it belongs to")), *Environment.choices],
        help_text=_("A known OCES authority goes where it belongs; one that is unknown can only be taken in test."),
    )
    known_source = forms.BooleanField(
        label=_("I know where the file comes from, although its authority is not one of the known ones"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Certificate file")
        self.fields["file"].help_text = _("Root certificate, issuing CA certificate, or both in one file")
        self.fields["text"].help_text = _("From BEGIN CERTIFICATE to END CERTIFICATE")

    @property
    def name(self) -> str:
        """What to call the upload."""
        file = self.cleaned_data.get("file")
        return str(file.name) if file is not None else "text"
