"""A person at a browser: opens pages, fills forms, and looks at every page as it passes.

`look` is called on each page of a journey: screenshots at 1280 and 360 px under var/screenshots/,
axe with WCAG 2.2 AA and best practices, the console, the width of the page. Pages of Wagtail's
admin are photographed only: their markup is not ours.
"""

import re
from pathlib import Path

from django.conf import settings

SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
WIDTHS = (1280, 360)
HEIGHT = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What Chromium itself writes to the console for an answer of 4xx that a journey asked for.
EXPECTED_NOISE = re.compile(r"status of 4\d\d")


class Visitor:
    """One browser context with its own cookies, and what was noticed on its way."""

    def __init__(self, name, browser, address, axe_source, *, scripts=True):
        self.name, self.address, self.axe_source = name, address, axe_source
        self.scripts = scripts
        self.context = browser.new_context(
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            viewport={"width": WIDTHS[0], "height": HEIGHT},
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.console = []
        self.faults = []
        self.seen = 0
        self.page.on("console", self.note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("response", self.note_response)

    def close(self):
        self.context.close()

    # --- noticing -------------------------------------------------------------------------------

    def note_console(self, message):
        if message.type in {"error", "warning"} and not EXPECTED_NOISE.search(message.text):
            self.faults.append(f"{self.page.url} console: {message.text}")

    def note_response(self, response):
        if response.status >= 500:
            self.faults.append(f"{response.url} answered {response.status}")

    def look(self, title):
        """Photograph the page at both widths and note what axe and the layout have to say."""
        self.seen += 1
        self.page.wait_for_load_state("load")
        kind = "" if self.scripts else "-without-scripts"
        for width in reversed(WIDTHS):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.shoot(f"{self.name}{kind}-{self.seen:02d}-{title}-{width}.png")
            if not self.is_in_admin:
                self.check_layout(title, width)
                self.check_with_axe(title, width)
        return self

    def shoot(self, file_name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / file_name, full_page=True)

    @property
    def is_in_admin(self):
        return "/admin/" in self.page.url

    def check_layout(self, title, width):
        """A page never scrolls sideways (KWCAG 2.2; 360 px is the smallest phone)."""
        if self.scripts:
            overflow = self.page.evaluate(OVERFLOW)
            if overflow > 0:
                self.faults.append(f"{title} at {width}: {overflow} px too wide")

    def check_with_axe(self, title, width):
        """Run axe; without scripts the page is the same HTML, checked in the other journey."""
        if not self.scripts:
            return
        self.page.evaluate(self.axe_source)
        for violation in self.page.evaluate(RUN_AXE, RULES)["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self.faults.append(f"{title} at {width}: {violation['id']} — {nodes}")

    # --- doing ----------------------------------------------------------------------------------

    def go(self, path):
        self.page.goto(f"{self.address}{path}")
        return self

    def fill(self, entries):
        """Put values into the form controls of these names."""
        for name, value in entries.items():
            self.put(name, value)
        return self

    def put(self, name, value):
        control = self.page.locator(f'[name="{name}"]')
        kind = control.first.get_attribute("type") or ""
        if kind in {"radio", "checkbox"}:
            self.page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "file":
            control.set_input_files(value)
        elif control.first.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(str(value))

    def press(self, label):
        """Press the button or link with this text."""
        button = self.page.get_by_role("button", name=label, exact=True)
        target = button if button.count() else self.page.get_by_role("link", name=label, exact=True)
        target.first.click()
        self.page.wait_for_load_state("load")
        return self

    def download(self, label):
        """Press a link that gives a file and return its name and bytes."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=label).first.click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    def heading(self):
        return self.page.locator("h1").inner_text().strip()

    def text(self):
        return self.page.locator("main").inner_text()
