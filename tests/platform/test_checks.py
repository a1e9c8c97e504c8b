"""System checks: each dangerous setting is named by its id, and a sound installation by none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import CheckMessage
from django.test import override_settings

from adgang import checks
from adgang.dangerous import doors_are_narrow
from tests.platform.production import production_environment
from tests.servers.plain import closed_port
from tests.servers.saml_idp import key_pair

ROOT = Path(__file__).resolve().parents[2]


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_the_suite_runs_on_sound_settings() -> None:
    assert checks.settings_are_sound() == []


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("ADGANG_ENVIRONMENT", "Production", "adgang.E011"),
        ("ADGANG_ENVIRONMENT", "", "adgang.E011"),
        ("ADGANG_SFTP_PORT", 70000, "adgang.E019"),
        ("ADGANG_SFTP_PORT", 8000, "adgang.E019"),
        ("ADGANG_CHECK_ALLOWED_NETWORKS", ["10.0.0.1/8"], "adgang.E012"),
        ("ADGANG_CHECK_ALLOWED_NETWORKS", ["10.0.0.0/8:0"], "adgang.E012"),
        ("ADGANG_CHECK_ALLOWED_NETWORKS", ["mail.example.dk"], "adgang.E012"),
        ("ADGANG_TRUSTED_PROXIES", ["proxy"], "adgang.E012"),
        ("ADGANG_EGRESS_ADDRESSES", ["203.0.113.7/8"], "adgang.E012"),
        ("ADGANG_DNS_SERVERS", ["dns.example.dk"], "adgang.E012"),
        ("ADGANG_DNS_SERVERS", ["9.9.9.9:70000"], "adgang.E012"),
        ("ADGANG_FIELD_KEYS", ["c2hvcnQ="], "adgang.E013"),
        ("ADGANG_FIELD_KEYS", ["not base64 at all"], "adgang.E013"),
        ("ADGANG_EVENT_KEY", "password", "adgang.E013"),
        ("ADGANG_BASE_URL", "adgang.example.dk", "adgang.E015"),
        ("ADGANG_BASE_URL", "https://example.dk/adgang", "adgang.E015"),
        ("ADGANG_BIND", "localhost", "adgang.E015"),
        ("ADGANG_EXTRA_CA_FILE", "/nowhere/ca.pem", "adgang.E016"),
        ("ADGANG_SIEM_CA_FILE", "/nowhere/ca.pem", "adgang.E016"),
        ("ADGANG_KEEP_EVENTS_DAYS", 30, "adgang.E040"),
        ("ADGANG_KEEP_EVENTS_DAYS", -1, "adgang.E040"),
        ("ADGANG_SIEM", "http://siem.example.dk", "adgang.E041"),
        ("ADGANG_OIDC_CLIENT_ID", "adgang", "adgang.E060"),
        ("ADGANG_EVENT_OLD_KEYS", ["c2hvcnQ="], "adgang.E013"),
        ("PORT", 0, "adgang.E080"),
        ("SESSION_COOKIE_AGE", 0, "adgang.E080"),
        ("ADGANG_SESSION_HOURS", 1000, "adgang.E080"),
        ("ADGANG_API_PER_MINUTE", 0, "adgang.E080"),
        ("ADGANG_KEEP_SESSIONS_DAYS", -1, "adgang.E080"),
    ],
)
def test_what_cannot_be_read_stops_any_start(name: str, value: object, id: str) -> None:
    with override_settings(**{name: value}):
        found = checks.settings_are_sound()
    assert ids(found) == [id]
    assert found[0].hint


@pytest.mark.parametrize(
    ("values", "id"),
    [
        ({}, None),
        ({"ALLOWED_HOSTS": ["*"]}, "adgang.E081"),
        ({"ALLOWED_HOSTS": [".example.dk"]}, "adgang.E081"),
        ({"ALLOWED_HOSTS": ["other.example.dk"]}, "adgang.E081"),
        ({"ADGANG_TRUSTED_PROXIES": ["10.0.0.0/8", "unix", "fd00::/8"]}, None),
        ({"ADGANG_TRUSTED_PROXIES": ["0.0.0.0/0"]}, "adgang.E082"),
        ({"ADGANG_TRUSTED_PROXIES": ["::/0"]}, "adgang.E082"),
        ({"ADGANG_CHECK_ALLOWED_NETWORKS": ["[fd00::/8]:2222", "127.0.0.1/32:2525"]}, None),
        ({"ADGANG_CHECK_ALLOWED_NETWORKS": ["0.0.0.0/1:22"]}, "adgang.E082"),
        ({"ADGANG_CHECK_ALLOWED_NETWORKS": ["[::/0]:22"]}, "adgang.E082"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.example.dk"]}, "adgang.E083"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://adgang.example.dk"]}, "adgang.E083"),
        ({"ADGANG_EVENT_KEY": "a,b", "ADGANG_EVENT_OLD_KEYS": ["b"]}, "adgang.E084"),
    ],
)
def test_doors_that_are_too_wide(values: dict[str, object], id: str | None) -> None:
    sound = {"ALLOWED_HOSTS": ["adgang.example.dk"], "ADGANG_BASE_URL": "https://adgang.example.dk"}
    with override_settings(**sound | values):
        assert ids(list(doors_are_narrow())) == ([id] if id else [])


OIDC = {
    "ADGANG_OIDC_ISSUER": "https://login.example.dk",
    "ADGANG_OIDC_CLIENT_ID": "adgang",
    "ADGANG_OIDC_CLIENT_SECRET": "a-secret",
}


@pytest.mark.parametrize(
    ("values", "id"),
    [
        ({}, None),
        ({"ADGANG_OIDC_ISSUER": "http://127.0.0.1:8080"}, None),
        ({"ADGANG_OIDC_ISSUER": "http://127.0.0.1:8080", "ADGANG_ENVIRONMENT": "production"}, "adgang.E062"),
        ({"ADGANG_OIDC_ISSUER": "http://login.example.dk"}, "adgang.E062"),
        ({"ADGANG_OIDC_ISSUER": "https://login.example.dk?x=y"}, "adgang.E062"),
        ({"ADGANG_OIDC_ISSUER": ""}, "adgang.E060"),
        ({"ADGANG_OIDC_CLIENT_ID": ""}, "adgang.E060"),
        ({"ADGANG_OIDC_CLIENT_SECRET": ""}, "adgang.E060"),
        ({"ADGANG_OIDC_LEVEL_CLAIM": "loa"}, "adgang.E063"),
        ({"ADGANG_OIDC_LEVELS": ["High"]}, "adgang.E063"),
        ({"ADGANG_OIDC_ALGORITHMS": ["HS256"]}, "adgang.E064"),
        ({"ADGANG_OIDC_ALGORITHMS": ["RS256", "none"]}, "adgang.E064"),
        ({"ADGANG_OIDC_SCOPES": "email"}, "adgang.E065"),
    ],
)
def test_openid_connect_is_set_up_whole_or_not_at_all(values: dict[str, object], id: str | None) -> None:
    with override_settings(**OIDC | values):
        assert ids(checks.settings_are_sound()) == ([id] if id else [])


@pytest.fixture(scope="module")
def saml() -> dict[str, str]:
    certificate, key = key_pair("adgang")
    return {"ADGANG_SAML_CERTIFICATE": certificate, "ADGANG_SAML_KEY": key, "ADGANG_SAML_IDP_METADATA": METADATA}


METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example"><IDPSSODescriptor>
<X509Certificate/><SingleSignOnService/></IDPSSODescriptor></EntityDescriptor>"""


