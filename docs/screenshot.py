"""`python docs/screenshot.py`: make docs/overview.png anew, from the demo world in a real browser.

Starts an installation of its own below a temporary folder and needs the system's Chromium.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from playwright.sync_api import Page, sync_playwright  # noqa: E402 – the project must be found first

from tests.servers.installation import installation  # noqa: E402
from tests.services import PROGRAMS, find  # noqa: E402

PERSON = "Olga Opstart"
WIDTH, HEIGHT = 1280, 1000
TARGET = ROOT / "docs" / "overview.png"


def main() -> None:
    """Write the picture; exit 1 without Chromium."""
    chromium = next(filter(None, map(find, PROGRAMS["Chromium"])), None)
    if chromium is None:
        sys.exit("Chromium is not installed on this machine")
    with (
        tempfile.TemporaryDirectory(prefix="adgang-screenshot-") as folder,
        installation(Path(folder), ADGANG_DEMO="true") as made,
        sync_playwright() as playwright,
    ):
        demo = made.manage("demo")
        if demo.returncode:
            sys.exit(demo.stderr)
        with made.running() as run:
            run.until_said("Adgang is ready at")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            photograph(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="da"), made.url)
            browser.close()


def photograph(page: Page, url: str) -> None:
    """Sign in by the demo's button and take the picture of the overview."""
    page.goto(f"{url}/log-ind/")
    page.get_by_role("button", name=PERSON).click()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=TARGET)


if __name__ == "__main__":
    main()
