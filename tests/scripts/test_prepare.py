"""A step is done again when its inputs changed or its results are gone, and only then."""

import machine
import prepare
import pytest


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree of its own with one source and one result."""
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").write_text("a{}")
    (tmp_path / "built.css").write_text("a{}")
    return tmp_path


def stamp_of(tree):
    stamp = tree / "var" / "stamps" / "bundles.json"
    prepare.write_stamp(stamp, prepare.digest([tree / "source"]), [tree / "built.css"])
    return stamp


def test_unchanged_inputs_need_no_second_build(tree):
    stamp = stamp_of(tree)

    assert prepare.is_stamped(stamp, prepare.digest([tree / "source"]))


def test_changed_inputs_are_built_again(tree):
    stamp = stamp_of(tree)

    (tree / "source" / "a.css").write_text("b{}")

    assert not prepare.is_stamped(stamp, prepare.digest([tree / "source"]))


def test_a_new_file_is_a_change(tree):
    stamp = stamp_of(tree)

    (tree / "source" / "b.css").write_text("")

    assert not prepare.is_stamped(stamp, prepare.digest([tree / "source"]))


def test_missing_results_are_built_again(tree):
    stamp = stamp_of(tree)

    (tree / "built.css").unlink()

    assert not prepare.is_stamped(stamp, prepare.digest([tree / "source"]))


def test_without_stamp_everything_is_built(tree):
    assert not prepare.is_stamped(tree / "none.json", "")


def test_a_failing_program_shows_what_it_printed(tree):
    with pytest.raises(prepare.StepFailedError, match="the reason"):
        prepare.call("sh", "-c", "echo the reason; exit 3")


def test_a_missing_program_is_named(tree):
    with pytest.raises(prepare.StepFailedError, match="no-such-program"):
        prepare.call("no-such-program")


def test_missing_packages_come_with_the_line_to_type(monkeypatch):
    monkeypatch.setattr(machine, "can_install", lambda: False)

    with pytest.raises(machine.MissingPackagesError) as error:
        machine.install(["libpango-1.0-0"])

    assert str(error.value) == "sudo apt-get update && sudo apt-get install -y libpango-1.0-0"


def test_a_library_that_does_not_load_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(machine, "PANGO_PACKAGES", {"libno-such.so.9": "libno-such9"})

    assert machine.missing_libraries() == ["libno-such9"]
