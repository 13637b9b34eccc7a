"""The screening against its own hostile set, file by file (issue C, Show 4)."""

import resource
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.uploads import FORMATS, UploadRefusedError, screen
from members.uploads.errors import REASONS
from tests.factories import uploads as made
from tests.factories.hostile import MIB, object_stream
from tests.factories.hostile_set import HOSTILE_SET


def verdict(name, data, formats):
    """Return the code of a refusal, or nothing where the file is taken."""
    try:
        screen(made.upload_of(name, data), formats=formats)
    except UploadRefusedError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("name", "make", "formats", "expected"),
    HOSTILE_SET,
    ids=[f"{n:03}-{entry[0].rpartition('.')[2]}" for n, entry in enumerate(HOSTILE_SET)],
)
def test_every_file_of_the_hostile_set_gets_its_verdict(name, make, formats, expected):
    """S36, security.md 4: every verdict right on our own hostile set."""
    assert verdict(name, make(), formats) in expected


def test_the_hostile_set_is_large_and_knows_harmless_files_too():
    """Issue C, 3: at least 120 files; a screening that refuses everything is no screening."""
    harmless = [entry for entry in HOSTILE_SET if entry[3] == {""}]

    assert len(HOSTILE_SET) - len(harmless) >= 120
    assert len(harmless) >= 30


def mangle(draw, content):
    content = bytearray(content)
    for _ in range(draw(st.integers(1, 12))):
        if not content:
            break
        place = draw(st.integers(0, len(content) - 1))
        if draw(st.booleans()):
            content[place] = draw(st.integers(0, 255))
        else:
            content[place : place + draw(st.integers(0, 64))] = draw(st.binary(max_size=16))
    return bytes(content)


SMALL = [entry for entry in HOSTILE_SET if entry[3] != {"zip_size"} and entry[3] != {"zip_ratio"}]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.data())
def test_mangled_hostile_files_never_break_the_screening(number, data):
    """security.md 4: mutated files, no 5xx."""
    name, make, _, _ = SMALL[number]
    content = make()
    if len(content) > MIB:
        return

    assert verdict(name, mangle(data.draw, content), list(FORMATS)) in {"", *REASONS}


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.data())
def test_many_mangled_files_never_break_the_screening(number, data):
    """security.md 4: + 1,000 mutated files, 0 5xx."""
    name, make, _, _ = SMALL[number]
    content = make()
    if len(content) > MIB:
        return

    assert verdict(name, mangle(data.draw, content), list(FORMATS)) in {"", *REASONS}


@pytest.mark.long
def test_worst_time_and_memory_stay_bounded():
    """security.md 4: at most 2 s and 100 MiB a file, the greatest ones too."""
    greatest = [
        ("크다.pdf", made.pdf(b"/Filter#41 stream\n" * (19 * MIB // 18))),
        ("크다.pdf", made.pdf(b"#41" * (6 * MIB))),
        ("크다.pdf", made.pdf(b"\nstream\n" * (19 * MIB // 8))),
        ("크다.pdf", made.pdf(b"1 0 obj<</N 1/First 4>>stream\n\nendstream " * (19 * MIB // 44))),
        ("크다.pdf", object_stream(b"x" * (31 * MIB))),
        ("표.docx", made.docx([("word/_rels/a.rels", b"<Relationship " * (MIB // 15))])),
        (
            "크다.zip",
            made.zip_of({f"{n}.jpg": made.jpg() + b"\1\2" * (480 * 512) for n in range(99)}),
        ),
        ("크다.docx", made.docx([("word/a.xml", b"ab" * (49 * MIB))])),
        ("크다.hwp", made.hwp() + b"\0" * (19 * MIB)),
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    worst = 0.0
    for name, data in [*greatest, *((entry[0], entry[1]()) for entry in SMALL)]:
        upload = made.upload_on_disk(name, data)
        start = time.process_time()
        with suppress(UploadRefusedError):
            screen(upload, formats=list(FORMATS))
        worst = max(worst, time.process_time() - start)
        upload.close()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    assert worst <= 2.0, f"{worst:.2f} CPU seconds"
    assert grown <= 100, f"{grown:.0f} MiB"
