"""What the keys of before/after in the event log are called where the models themselves do not say.

The tables are data and may name upper rooms.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    # People and rights
    "role": _("role"),
    "roles": _("roles"),
    "system_id": _("only this system"),
    "active_to": _("ends"),
    "self_granted": _("given to oneself"),
    "locked_until": _("locked until"),
    "method": _("way of signing in"),
    "sessions": _("sessions ended"),
    "sessions_ended": _("other sessions ended"),
    "expires": _("expires"),
    "person": _("person"),
    "user": _("person"),
    "erased": _("erased values"),
    # The organisation
    "version": _("version"),
    "logo": _("logo"),
    "legal_contact_name": _("legal contact's name"),
    "legal_contact_email": _("legal contact's e-mail"),
    "legal_contact_phone": _("legal contact's telephone"),
    "key": _("line of the overview"),
    "confirmed_by": _("confirmed by"),
    "confirmed": _("connection confirmed"),
    # Systems and credentials
    "technical_contact_name": _("technical contact's name"),
    "technical_contact_email": _("technical contact's e-mail"),
    "technical_contact_phone": _("technical contact's telephone"),
    "allowed_ips": _("allowed addresses"),
    "api_token": _("API token begins with"),
    "sha256": _("fingerprint (SHA-256)"),
    "holder_id": _("id of the holder"),
    "subject": _("issued to"),
    "issuer": _("issued by"),
    "not_before": _("valid from"),
    "not_after": _("valid to"),
    "environment": _("environment"),
    "is_root": _("root"),
    "pinned": _("known by the portal"),
    "added": _("added"),
    "findings": _("findings"),
    "revocation": _("revocation"),
    "revoked_at": _("revoked at"),
    "revocation_reason": _("reason for the revocation"),
    "source": _("source"),
    "crl_address": _("address of the revocation list"),
    "ocsp_address": _("address for direct questions (OCSP)"),
    "fingerprint": _("fingerprint"),
    # A connection check
    "status": _("result"),
    "summary": _("what decided"),
    "trigger": _("asked for"),
    "protocol": _("protocol"),
    # The contact structure
    "groups": _("groups"),
    "codes": _("codes"),
    "search_terms": _("search terms"),
    "recommended_attributes": _("recommended attributes"),
    "translations": _("legacy ids"),
    "report_link": _("report link"),
    "position": _("order"),
    "group": _("group"),
    "parent": _("group above"),
    "moved_groups": _("groups moved up"),
    "moved_points": _("contact points moved up"),
    "deleted_groups": _("groups deleted with it"),
    "deleted_points": _("contact points deleted with it"),
    "taken_out_points": _("contact points that stand elsewhere too"),
    "code": _("code"),
    "type": _("type"),
    # Look-ups
    "filter": _("filter"),
    "format": _("file format"),
    "list": _("list"),
}

# The filters of the log itself, inside "filter".
FILTERS: dict[str, str | Promise] = {
    "q": _("free text"),
    "from": _("from and with"),
    "to": _("to and with"),
    "tag": _("event"),
    "slice": _("part of the log"),
    "actor": _("who"),
    "kind": _("kind of object"),
    "object": _("object"),
}

METHODS: dict[str, str | Promise] = {"password": _("password"), "demo": _("demo button")}

# Keys that tell nothing to whoever reads about the object: whose it is stands above, and ids say nothing.
HIDDEN = frozenset({"organisation", "uploaded_by_id", "issuer_id", "run", "group_id", "group_ids"})

# Keys whose values are a choice of another model's field: (kind, key) → (kind, field).
CHOICES_OF: dict[tuple[str, str], tuple[str, str]] = {
    ("system", "status"): ("checkrun", "status"),
    ("system", "trigger"): ("checkrun", "trigger"),
    ("system", "protocol"): ("system", "service_protocol"),
}

# What an event about many objects at once tells of, by id: an import of the contact structure.
NESTED_KINDS = ("contactpoint", "contactgroup", "system")
