"""In and out by SAML in a real browser, which sends no cookie of ours with the POST of another site."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from organisations.rights import PrivilegeType as Role
from organisations.saml.toolkit import our_metadata
from tests.factories.organisations import organisation, user_with
from tests.organisations.saml.conftest import OUR_CVR, attributes, bound
from tests.servers.programs import free_port
from tests.servers.saml_idp import key_pair, saml_idp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_in_and_out_again(
    new_context,
    live_server,
    settings,
    require_packages: Callable[[str], Path],
    require_service: Callable[..., str],
) -> None:
    packages, xmlsec = require_packages("saml-idp"), require_service("xmlsec1")
    # The provider is at 127.0.0.1, the portal at localhost: two sites to a browser.
    settings.ADGANG_BASE_URL = live_server.url
    settings.ADGANG_SAML_CERTIFICATE, settings.ADGANG_SAML_KEY = key_pair("adgang")
    kim = user_with(Role.READER, organisation=organisation(cvr_number=OUR_CVR), name="Kim Ejer")
    askers, people = {"ours.xml": our_metadata().decode()}, {"kim": {"attributes": attributes()}}
    with saml_idp(packages, xmlsec, port=free_port(), askers=askers, people=people) as metadata:
        settings.ADGANG_SAML_IDP_METADATA = metadata
        bound(kim, {"ADGANG_SAML_IDP_METADATA": metadata})
        page = new_context().new_page()
        posts: list[Request] = []
        page.on("request", lambda request: posts.append(request) if request.url.endswith("/saml/svar/") else None)

        page.goto("/log-ind/?next=/mig/")
        page.get_by_role("link", name="MitID Erhverv").click()
        page.locator("[name=login]").fill("kim")
        page.get_by_role("button", name="Log ind").click()
        page.get_by_role("button", name="Log ind").click()
        page.wait_for_url("**/mig/")
        sent = [post.all_headers() for post in posts]
        assert [headers["sec-fetch-site"] for headers in sent] == ["cross-site"]
        assert settings.SESSION_COOKIE_NAME not in sent[0].get("cookie", "")

        page.locator("form[action='/log-ud/'] button").first.evaluate("button => button.click()")
        page.wait_for_url("**/logget-ud/")
        page.get_by_role("link", name="Log også ud dér").click()
        expect(page.get_by_text("Du er også logget ud hos MitID Erhverv.")).to_be_visible()
        page.goto("/mig/")
        page.wait_for_url("**/log-ind/?next=/mig/")
