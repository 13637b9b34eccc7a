"""Small promises that hold all over the tree: templates, names, lock files, Korean words."""

import ast
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.template import engines

from tests.test_architecture import EVERYTHING, ROOMS, SOURCE, TEMPLATES, name_of, parsed

ROOT = Path(settings.BASE_DIR)
ALL_TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml"}
)
BLOCK_ORDER = ["title", "meta", "breadcrumbs", "heading", "content", "scripts"]
HANGUL = re.compile(r"[가-힣]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")

# Templates that no code of ours names: Django and Wagtail look them up by themselves.
FOUND_BY_NAME = {
    "400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html", "500.html",
    "503.html",
}  # fmt: skip
# Parts of docs/components.md that wait for the rooms of later issues.
FOR_LATER = {"components/stats.html", "components/table.html", "components/tabs.html"}

# Latin words that stay Latin on a Korean screen.
LATIN_WORDS = {
    "CSV", "DOCX", "E", "FAQ", "GIF", "HS", "HS_CODE", "HWP", "HWPX", "ID", "ISO", "JPG", "JPEG",
    "KB", "KOTRA", "MB", "PC", "PDF", "PKI", "PNG", "RSS", "SHA", "URL", "USD", "WEBP", "XLSX",
    "ZIP", "ICS", "All", "rights", "reserved", "CODE", "mail", "UniSign", "QR", "QUICK", "BZA",
    "www", "go", "kr", "SNS", "OTP", "macOS", "Linux", "Windows",
}  # fmt: skip

# House style 3.5, right column: whole names that no class, function or module bears.
FORBIDDEN_NAMES = re.compile(
    r"^_?(Scrap\w*|scrap\w*|Post|PostPage|post_list|Board\w*"
    r"|Announcement(?!Page|ListPage|QuerySet|Manager)\w*"
    r"|CertificateSerial\w*|serial_number|Reception\w*|Registration(?!Form)\w*"
    r"|BusinessCertification\w*|Confirmation(?:Paper|Page|Certificate)\w*|Dashboard\w*"
    r"|Customer\w*|TempMember\w*|RegularMember\w*|Project(?:Page|Guide)\w*|Business(?:Guide|Plan)\w*"
    r"|CalendarEvent\w*|RelatedOrgan\w*|Agreement\w*|company_id_number"
    r"|ApplicationRequest\w*|RejectedApplication\w*|CancelledApplication\w*|ProgramGuide\w*)$"
)
# A person's own marks on a notice go with the person or the notice.
PERSONAL_MARKS = {"Bookmark", "Reminder"}

LIBRARY = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")
BLOCK = re.compile(r"{%\s*block\s+(\w+)")
TEMPLATE_SYNTAX = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
VARIABLE_TAG = re.compile(r"<(/?){{.*?}}")
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}", re.DOTALL)


def text_of(path):
    return path.read_text(encoding="utf-8")


def template_name(path):
    return path.relative_to(ROOT / "templates").as_posix()


def tracked_files():
    """Return what git holds, or would hold: no ignored files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def named_templates():
    """Return every text of ours that may name a template, without the templates' own files."""
    return "\n".join(text_of(path) for path in [*SOURCE, *ALL_TEMPLATES])


def test_no_template_is_dead():
    named = named_templates()
    dead = [
        template_name(path)
        for path in ALL_TEMPLATES
        if template_name(path) not in FOUND_BY_NAME | FOR_LATER
        and f'"{template_name(path)}"' not in named
        and f"'{template_name(path)}'" not in named
        and not is_page_template(template_name(path))
    ]

    assert not dead, "\n".join(dead)


def is_page_template(name):
    """Tell whether a template is the one Wagtail looks up for a page type."""
    return name in {
        getattr(model, "template", None) or ""
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and hasattr(model, "template")
    } | {"wagtailcore/page.html"}


def test_loads_are_sorted_and_used():
    found = [fault for path in ALL_TEMPLATES for fault in load_faults(path)]

    assert not found, "\n".join(found)


def load_faults(path):
    """Yield what is wrong with the {% load %} lines of one template."""
    source = text_of(path)
    for line in LIBRARY.findall(source):
        if " from " in f" {line} ":
            continue
        libraries = line.split()
        if libraries != sorted(libraries):
            yield f"{template_name(path)}: {line} is not sorted"
        for library in libraries:
            if not any(uses(source, name) for name in library_names(library)):
                yield f"{template_name(path)}: {library} is loaded but not used"


def library_names(library):
    """Return the tags and filters of a template library."""
    register = engines["django"].engine.template_libraries[library]
    return [*register.tags, *register.filters]


def uses(source, name):
    return re.search(rf"({{%\s*{name}\b|\|\s*{name}\b)", source)


