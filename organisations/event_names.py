"""What the keys of before/after in the event log are called where the models themselves do not say.

The tables are data and may name upper rooms.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    # People and rights
    "role": _("role"),
    "roles": _("roles"),
    "limited_roles": _("roles with a limit"),
    "user_groups": _("user groups"),
    "standard_system": _("standard system"),
    "system_id": _("only this system"),
    "active_to": _("ends"),
    "self_granted": _("given to oneself"),
    "acts_for": _("for"),
    "ended": _("ended"),
    "only_reads": _("reads only"),
    "reviewed": _("found needed"),
    "next_review": _("next review"),
    "text": _("text"),
    "passed_on": _("passed on to a person there"),
    "user_group": _("user group"),
    "locked_until": _("locked until"),
    "method": _("way of signing in"),
    "sessions": _("sessions ended"),
    "recovery_codes": _("recovery codes"),
    "passkeys": _("passkeys"),
    "one_time_codes": _("one-time codes"),
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
    # Requests for access
    "request": _("request"),
    "document": _("document"),
    "documents": _("documents"),
    "terms": _("terms"),
    "activated_by": _("activated by"),
    "at": _("time"),
    "starts": _("from"),
    "ends": _("until"),
    "cancelled": _("called off"),
    "reason": _("reason"),
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
    "networks": _("allowed addresses"),
    "taken": _("taken over"),
    "left": _("left as it was"),
    # A connection check
    "status": _("result"),
    "summary": _("what decided"),
    "trigger": _("asked for"),
    "passed": _("passed"),
    "remarks": _("passed with remarks"),
    "failed": _("failed"),
    "aborted": _("not carried out"),
    "left_out": _("not tested"),
    "failed_systems": _("systems that failed"),
    "allowed_probes": _("tests that are allowed"),
    "answer": _("test message"),
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
    "months": _("months"),
    "day": _("day"),
    # The log about itself
    "cadence": _("how often"),
    "entries": _("entries"),
    "chains_sealed": _("logs sealed"),
    "chains_not_whole": _("logs that are not whole, and were not sealed"),
    "until": _("until"),
    "seq": _("number in the log"),
    "seal": _("seal"),
    "fault": _("what is wrong"),
    "backup_made": _("backup of"),
    "mails_held": _("mails held back"),
}

# The filters of the log itself, inside "filter".
FILTERS: dict[str, str | Promise] = {
    "q": _("free text"),
    "from": _("from and including"),
    "to": _("up to and including"),
    "tag": _("event"),
    "slice": _("part of the log"),
    "actor": _("done by"),
    "party": _("done by or about"),
    "system": _("system"),
    "kind": _("kind of object"),
    "object": _("object"),
    "request": _("request"),
}
SLICE_NAMES: dict[str, str | Promise] = {
    "ACTIONS": _("Actions"),
    "LOOKUPS": _("Look-ups"),
    "MESSAGES": _("Messages"),
}

# The lists that leave as files, by the names that stand in their addresses and files.
LIST_NAMES: dict[str, str | Promise] = {
    "across": _("Across"),
    "announcements": _("Announcements"),
    "brevtyper": _("Letter types"),
    "check_batch": _("Check of all systems"),
    "checks": _("Checks"),
    "credentials": _("Certificates and keys"),
    "drafts": _("Drafts"),
    "grants": _("Roles and rights"),
    "health": _("Health"),
    "help": _("Help from the operators"),
    "kontaktgrupper": _("Contact groups"),
    "kontaktpunkt-id": _("IDs of the contact structure"),
    "kontaktpunkter": _("Contact points"),
    "kontaktstruktur": _("Contact structure"),
    "kvalitetsrapport": _("Quality report"),
    "letter_types": _("Letter types"),
    "maalgrupper": _("What each target group sees"),
    "my-requests": _("My requests"),
    "operations_templates": _("Standard systems"),
    "opsaetning": _("Set-up of the organisation"),
    "organisations": _("Organisations"),
    "overview": _("Overview"),
    "people": _("People"),
    "problems": _("Open problems"),
    "readiness_report": _("Readiness report"),
    "requests": _("Access requests"),
    "rights": _("Roles on a day"),
    "roles-matrix": _("Who has which role"),
    "statistics": _("Statistics"),
    "system_templates": _("Standard systems"),
    "systems": _("Systems"),
    "udgivelse": _("A publication"),
    "udgivelser": _("Publications"),
    "udkast": _("A draft"),
    "user-groups": _("User groups"),
    "webhook_messages": _("Messages of a webhook"),
}

METHODS: dict[str, str | Promise] = {"password": _("password"), "demo": _("demo button")}

# Keys that tell nothing to whoever reads about the object: whose it is stands above, and ids say nothing.
HIDDEN = frozenset(
    {"organisation", "uploaded_by_id", "issuer_id", "run", "probe_message", "group_id", "group_ids", "link"}
)

# Keys whose values are a choice of another model's field: (kind, key) → (kind, field).
CHOICES_OF: dict[tuple[str, str], tuple[str, str]] = {
    ("system", "status"): ("checkrun", "status"),
    ("user", "cadence"): ("eventsubscription", "cadence"),
    ("system", "trigger"): ("checkrun", "trigger"),
    ("system", "allowed_probes"): ("allowedprobe", "probe"),
    ("system", "answer"): ("probemessage", "answer"),
    ("system", "protocol"): ("system", "service_protocol"),
}

# What objects are called whose models do not say.
KINDS: dict[str, str | Promise] = {
    "draftchange": _("change in a draft"),
    "draftcomment": _("comment on a draft"),
    "employment": _("employment"),
    "eventhead": _("event log"),
    "registration": _("registration"),
    "termsacceptance": _("acceptance of the terms"),
}
# What an event about many objects at once tells of, by id: an import of the contact structure.
NESTED_KINDS = ("contactpoint", "contactgroup", "system")
