"""Addresses of organisations, people, rights and the event log."""

from django.urls import URLPattern

from adgang.lib.urls import route
from organisations.views import (
    events,
    invitations,
    materials,
    me,
    operations,
    organisation,
    passwords,
    people,
    sign_in,
    terms,
)

urlpatterns: list[URLPattern] = [
    # Signing in, and one's own pages
    route("", me.choose_organisation, name="choose_organisation"),
    route("log-ind/", sign_in.sign_in, name="sign_in"),
    route("log-ud/", sign_in.sign_out, name="sign_out"),
    route("demo/log-ind/", sign_in.demo_sign_in, name="demo_sign_in"),
    route("ny-adgangskode/", passwords.password_reset, name="password_reset"),
    route("ny-adgangskode/sendt/", passwords.password_reset_sent, name="password_reset_sent"),
    route("ny-adgangskode/<secret:token>/", passwords.password_reset_confirm, name="password_reset_confirm"),
    route("invitation/<secret:token>/", invitations.invitation_accept, name="invitation_accept"),
    route("mig/", me.me, name="me"),
    route("mig/adgangskode/", passwords.password_change, name="password_change"),
    route("mig/sessioner/<slug:handle>/afslut/", me.session_end, name="session_end"),
    route("mig/session/", sign_in.session_extend, name="session_extend"),
    # The organisation
    route("o/<cvr:cvr>/myndighed/", organisation.organisation, name="organisation"),
    route("o/<cvr:cvr>/myndighed/ret/", organisation.organisation_edit, name="organisation_edit"),
    route("o/<cvr:cvr>/myndighed/logo.png", organisation.organisation_logo, name="organisation_logo"),
    route("o/<cvr:cvr>/myndighed/logo/", organisation.organisation_logo_change, name="organisation_logo_change"),
    route("o/<cvr:cvr>/vilkaar/", terms.terms, name="terms"),
    route("o/<cvr:cvr>/vilkaar/godkend/", terms.terms_accept, name="terms_accept"),
    # People and rights
    route("o/<cvr:cvr>/brugere/", people.people, name="people"),
    route("o/<cvr:cvr>/brugere/roller/", people.roles, name="roles"),
    route("o/<cvr:cvr>/brugere/inviter/", invitations.person_invite, name="person_invite"),
    route("o/<cvr:cvr>/brugere/<uuid:user_id>/", people.person, name="person"),
    route("o/<cvr:cvr>/brugere/<uuid:user_id>/tildel/", people.role_grant, name="role_grant"),
    route("o/<cvr:cvr>/brugere/<uuid:user_id>/fratraed/", people.person_depart, name="person_depart"),
    route("o/<cvr:cvr>/roller/<uuid:privilege_id>/fjern/", people.role_revoke, name="role_revoke"),
    route(
        "o/<cvr:cvr>/invitationer/<uuid:invitation_id>/send/", invitations.invitation_resend, name="invitation_resend"
    ),
    route(
        "o/<cvr:cvr>/invitationer/<uuid:invitation_id>/traek-tilbage/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    # The event log
    route("o/<cvr:cvr>/log/", events.events, name="events"),
    route("o/<cvr:cvr>/log/<uuid:event_id>/", events.event, name="event"),
    # The installation
    route("drift/", operations.operations, name="operations"),
    route("drift/myndigheder/", operations.operations_organisations, name="operations_organisations"),
    route("drift/myndigheder/opret/", operations.organisation_create, name="organisation_create"),
    route("drift/myndigheder/<cvr:cvr>/", operations.organisation_manage, name="organisation_manage"),
    route("drift/myndigheder/<cvr:cvr>/inviter/", operations.organisation_invite, name="organisation_invite"),
    route("drift/vilkaar/", operations.operations_terms, name="operations_terms"),
    route("drift/vilkaar/udgiv/", operations.terms_publish, name="terms_publish"),
    route("drift/materialer/", materials.operations_materials, name="operations_materials"),
    route("drift/materialer/opret/", materials.material_create, name="material_create"),
    route("drift/materialer/<uuid:material_id>/", materials.material_edit, name="material_edit"),
    route("drift/materialer/<uuid:material_id>/slet/", materials.material_delete, name="material_delete"),
    route("drift/log/", events.operations_events, name="operations_events"),
    route("drift/log/<uuid:event_id>/", events.operations_event, name="operations_event"),
]
