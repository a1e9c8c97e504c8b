"""Addresses of systems and of their checks."""

from adgang.lib.urls import route
from systems.views import (
    checks,
    creating,
    credential_check,
    credential_pages,
    credentials,
    editing,
    listing,
    service,
    ssh_keys,
    swapping,
    system,
)

SYSTEMS = "o/<cvr:cvr>/systemer/"
ONE = f"{SYSTEMS}<uuid:system_id>/"
CREDENTIALS = "o/<cvr:cvr>/certifikater/"
CERTIFICATE = f"{CREDENTIALS}<uuid:certificate_id>/"
KEY = f"{CREDENTIALS}noegle/<uuid:key_id>/"

urlpatterns = [
    route(CREDENTIALS, credential_pages.credentials, name="credentials"),
    route(f"{CREDENTIALS}tjek/", credential_check.credential_check, name="credential_check"),
    route(CERTIFICATE, credential_pages.certificate, name="certificate"),
    route(f"{CERTIFICATE}hent/", credential_pages.certificate_download, name="certificate_download"),
    route(f"{CERTIFICATE}forny/", swapping.certificate_renew, name="certificate_renew"),
    route(f"{CERTIFICATE}udskift/<uuid:next_id>/", swapping.certificate_swap, name="certificate_swap"),
    route(f"{CREDENTIALS}anmodninger/<uuid:request_id>/", swapping.swap_request, name="swap_request"),
    route(
        f"{CREDENTIALS}anmodninger/<uuid:request_id>/traek-tilbage/",
        swapping.swap_request_withdraw,
        name="swap_request_withdraw",
    ),
    route(KEY, credential_pages.public_key, name="public_key"),
    route(f"{KEY}hent/", credential_pages.public_key_download, name="public_key_download"),
    route(SYSTEMS, listing.systems, name="systems"),
    route(f"{SYSTEMS}nyt/", creating.system_create, name="system_create"),
    route(f"{SYSTEMS}kladder/<uuid:draft_id>/slet/", creating.system_draft_delete, name="system_draft_delete"),
    route(f"{SYSTEMS}kladder/<uuid:draft_id>/<slug:step>/", creating.system_draft_step, name="system_draft_step"),
    route(ONE, system.system, name="system"),
    route(f"{ONE}ret/", editing.system_edit, name="system_edit"),
    route(f"{ONE}protokol/", editing.system_protocol, name="system_protocol"),
    route(f"{ONE}adresser/", editing.system_addresses, name="system_addresses"),
    route(f"{ONE}kopier/", editing.system_copy, name="system_copy"),
    route(f"{ONE}slet/", editing.system_delete, name="system_delete"),
    route(f"{ONE}i-drift/", service.system_activate, name="system_activate"),
    route(f"{ONE}ud-af-drift/", service.system_deactivate, name="system_deactivate"),
    route(f"{ONE}standard/", service.system_default, name="system_default"),
    route(f"{ONE}bekraeft/", service.system_confirm, name="system_confirm"),
    route(f"{ONE}bekraeft/fortryd/", service.system_confirm_withdraw, name="system_confirm_withdraw"),
    route(f"{ONE}certifikat/", credentials.system_certificate, name="system_certificate"),
    route(f"{ONE}certifikat/fjern/", credentials.system_certificate_remove, name="system_certificate_remove"),
    route(f"{ONE}certifikat/tilbage/", credentials.system_certificate_restore, name="system_certificate_restore"),
    route(
        f"{ONE}naeste-certifikat/fjern/",
        credentials.system_next_certificate_remove,
        name="system_next_certificate_remove",
    ),
    route(f"{ONE}noegle/", ssh_keys.system_ssh_key, name="system_ssh_key"),
    route(f"{ONE}noegle/fjern/", ssh_keys.system_ssh_key_remove, name="system_ssh_key_remove"),
    route(f"{ONE}noegle/afloes/", ssh_keys.system_ssh_key_retire, name="system_ssh_key_retire"),
    route(f"{ONE}naeste-noegle/fjern/", ssh_keys.system_next_ssh_key_remove, name="system_next_ssh_key_remove"),
    route(f"{ONE}token/", credentials.system_token, name="system_token"),
    route(f"{ONE}kontroller/", checks.checks, name="checks"),
    route(f"{ONE}kontroller/ny/", checks.check_start, name="check_start"),
    route(f"{ONE}kontroller/<uuid:run_id>/", checks.check, name="check"),
    route(f"{ONE}kontroller/<uuid:run_id>/noegle/", checks.pin_host_key, name="pin_host_key"),
]
