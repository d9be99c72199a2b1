"""Figures land in their own section of a page and leave the rest alone."""

import pytest

from bench.report import machine, version, write_section

PAGE = "# Figures\n\n<!-- speed -->\nold\n<!-- /speed -->\n\nwritten by hand\n"


def test_a_section_is_replaced_and_what_stands_around_it_is_kept(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    write_section(page, "speed", ["hurtigere: æøå", "", "ny"])

    expected = PAGE.replace("old", "hurtigere: æøå\n\nny")
    assert page.read_text(encoding="utf-8") == expected


def test_writing_the_same_twice_changes_nothing(tmp_path):
    page = tmp_path / "page.md"
    write_section(page, "speed", ["one"])
    once = page.read_text(encoding="utf-8")

    write_section(page, "speed", ["one"])

    assert page.read_text(encoding="utf-8") == once


def test_a_new_section_is_added_last(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    write_section(page, "quality", ["figures"])

    text = page.read_text(encoding="utf-8")
    assert text == PAGE + "\n<!-- quality -->\nfigures\n<!-- /quality -->\n"


def test_a_section_that_is_never_closed_is_an_error_and_nothing_is_lost(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- speed -->\nold\n", encoding="utf-8")

    with pytest.raises(ValueError, match="never closed"):
        write_section(page, "speed", ["new"])

    assert page.read_text(encoding="utf-8") == "<!-- speed -->\nold\n"


def test_the_machine_and_the_version_are_named():
    assert machine()["cores"] >= 1
    assert version()