def test_blocks_stand_in_the_frame_order():
    found = []
    for path in TEMPLATES:
        blocks = [name for name in BLOCK.findall(text_of(path)) if name in BLOCK_ORDER]
        if "extends" in text_of(path) and blocks != sorted(blocks, key=BLOCK_ORDER.index):
            found.append(f"{template_name(path)}: {' '.join(blocks)}")

    assert not found, "\n".join(found)


def test_files_are_protected():
    """domain.md 1: nobody deletes a stored file by deleting what uses it."""
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in {"members.StoredFile", "cms.PortalDocument"}
        and field.remote_field.on_delete is not models.PROTECT
    ]

    assert not found, "\n".join(found)


def test_records_rest_on_what_cannot_be_deleted():
    """House style 3.4: PROTECT from applications and certificates to what they rest on."""
    found = [
        f"{model._meta.label}.{field.name}"
        for label in ("applications", "certificates")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label
        in {"cms.NoticePage", "members.Company", "members.User", "members.Agency"}
        and field.remote_field.on_delete not in {models.PROTECT, models.RESTRICT}
        and model.__name__ not in PERSONAL_MARKS
    ]

    assert not found, "\n".join(found)


def test_forbidden_names_are_not_used():
    found = []
    for path in EVERYTHING:
        for node in ast.walk(parsed(path)):
            name = getattr(node, "name", None)
            if isinstance(name, str) and FORBIDDEN_NAMES.match(name):
                found.append(f"{name_of(path)}:{node.lineno} {name}")
        if FORBIDDEN_NAMES.match(path.stem):
            found.append(name_of(path))

    assert not found, "\n".join(found)


@pytest.mark.django_db
def test_migrations_are_in_step():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_label_is_korean():
    """S11, S65: what a person reads of a state or a column is Korean."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        found += [
            f"{model._meta.label}.{field.name} {value}: {label}"
            for field in model._meta.get_fields()
            for value, label in getattr(field, "choices", None) or []
            if not is_korean(str(label))
        ]

    assert not found, "\n".join(found)


def is_korean(text):
    """Tell whether a text is Korean, or holds nothing but Latin words that stay."""
    return bool(HANGUL.search(text)) or not foreign_words(text)


def foreign_words(text):
    return [word for word in LATIN_WORD.findall(text) if word not in LATIN_WORDS]


class VisibleText(HTMLParser):
    """Collect what a reader sees or hears of a template."""

    SPOKEN = ("alt", "title", "placeholder", "aria-label")

    def __init__(self):
        super().__init__()
        self.texts = []
        self.depth = 0

    def handle_starttag(self, tag, attributes):
        if tag in {"script", "style", "code", "svg"}:
            self.depth += 1
        self.texts += [value for name, value in attributes if name in self.SPOKEN and value]

    def handle_endtag(self, tag):
        if tag in {"script", "style", "code", "svg"}:
            self.depth -= 1

    def handle_data(self, data):
        if not self.depth:
            self.texts.append(data)


def test_no_english_is_left_on_screens():
    """ui.md 1.6: screens are Korean; a line without Hangul but with a Latin word is a slip."""
    found = [f"{template_name(path)}: {text}" for path in TEMPLATES for text in slips(path)]

    assert not found, "\n".join(found)


def slips(path):
    """Return the visible texts of a template that are in no language of ours."""
    reader = VisibleText()
    source = VARIABLE_TAG.sub(r"<\1div", COMMENT.sub("", text_of(path)))
    reader.feed(TEMPLATE_SYNTAX.sub("0", source))
    return [
        text.strip()[:60]
        for text in reader.texts
        if foreign_words(text) and not HANGUL.search(text) and not is_technical(text)
    ]


def is_technical(text):
    """Tell an address, a mail address or a type name from a sentence."""
    return all("@" in word or "/" in word or "." in word for word in text.split())


def test_lock_files_name_no_host():
    """stack.md 9: a lock file that names an index cannot be used behind another one."""
    locks = [ROOT / "package-lock.json", *sorted((ROOT / "requirements").glob("*.txt"))]
    found = [
        f"{name_of(path)}: {line.strip()[:80]}"
        for path in locks
        for line in text_of(path).splitlines()
        if re.search(r"https?://|--index-url|--extra-index|\"resolved\"", line)
        and "funding" not in line
        and not re.search(r"\"url\":", line)
        and not line.lstrip().startswith("#")
    ]

    assert not found, "\n".join(found)


def test_python_lock_files_hold_hashes():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        source = text_of(path)
        assert source.count("==") <= source.count("--hash=sha256:"), path.name


def test_no_path_of_a_machine_is_left():
    """Nothing in the repository depends on where somebody keeps it."""
    pattern = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/w)/")
    found = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in tracked_files()
        if path.suffix
        in {".py", ".md", ".toml", ".txt", ".html", ".js", ".mjs", ".css", ".json", ""}
        and path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1)
        if pattern.search(line)
    ]

    assert not found, "\n".join(found)
