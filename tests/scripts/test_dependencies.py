"""What the code imports is asked for in pyproject.toml, with a reason."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions

import check
from django.conf import settings

ROOMS = ("config", "certificates", "applications", "cms", "members", "scripts", "tests")
# Wagtail's and ninja's building stones come in the versions that these need.
BROUGHT = {
    "django-filter", "django-modelcluster", "django-taggit", "djangorestframework", "modelsearch",
    "pydantic",
}  # fmt: skip
# So do pytest's and the image library.
BROUGHT_FOR_TESTS = {"pillow", "packaging", "playwright"}


def imported_from(room):
    """Return the top-level modules that a room imports, whether at the top or inside."""
    found = set()
    for path in (settings.BASE_DIR / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    ours = {path.stem for path in (settings.BASE_DIR / "scripts").glob("*.py")} | set(ROOMS)
    return found - ours - set(sys.stdlib_module_names)


def declared(*extras):
    """Return the names of the dependencies and of some extras."""
    text = (settings.BASE_DIR / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][x] for x in extras)]
    return {check.package_name(entry) for entries in lists for entry in entries}


def distributions_of(rooms):
    by_module = packages_distributions()
    modules = set().union(*(imported_from(room) for room in rooms))
    return {
        check.normalized(name) for module in modules for name in by_module.get(module, [module])
    }


def test_running_code_imports_only_what_it_declares():
    rooms = [room for room in ROOMS if room != "tests"]

    assert distributions_of(rooms) - declared("prod") - BROUGHT == set()


def test_tests_import_only_what_is_declared():
    known = declared("prod", "dev") | BROUGHT | BROUGHT_FOR_TESTS

    assert distributions_of(["tests"]) - known == set()


def test_every_dependency_has_a_reason_above_it():
    """job-server's habit: a reason beside each dependency."""
    lines = (settings.BASE_DIR / "pyproject.toml").read_text("utf-8").splitlines()
    start = lines.index("dependencies = [")
    stop = lines.index("[tool.ruff]")
    last_reason, without = -9, []
    for number, line in enumerate(lines[start:stop]):
        if line.startswith("  #"):
            last_reason = number
        elif line.startswith('  "') and number - last_reason > 3:
            without.append(line.strip())

    assert without == []
