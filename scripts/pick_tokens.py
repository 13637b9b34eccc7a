"""Write static/css/parts/tokens.css: the KRDS tokens that our style sheets use, and no others.

Usage: pick_tokens.py KRDS_TOKENS_CSS CSS_DIR
KRDS_TOKENS_CSS is resources/css/token/krds_tokens.css of the npm package krds-uiux; CSS_DIR is
static/css. Run it after naming a new token in a style sheet, and commit what it writes.
"""

import re
import sys
from pathlib import Path

HEAD = """\
/*
 * Design tokens of the Korean government's design system KRDS, krds-uiux 1.1.0
 * (KOGL type 1: free with attribution, see NOTICE). Written by scripts/pick_tokens.py:
 * only the tokens that our style sheets use. Names are KRDS's without the segment for the
 * mode or the screen (light / high-contrast, pc / mobile): the selectors below choose.
 * Values in rem are converted from KRDS's 62.5 % root to a 100 % root.
 *
 * Our own values, because KRDS's fall short of a contrast goal:
 * link-default and link-hover, light: one step darker (4.17:1 on grey before);
 * text-warning, light: one step darker (5.4:1 on the pale warning surface before);
 * button-primary-fill, high contrast: pale with dark text (4.55:1 before).
 */

"""
# Token and mode -> the primitive that takes its place.
OURS = {
    ("color-link-default", "light"): "color-light-primary-60",
    ("color-link-hover", "light"): "color-light-primary-70",
    ("color-text-warning", "light"): "color-light-warning-70",
    ("color-button-primary-fill", "high-contrast"): "color-high-contrast-primary-20",
    ("color-button-primary-fill-hover", "high-contrast"): "color-high-contrast-primary-10",
    ("color-button-primary-fill-pressed", "high-contrast"): "color-high-contrast-primary-5",
}
PREFERRED = "@media screen and (prefers-contrast: more), screen and (prefers-color-scheme: dark)"
WIDE = "@media (min-width: 48em)"


class Tokens:
    """All tokens of KRDS by name without `--krds-`, references resolved on reading."""

    def __init__(self, css: str) -> None:
        self.raw: dict[str, str] = dict(re.findall(r"--krds-([\w-]+):\s*([^;]+);", css))

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def value(self, name: str) -> str:
        """Return a token's literal value with rem for a 100 % root."""
        value = self.raw[name]
        if reference := re.fullmatch(r"var\(--krds-([\w-]+)\)", value):
            return self.value(reference[1])
        if size := re.fullmatch(r"([\d.]+)rem", value):
            rem = float(size[1]) * 0.625
            return f"{rem:g}rem" if rem else "0"
        return value

    def of_mode(self, name: str, mode: str) -> str:
        """Return a colour's value in one mode, ours where KRDS's is too weak."""
        return self.value(OURS.get((name, mode), f"{mode}-{name}"))


def used_names(folder: Path) -> list[str]:
    """Return the tokens that our style sheets name."""
    sheets = (path for path in folder.rglob("*.css") if path.name != "tokens.css")
    found = {
        name for path in sheets for name in re.findall(r"var\(--krds-([\w-]+)", path.read_text())
    }
    return sorted(found)


def rule(selector: str, values: dict[str, str], around: str = "") -> str:
    """Return one CSS rule, within a media query where `around` is given."""
    indent = "  " if around else ""
    lines = [f"{indent}  {name}: {value};" for name, value in values.items()]
    body = "\n".join([f"{indent}{selector} {{", *lines, f"{indent}}}"])
    return f"{around} {{\n{body}\n}}\n" if around else f"{body}\n"


def stylesheet(tokens: Tokens, names: list[str]) -> str:
    """Return the whole file; a name that KRDS does not know ends the run."""
    base: dict[str, str] = {}
    wide: dict[str, str] = {}
    light: dict[str, str] = {}
    high = {"color-scheme": "dark"}
    for name in names:
        key = f"--krds-{name}"
        if f"light-{name}" in tokens:
            light[key] = tokens.of_mode(name, "light")
            high[key] = tokens.of_mode(name, "high-contrast")
        elif name in tokens:
            base[key] = tokens.value(name)
        elif f"pc-{name}" in tokens:
            base[key], wide[key] = tokens.value(f"mobile-{name}"), tokens.value(f"pc-{name}")
        else:
            sys.exit(f"KRDS has no token --krds-{name}")
    wide = {key: value for key, value in wide.items() if value != base[key]}
    rules = [
        rule(":root", base | light),
        rule(":root", wide, WIDE),
        rule(':root[data-contrast="high"]', high),
        rule(":root:not([data-contrast])", high, PREFERRED),
    ]
    return HEAD + "\n".join(rules)


if __name__ == "__main__":
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    tokens_of_krds = Tokens(source.read_text(encoding="utf-8"))
    target = folder / "parts" / "tokens.css"
    target.write_text(stylesheet(tokens_of_krds, used_names(folder)), encoding="utf-8")