@pytest.mark.parametrize(
    ("values", "id"),
    [
        ({}, None),
        ({"ADGANG_SAML_IDP_METADATA": ""}, None),  # the provider is not told of us yet
        ({"ADGANG_SAML_KEY": ""}, "adgang.E070"),
        ({"ADGANG_SAML_CERTIFICATE": ""}, "adgang.E070"),
        ({"ADGANG_SAML_CERTIFICATE": "rubbish"}, "adgang.E072"),
        ({"ADGANG_SAML_LEVEL": "Betydelig"}, "adgang.E073"),
        ({"ADGANG_SAML_IDP_METADATA": "/etc/idp.xml"}, "adgang.E074"),
        ({"ADGANG_SAML_IDP_METADATA": METADATA.replace("X509Certificate", "Key")}, "adgang.E074"),
        ({"ADGANG_SAML_IDP_METADATA": METADATA.replace("https://idp.example", "x" * 500)}, "adgang.E074"),
    ],
)
def test_saml_is_set_up_whole_or_not_at_all(saml: dict[str, str], values: dict[str, str], id: str | None) -> None:
    with override_settings(**saml | values):
        assert ids(checks.settings_are_sound()) == ([id] if id else [])


def test_the_key_must_be_the_certificates(saml: dict[str, str]) -> None:
    with override_settings(**saml | {"ADGANG_SAML_KEY": key_pair("of another")[1]}):
        assert ids(checks.settings_are_sound()) == ["adgang.E072"]


