"""Cut the web fonts out of Pretendard GOV and place the two full fonts that PDFs need.

Usage: build_fonts.py SOURCE_DIR OUTPUT_DIR
SOURCE_DIR is the unpacked npm package `pretendard-gov`; OUTPUT_DIR receives `fonts/` and
`css/fonts.css`.

Pretendard is a reserved font name, so that every changed font goes by another one: Portal Sans.
A page first fetches one core file per weight; the face declared after it answers only for the
remaining syllables of KS X 1001 and symbols, and is fetched when one of them appears.
"""

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Portal Sans"
SYLLABLES = Path(__file__).with_name("syllables.txt")
HANGUL_FIRST, HANGUL_LAST = 0xAC00, 0xD7A3
# Names kept from the original: copyright, version, licence and its address.
KEPT_NAMES = {0, 5, 13, 14}
# No kerning: its tables cost 3 kB in two files, and both must stay under 155 kB together.
FEATURES = ["ccmp", "locl", "tnum"]
CORE_SIGNS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0§©«»°±²³·×÷–—‘’“”†•…‰※→←↑↓○●◎□■△▲▽▼◇◆☆★①②③④⑤⑥⑦⑧⑨⑩"
    + "㎡㎏㎞㈜ㆍ％℃「」『』〈〉《》【】～₩€\u2060"
)
REST_SIGNS = (
    "".join(map(chr, range(0xA1, 0x180)))
    + "".join(map(chr, range(0x3131, 0x318F)))
    + "".join(map(chr, range(0x2460, 0x2474)))
    + "".join(map(chr, range(0x3200, 0x321D)))
    + "¥£¢∼≤≥≠≒∞√∑℡№™Ω㎜㎝㎢㎥㎖㎎㎘㏄㏊ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅰⅱⅲⅳⅴ、。〃〔〕"
)


@dataclass(frozen=True)
class Face:
    """One font file to cut: `range_css` is empty for a core face, which answers for everything."""

    source: str
    style: str
    weight: int
    file: str
    characters: str
    range_css: str = ""


def ranked_syllables() -> str:
    """Return the committed syllables, most frequent first."""
    lines = SYLLABLES.read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


def ks_x_1001() -> str:
    """Return the 2,350 syllables of KS X 1001, the set that everyday Korean text stays in."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("euc_kr") for pair in rows)


def unicode_range(wanted: str, others: str) -> str:
    """Return a CSS unicode-range holding `wanted` and nothing of `others`.

    What stands in neither may fall into a run: no font of ours has it, and runs keep CSS short.
    """
    blocked = set(map(ord, others))
    runs: list[list[int]] = []
    for point in sorted(map(ord, wanted)):
        fits = runs and not blocked.intersection(range(runs[-1][1], point))
        if fits and (point < HANGUL_FIRST) == (runs[-1][1] < HANGUL_FIRST):
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(
        f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs
    )


def faces() -> list[Face]:
    """Return the four faces, each core before its rest: of two that fit, CSS takes the later."""
    ranked = ranked_syllables()
    found = []
    for style, weight, count in (("Regular", 400, 1225), ("Bold", 700, 862)):
        core = CORE_SIGNS + ranked[:count]
        rest = "".join(sorted({*ks_x_1001(), *REST_SIGNS} - set(core)))
        source = f"dist/public/static/alternative/PretendardGOV-{style}.ttf"
        found += [
            Face(source, style, weight, f"PortalSans-{style}.woff2", core),
            Face(
                source,
                style,
                weight,
                f"PortalSans-{style}-rest.woff2",
                rest,
                unicode_range(rest, core),
            ),
        ]
    return found


def rename(font: TTFont, style: str) -> None:
    """Give a changed font our family name; copyright and licence stay."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in KEPT_NAMES]
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    for name_id, text in ((1, FAMILY), (2, style), (3, postscript), (4, f"{FAMILY} {style}")):
        names.setName(text, name_id, 3, 1, 0x409)
    names.setName(postscript, 6, 3, 1, 0x409)


def cut(source: Path, target: Path, face: Face) -> int:
    """Write one web font and return its size in bytes."""
    options = subset.Options(
        layout_features=FEATURES,
        hinting=False,
        name_IDs=sorted(KEPT_NAMES),
        name_languages=[0x409],
        notdef_outline=True,
        drop_tables=["DSIG", "vhea", "vmtx"],
        flavor="woff2",
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=face.characters)
    subsetter.subset(font)
    rename(font, face.style)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


def stylesheet(all_faces: list[Face]) -> str:
    """Return the @font-face rules, with relative addresses that hashed names can replace."""
    rules = ["/* Written by scripts/build_fonts.py. Fonts: SIL OFL 1.1, see fonts/OFL.txt. */"]
    for face in all_faces:
        span = f"unicode-range:{face.range_css};" if face.range_css else ""
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-style:normal;font-weight:{face.weight};'
            f'font-display:swap;src:url("../fonts/{face.file}") format("woff2");{span}}}'
        )
    return "\n".join(rules) + "\n"


def build(source: Path, output: Path) -> None:
    """Write all fonts and their stylesheet below `output`."""
    fonts, pdf = output / "fonts", output / "fonts" / "pdf"
    pdf.mkdir(parents=True, exist_ok=True)
    (output / "css").mkdir(exist_ok=True)
    todo = faces()
    with ProcessPoolExecutor() as pool:
        sizes = pool.map(
            cut, [source / f.source for f in todo], [fonts / f.file for f in todo], todo
        )
        for face, size in zip(todo, sizes, strict=True):
            print(f"{face.file}: {len(face.characters)} characters, {size / 1000:.0f} kB")
    for style in ("Regular", "Bold"):
        original = source / f"dist/public/static/alternative/PretendardGOV-{style}.ttf"
        shutil.copyfile(original, pdf / f"PortalSans-{style}.ttf")
    shutil.copyfile(source / "dist" / "LICENSE.txt", fonts / "OFL.txt")
    (output / "css" / "fonts.css").write_text(stylesheet(todo), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
