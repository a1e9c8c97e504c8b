"""The dependency audit: what could not be looked up is never called clean."""

import importlib.util
import json
from types import ModuleType

from tests.servers.installation import ROOT


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "requirements" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


audit = load()


def test_python_packages() -> None:
    answer = {
        "dependencies": [
            {"name": "good", "version": "1.0", "vulns": []},
            {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]},
            {"name": "unknown", "skip_reason": "Dependency not found"},
        ]
    }
    assert audit.of_python(json.dumps(answer)) == audit.Audit(
        clean=["good 1.0"], vulnerable=["bad 2.0: PYSEC-1", "bad 2.0: PYSEC-2"], not_audited=["unknown"]
    )


def test_npm_packages() -> None:
    answer = {"vulnerabilities": {"bad": {"severity": "high"}}}
    assert audit.of_npm(json.dumps(answer), ["good", "bad"]) == audit.Audit(clean=["good"], vulnerable=["bad: high"])


def test_a_registry_that_does_not_answer() -> None:
    assert audit.of_npm("", ["dkfds"]) == audit.Audit(not_audited=["dkfds"])
    assert audit.of_npm('{"message": "405 Method Not Allowed"}', ["dkfds"]) == audit.Audit(not_audited=["dkfds"])


def test_exit_codes() -> None:
    assert audit.exit_code([audit.Audit(clean=["a"])]) == 0
    assert audit.exit_code([audit.Audit(clean=["a"], not_audited=["b"])]) == 3
    assert audit.exit_code([audit.Audit(not_audited=["b"]), audit.Audit(vulnerable=["c: X"])]) == 1