WITHOUT_EXTRAS = """
import sys
for name in ("authlib", "joserfc", "onelogin", "xmlsec"):
    sys.modules[name] = None
import django
django.setup()
from django.core.checks import run_checks
from django.urls import get_resolver
from organisations import identities
get_resolver().url_patterns
print(sorted(found.id for found in run_checks()), identities.ways())
"""


def test_without_the_packages_of_the_extras_all_else_works(tmp_path: Path) -> None:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    told = {name: str(value) for name, value in OIDC.items()}
    environment = bare | told | {"ADGANG_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "adgang.settings"}
    command = [sys.executable, "-c", WITHOUT_EXTRAS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['adgang.E061'] []"


def test_entries_that_can_be_read() -> None:
    with override_settings(
        ADGANG_CHECK_ALLOWED_NETWORKS=["10.1.0.0/16", "127.0.0.1/32:2525", "[::1/128]:2222"],
        ADGANG_TRUSTED_PROXIES=["10.0.0.1", "fd00::/8", "unix"],
        ADGANG_DNS_SERVERS=["9.9.9.9", "127.0.0.1:5353", "2620:fe::fe"],
        ADGANG_BIND="0.0.0.0",
        ADGANG_BASE_URL="https://adgang.example.dk:8443",
    ):
        assert checks.settings_are_sound() == []


def test_the_demo_is_refused_in_production() -> None:
    with override_settings(ADGANG_DEMO=True, ADGANG_ENVIRONMENT="production"):
        assert ids(checks.settings_are_sound()) == ["adgang.E014"]


@override_settings(CELERY_BROKER_URL="filesystem://", ADGANG_DEMO=False)
def test_the_embedded_default_is_not_fit_for_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in checks.SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids(checks.fit_for_production()) == [
        "adgang.E001",
        "adgang.E002",
        "adgang.E009",
        "adgang.E005",
        "adgang.E004",
        "adgang.E004",
        "adgang.E004",
        "adgang.E008",
    ]


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("", False),
        ("tls://siem.example.dk:6514", False),
        ("tcp://127.0.0.1:601", False),
        ("tcp://[::1]:601", False),
        ("tcp://siem.example.dk:601", True),
        ("tcp://10.0.0.1:601", True),
    ],
)
def test_the_event_log_travels_in_the_clear_on_this_machine_alone(address: str, is_told: bool) -> None:
    with override_settings(ADGANG_SIEM=address):
        assert ("adgang.E042" in ids(checks.fit_for_production())) is is_told


@pytest.mark.parametrize(("name", "id"), [("ADGANG_DEMO", "adgang.E003"), ("DEBUG", "adgang.E006")])
def test_conveniences_are_refused(name: str, id: str) -> None:
    with override_settings(**({"ADGANG_DEMO": False} | {name: True})):
        assert id in ids(checks.fit_for_production())


def test_a_queue_that_does_not_answer() -> None:
    port = closed_port()
    with override_settings(CELERY_BROKER_URL=f"redis://:secret@127.0.0.1:{port}/0"):
        found = [message for message in checks.fit_for_production() if message.id == "adgang.E007"]
    assert len(found) == 1
    assert f"127.0.0.1:{port}" in found[0].msg
    assert "secret" not in found[0].msg


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in checks.SECRETS:
        monkeypatch.setenv(f"{name}_FILE", "/run/secrets/anything")
    assert "adgang.E004" not in ids(checks.fit_for_production())


def test_check_deploy_fails_for_a_clone_as_it_is(tmp_path: Path) -> None:
    done = deploy_check({"ADGANG_DEMO": "true"}, tmp_path)
    named = set(re.findall(r"\((adgang\.E\d+)\)", done.stderr))
    assert done.returncode == 1
    assert named == {f"adgang.E00{number}" for number in (1, 2, 3, 4, 5, 8, 9)}


def test_check_deploy_is_content_with_a_production_installation(tmp_path: Path, redis: str) -> None:
    done = deploy_check(production_environment(tmp_path) | {"CELERY_BROKER_URL": redis}, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def deploy_check(environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=bare | {"ADGANG_VAR_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
