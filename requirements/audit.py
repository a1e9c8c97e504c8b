"""`make audit`: look every pinned package up in the databases of known vulnerabilities.

What could not be looked up is named as not audited; it is never counted as clean. Exit 0 when everything was looked up
and nothing found, 1 when a vulnerability is known, 3 when something was not audited.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VULNERABLE, NOT_AUDITED = 1, 3


@dataclass
class Audit:
    """The outcome for one registry: package names, and `name: id` of each known vulnerability."""

    clean: list[str] = field(default_factory=list)
    vulnerable: list[str] = field(default_factory=list)
    not_audited: list[str] = field(default_factory=list)


def of_python(answer: str) -> Audit:
    """Read pip-audit's JSON."""
    audit = Audit()
    for package in json.loads(answer)["dependencies"]:
        name = f"{package['name']} {package.get('version', '')}".strip()
        if "skip_reason" in package:
            audit.not_audited.append(name)
        elif package["vulns"]:
            audit.vulnerable += [f"{name}: {found['id']}" for found in package["vulns"]]
        else:
            audit.clean.append(name)
    return audit


def of_npm(answer: str, names: list[str]) -> Audit:
    """Read the JSON of `npm audit` over the packages `names`."""
    report = json.loads(answer) if answer.strip() else {}
    if "vulnerabilities" not in report:
        return Audit(not_audited=names)
    known = report["vulnerabilities"]
    found = [f"{name}: {entry['severity']}" for name, entry in known.items()]
    return Audit(clean=[name for name in names if name not in known], vulnerable=found)


def exit_code(audits: list[Audit]) -> int:
    """Return the exit code that the module's text promises."""
    if any(audit.vulnerable for audit in audits):
        return VULNERABLE
    return NOT_AUDITED if any(audit.not_audited for audit in audits) else 0


def main() -> int:
    audits = {"Python": _python(), "npm": _npm()}
    for registry, audit in audits.items():
        counts = f"{len(audit.clean)} clean, {len(audit.vulnerable)} vulnerable, {len(audit.not_audited)} not audited"
        sys.stdout.write(f"{registry}: {counts}\n")
        sys.stdout.writelines(f"  vulnerable: {line}\n" for line in audit.vulnerable)
        if audit.not_audited:
            sys.stdout.write(f"  not audited: {', '.join(audit.not_audited)}\n")
    return exit_code(list(audits.values()))


def _python() -> Audit:
    pinned = str(ROOT / "requirements" / "base.txt")
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    answer = _output([sys.executable, "-m", "pip_audit", *options, "--requirement", pinned])
    if answer.strip():
        return of_python(answer)
    lines = Path(pinned).read_text(encoding="utf-8").splitlines()
    return Audit(not_audited=[line.partition(" ")[0] for line in lines if "==" in line])


def _npm() -> Audit:
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = [path.removeprefix("node_modules/") for path in locked if path]
    npm = shutil.which("npm")
    return of_npm(_output([npm, "audit", "--json"]) if npm else "", names)


def _output(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
