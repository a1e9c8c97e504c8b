"""People: the account, the ways it signs in, and where the person is employed."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts are found by e-mail without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new, saved person; without a password none can be used to sign in."""
        user = self.model(email=self.normalize(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def with_id(self, id_: uuid.UUID | None) -> "User | None":
        """Return the person of that id, or None when there is none (None: nobody was named)."""
        return self.filter(pk=id_).first() if id_ else None

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize(username or ""))

    @staticmethod
    def normalize(email: str) -> str:
        """Return the one form in which an address is kept."""
        return email.strip().lower()


class User(AbstractBaseUser):
    """A person. The account outlives any employment; rights are rows of `Privilege`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, default="da")
    is_active = models.BooleanField(default=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    secret_fields = frozenset({"password"})
    personal_fields = frozenset({"email", "name"})

    class Meta:
        ordering = ["name", "email"]
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email


class SignInIdentity(models.Model):
    """A way in besides the password: an employee certificate or an account at an identity provider."""

    class Method(models.TextChoices):
        MOCES = "MOCES", _("employee certificate (MOCES)")
        OIDC = "OIDC", _("OpenID Connect")
        SAML = "SAML", _("MitID Erhverv")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, related_name="identities", on_delete=models.CASCADE)
    method = models.CharField(max_length=5, choices=Method)
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    cvr = models.CharField(max_length=8, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["method", "issuer", "subject"], name="identity_is_one_person")]

    def __str__(self) -> str:
        return f"{self.method} {self.subject}"


class Employment(models.Model):
    """That a person works for an organisation, from a day and perhaps until one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, related_name="employments", on_delete=models.CASCADE)
    organisation = models.ForeignKey("organisations.Organisation", related_name="employments", on_delete=models.CASCADE)
    started = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(ended=None), name="employment_current_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id}"
