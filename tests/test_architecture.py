"""The walls of the house (docs/architecture.md) that an import linter cannot see."""

import ast
import inspect
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("members", "cms", "applications", "certificates", "config")  # ground floor first
RANK = {room: floor for floor, room in enumerate(ROOMS)}
MAX_FILE_LINES = 400
MAX_TEST_FILE_LINES = 500  # a room's tests stay in one file a little longer
MAX_FUNCTION_LINES = 40
MAX_VIEW_LINES = 25
MAX_TEMPLATE_LINES = 120
FORBIDDEN_MODULES = {"utils", "helpers", "common", "core", "misc"}
WEBLESS = ("services", "rules", "selectors", "enums", "tasks", "emails", "pdf", "pki")
WEB_PACKAGES = ("django.http", "django.shortcuts", "django.contrib.messages")
CLOCK_CALLS = {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now"}
CLOCK_CALLS |= {"datetime.today", "date.today", "time.time"}
SAVE_OVERRIDES = {
    "cms.models.base.AgencyOwnedPage": "the only point every creation route passes",
    "cms.models.notices.NoticePage": "keeps intake facts out of revisions (domain.md 5.1)",
    "members.models.records.AccessRecord": "refuses every change: the rows are evidence",
}


def python_files(*folders):
    """Return our Python files below folders of the project, migrations left out."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


SOURCE = [*python_files(*ROOMS), ROOT / "manage.py"]
EVERYTHING = [*SOURCE, *python_files("tests", "scripts")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name_of(path):
    """Return a file's path inside the project."""
    return path.relative_to(ROOT).as_posix()


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def is_layer(path, *layers):
    """Tell whether a file is, or lies in, a module of one of these names inside a room."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] in ROOMS and len(parts) > 1 and parts[1] in layers


def imported(tree):
    """Yield line and full dotted name of everything a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def functions(tree):
    return [
        node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def length(node):
    return node.end_lineno - node.lineno + 1


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def flow(node):
    """Count a function's lines without signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def too_long(paths, limit, measure=length):
    """Return "file function length" of every function over a limit."""
    return [
        f"{name_of(path)} {function.name} {measure(function)}"
        for path in paths
        for function in functions(parsed(path))
        if measure(function) > limit
    ]


def traces_of_the_web(tree):
    """Return imports of Django's web layer and functions that take a request."""
    found = [name for _, name in imported(tree) if name.startswith(WEB_PACKAGES)]
    return found + [
        function.name
        for function in functions(tree)
        for argument in [*function.args.args, *function.args.kwonlyargs]
        if argument.arg == "request"
    ]


def shape_faults(function):
    """Return what a public service lacks of: named arguments, docstring, typed result."""
    positional = [*function.args.posonlyargs, *function.args.args]
    if len(positional) > 1:
        yield "several positional arguments"
    if not ast.get_docstring(function):
        yield "no docstring"
    if function.returns is None:
        yield "no result type"


def lower_to_upper_relations():
    """Yield the relations by which a lower room points at an upper one."""
    for model in apps.get_models(include_auto_created=True):
        floor = RANK.get(model._meta.app_label)
        if floor is None:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            owns_column = getattr(field, "concrete", False)
            if target is None or isinstance(target, str) or not owns_column:
                continue
            if RANK.get(target._meta.app_label, -1) > floor:
                yield f"{model._meta.label}.{field.name} → {target._meta.label}"


def test_relations_point_down():
    """domain.md 1: string foreign keys are invisible to an import linter, so they are walked."""
    assert list(lower_to_upper_relations()) == []


def test_members_points_at_no_page():
    """House style 4.1: such a key breaks the first migrate, because pages need the user model."""
    models = apps.get_app_config("members").get_models()
    targets = {
        field.related_model._meta.app_label
        for model in models
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and getattr(field, "related_model", None)
    }

    assert not targets & {"wagtailcore", "cms", "wagtailimages", "wagtaildocs"}


def test_files_stay_small():
    limits = dict.fromkeys(EVERYTHING, MAX_FILE_LINES)
    limits |= {path: MAX_TEST_FILE_LINES for path in EVERYTHING if "tests" in path.parts}

    assert {name_of(path) for path, limit in limits.items() if lines_of(path) > limit} == set()


def test_functions_stay_small():
    found = too_long(EVERYTHING, MAX_FUNCTION_LINES)

    assert not found, "\n".join(found)


def test_templates_stay_small():
    sizes = {name_of(path): lines_of(path) for path in TEMPLATES}

    assert {name: lines for name, lines in sizes.items() if lines > MAX_TEMPLATE_LINES} == {}


def test_views_stay_thin():
    found = too_long([path for path in SOURCE if is_layer(path, "views")], MAX_VIEW_LINES, flow)

    assert not found, "\n".join(found)


def test_no_drawer_for_leftovers():
    names = {part for path in SOURCE for part in path.relative_to(ROOT).with_suffix("").parts}

    assert not names & FORBIDDEN_MODULES


def test_inner_layers_never_see_the_web():
    found = [
        f"{name_of(path)} {fault}"
        for path in SOURCE
        if is_layer(path, *WEBLESS)
        for fault in traces_of_the_web(parsed(path))
    ]

    assert not found, "\n".join(found)


def test_services_and_rules_never_read_the_clock():
    found = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in SOURCE
        if is_layer(path, "services", "rules")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK_CALLS
    ]

    assert not found, "\n".join(found)


def test_services_take_keywords_and_say_what_they_do():
    """House style 3.3: the subject may stand alone, all else has names."""
    found = [
        f"{name_of(path)} {function.name}: {fault}"
        for path in SOURCE
        if is_layer(path, "services")
        for function in parsed(path).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        for fault in shape_faults(function)
    ]

    assert not found, "\n".join(found)


def test_signals_are_received_in_one_place():
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in SOURCE
        if name_of(path) != "cms/receivers.py"
        for line, name in imported(parsed(path))
        if name.startswith("django.dispatch") or ".signals." in name
    ]

    assert not found, "\n".join(found)


def test_save_is_overridden_only_where_listed():
    overriding = {
        f"{parent.__module__}.{parent.__name__}"
        for model in apps.get_models()
        for parent in inspect.getmro(model)
        if parent.__module__.split(".")[0] in ROOMS and "save" in vars(parent)
    }

    assert overriding == set(SAVE_OVERRIDES)


def test_django_admin_is_not_installed():
    """S63: staff work in Wagtail's admin, behind its permissions."""
    imports = [name for path in SOURCE for _, name in imported(parsed(path))]

    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert [name for name in imports if name.startswith("django.contrib.admin")] == []


def test_reads_do_not_open_transactions():
    """security.md 0.1: with ATOMIC_REQUESTS each page would take SQLite's write lock."""
    options = settings.SQLITE["OPTIONS"]

    assert not settings.ATOMIC_REQUESTS
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
