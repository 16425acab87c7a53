"""The languages: whole catalogues, which one is spoken, the same figures in each."""

import argparse
import ast
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from babel.messages.catalog import Message
from left_english import strings
from spoken_calls import FOREIGN, options, run

from dosing_app.cli import main
from dosing_app.cli.parser_words import parser_words
from dosing_app.core.clock import read_date
from dosing_app.core.quantities import Field, Refused, quantity, read_quantity
from dosing_app.course import pump
from dosing_app.course.order import quantity_field
from dosing_app.reference.bundle import load_house
from dosing_app.reference.product import load_product
from dosing_app.reference.product_entries import entries
from dosing_app.store.language_file import keep_language, kept_language, language_file
from dosing_app.teaching.ask import read_answer, tolerance_words
from dosing_app.teaching.exercise import class_set
from dosing_app.teaching.lesson import read_age
from dosing_app.wording import figures
from dosing_app.wording.bedside_text import reading_accepted
from dosing_app.wording.language import LANGUAGES, _, data_words, of_system, speak, spoken
from dosing_app.wording.sentences import accepted, refusal
from dosing_app.wording.units import print_quantity


@pytest.fixture(autouse=True)
def english_again(tmp_path, monkeypatch):
    """Each test begins and ends in English, with a settings folder of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    speak("en")


# ---- the catalogues ----


@pytest.fixture(scope="module")
def wanted() -> set[tuple[str, object]]:
    return strings.sentences(strings.collect())


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert [strings.language(path) for path in strings.catalogues()] == FOREIGN


@pytest.mark.parametrize("path", strings.catalogues(), ids=strings.language)
def test_a_catalogue_is_whole(path: Path, wanted: set[tuple[str, object]]) -> None:
    """No sentence missing, empty or uncertain; placeholders, keys and ends as in English; compiled as it stands."""
    assert strings.check(path, wanted) == []


@pytest.mark.parametrize("path", strings.catalogues(), ids=strings.language)
def test_a_catalogue_says_that_it_wants_a_review(path: Path) -> None:
    header = path.read_text("utf-8").partition("msgid")[0]
    assert "clinician's review is wanted" in header


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Bag {number} of {of}", "Zak {number}"),
        ("Bag {number} of {of}", "Zak {nummer} van {of}"),
        ("&Order", "Opdracht"),
        ("No result.", "Geen resultaat"),
        ("Name", "Naam:"),
        (" and ", "en"),
        ("Take down", ""),
        ("Take down", "Zak  afkoppelen"),
        (("{number} vial", "{number} vials"), ("{number} flacon", "")),
        (("the next day", "{days} days later"), ("de volgende dag", "dagen later")),
    ],
)
def test_faults_of_a_translation_are_seen(source, text) -> None:
    assert list(strings.faults(Message(source, text)))


def test_a_sound_translation_has_no_fault() -> None:
    for source, text in (
        ("Bag {number} of {of}", "Van {of} zakken nummer {number}"),
        ("&Order", "&Opdracht"),
        (("the next day", "{days} days later"), ("de volgende dag", "{days} dagen later")),
    ):
        assert list(strings.faults(Message(source, text))) == []
    assert list(strings.faults(Message("Name", "Naam", flags=["fuzzy"])))


# ---- which language ----


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "nl"}, "nl"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "nl_NL", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "nl_NL", "LC_MESSAGES": "de_DE", "LC_ALL": "C"}, "en"),
        ({"LANG": "nl_NL", "LC_ALL": ""}, "nl"),
        ({"LANG": "en_GB", "LC_ALL": "en_GB", "LANGUAGE": "fr:de:nl"}, "de"),
        ({"LANGUAGE": "en_US:nl"}, "en"),
        ({"LC_NUMERIC": "de_DE", "LC_TIME": "nl_NL"}, "en"),
    ],
)
def test_the_computer_s_language(variables: dict[str, str], expected: str) -> None:
    assert of_system(variables, "linux") == expected


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize(
    ("locale", "expected"), [("nl_NL", "nl"), ("German_Germany", "de"), ("Dutch_Belgium", "nl"), (None, "en")]
)
def test_the_locale_of_other_systems(platform: str, locale: str | None, expected: str, monkeypatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (locale, "UTF-8"))
    assert of_system({}, platform) == expected
    assert of_system({"LANG": "C"}, platform) == "en"


def test_a_call_asks_for_a_language_before_or_after_the_command(capsys) -> None:
    english = run(capsys, "findings")
    dutch = run(capsys, "findings", "--language", "nl")
    assert dutch != english
    assert run(capsys, "--language", "nl", "findings") == dutch
    assert run(capsys, "--language=nl", "findings") == dutch
    assert run(capsys, "findings") == english  # asked for by one call, not kept


def test_the_parser_of_calls_speaks_too(capsys) -> None:
    source = Path(argparse.__file__).read_text("utf-8")
    listed = parser_words()
    assert [each for each in listed if repr(each).strip("'\"").replace("\\n", "\\n") not in source] == []
    speak("nl")
    assert [each for each, other in zip(listed, parser_words(), strict=True) if each == other] == []
    for call in (["plan", "--help"], ["--help"]):
        with pytest.raises(SystemExit):
            main([*call, "--language", "nl"])
        shown = capsys.readouterr().out
        assert "usage:" not in shown
        assert "show this help" not in shown
    assert main(["plan", "--weight", "--language", "nl", "--json"]) == 2
    assert "expected" not in json.loads(capsys.readouterr().out)["findings"][0]["message"]


def test_a_later_language_overrides_an_earlier_one(capsys) -> None:
    english, dutch = run(capsys, "findings"), run(capsys, "findings", "--language=nl")
    assert run(capsys, "findings", "--language", "nl", "--language=en") == english
    assert run(capsys, "--language", "en", "findings", "--language", "nl") == dutch


def test_what_the_person_chose_comes_before_the_computer_and_after_the_call(capsys) -> None:
    english = run(capsys, "findings")
    keep_language("nl")
    assert language_file().stat().st_mode & 0o777 == 0o600
    dutch = run(capsys, "findings")
    assert dutch != english
    assert run(capsys, "findings", "--language", "en") == english
    keep_language(None)
    keep_language(None)
    assert kept_language() is None
    assert run(capsys, "findings") == english


@pytest.mark.parametrize("content", [b"", b"fr\n", b"\xff\xfe", b"nl de\n", b"../nl"])
def test_a_choice_that_cannot_be_read_stops_nothing(content: bytes, capsys) -> None:
    english = run(capsys, "findings")
    language_file().parent.mkdir(parents=True)
    language_file().write_bytes(content)
    assert run(capsys, "findings") == english


def test_an_unknown_language_is_refused(capsys) -> None:
    assert main(["plan", "--language", "fr", "--json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["code"] == "unreadable"
    assert "fr" in found["message"]


def test_a_process_of_its_own_speaks_the_computer_s_language(tmp_path) -> None:
    call = [sys.executable, "-m", "dosing_app", "findings"]
    variables = os.environ | {"LANGUAGE": "nl:en", "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(call, env=variables, check=True, capture_output=True, encoding="utf-8")
    assert "Een waarde is niet leesbaar." in done.stdout


# ---- the same figures ----


@pytest.mark.parametrize("code", FOREIGN)
def test_a_plan_differs_in_its_messages_alone(code: str, capsys) -> None:
    def plan(*call: str) -> tuple[dict, list[str]]:
        found = json.loads(run(capsys, "plan", *options(), "--json", *call))
        return found, [each.pop("message") for each in found["findings"]]

    english, sentences = plan()
    foreign, translated = plan("--language", code)
    assert foreign == english
    assert foreign["check_code"]
    assert all(one != other for one, other in zip(sentences, translated, strict=True))


def test_periods_and_weekdays_in_a_message_are_translated(capsys) -> None:
    call = options(born="2026-11-05")
    english, dutch = run(capsys, "plan", *call, "--json"), run(capsys, "plan", *call, "--json", "--language=nl")
    (said,) = [each["message"] for each in json.loads(english)["findings"] if each["code"] == "age"]
    assert "18 days old" in said.replace("\u00a0", " ")
    (said,) = [each["message"] for each in json.loads(dutch)["findings"] if each["code"] == "age"]
    assert "18 dagen oud" in said.replace("\u00a0", " ")
    speak("nl")
    assert "de datum valt op ma" in refusal("start", "weekday", "di 23-nov-2026 14:00", {"actual": "Mon"})


def figures_of(text: str) -> Counter[str]:
    """Every number of a text, as it is written."""
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", text))


@pytest.mark.parametrize("code", FOREIGN)
def test_a_plan_as_text_has_the_same_figures(code: str, capsys) -> None:
    english = run(capsys, "plan", *options())
    foreign = run(capsys, "plan", *options(), "--language", code)
    assert figures_of(foreign) == figures_of(english)
    assert "2.5" in figures_of(foreign)
    assert not re.search(r"\d,\d", foreign)


@pytest.mark.parametrize("code", FOREIGN)
def test_papers_have_the_same_figures(code: str, tmp_path, capsys) -> None:
    def papers(folder: Path, *call: str) -> dict[str, str]:
        main(["export", *options(), "--to", str(folder), *call])
        capsys.readouterr()
        texts = {}
        for path in sorted(folder.glob("*.pdf")):
            pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
            texts[path.name] = "\n".join(page.extract_text() for page in pages)
        return texts

    english, foreign = papers(tmp_path / "en"), papers(tmp_path / "other", "--language", code)
    assert english.keys() == foreign.keys()
    assert len(english) >= 2
    for name, text in foreign.items():
        assert text != english[name]
        assert set(figures_of(text)) == set(figures_of(english[name])), name
        assert len(figures_of(text)) > 10


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_written_date_can_be_typed_again(code: str) -> None:
    speak(code)
    assert spoken() == code
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 9, 28)]
    for day in days:
        assert read_date(figures.date_words(day), typed=True).format_iso() == day


def test_what_is_not_translated_is_said_in_english() -> None:
    speak("nl")
    assert _("No such sentence is in the program.") == "No such sentence is in the program."


# ---- units and data in words ----


@pytest.mark.parametrize(
    ("code", "unit", "number", "micrograms", "expected"),
    [
        ("nl", "microgram/day", "5.05", "micrograms", "5.05 microgram per dag"),
        ("nl", "microgram/m^2/day", "15", "micrograms", "15 microgram per m² per dag"),
        ("nl", "mL/h", "2.5", "micrograms", "2.5 mL/uur"),
        ("nl", "microgram/h", "0.2", "micrograms", "0.2 microgram per uur"),
        ("nl", "day", "1", "micrograms", "1 dag"),
        ("nl", "day", "28", "micrograms", "28 dagen"),
        ("nl", "microgram", "1", "mcg", "1 mcg"),
        ("nl", "mg/kg/day", "19.6", "micrograms", "19.6 mg per kg per dag"),
        ("de", "microgram/day", "5.05", "micrograms", "5.05 Mikrogramm pro Tag"),
        ("de", "microgram/m^2/day", "15", "micrograms", "15 Mikrogramm pro m² pro Tag"),
        ("de", "microgram/m^2/day", "15", "mcg", "15 mcg pro m² pro Tag"),
        ("de", "mL/h", "2.5", "micrograms", "2.5 mL/Stunde"),
        ("de", "L/h/m^2", "0.89", "micrograms", "0.89 L pro Stunde pro m²"),
        ("de", "day", "1", "micrograms", "1 Tag"),
        ("de", "day", "2", "micrograms", "2 Tage"),
        ("de", "microgram/mL", "12.5", "micrograms", "12.5 Mikrogramm pro mL"),
        ("de", "mL", "1000.5", "micrograms", "1 000.5 mL"),
        ("en", "microgram", "1", "micrograms", "1 microgram"),
        ("en", "microgram", "1", "mcg", "1 mcg"),
        ("en", "h", "24", "micrograms", "24 h"),
    ],
)
def test_a_unit_is_read_in_the_person_s_language(code, unit, number, micrograms, expected) -> None:
    speak(code)
    shown = print_quantity(quantity(Decimal(number), unit), unit, micrograms=micrograms)
    assert shown.replace("\u00a0", " ") == expected


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_sentence_tells_to_type_is_read(code: str) -> None:
    """The spellings that are read are the same in every language, so an example keeps them."""
    limits = load_house().limits
    speak(code)
    for name in ("weight", "length", "second-weight", "second-length", "prescribed"):
        examples = re.findall(r"[0-9][0-9.]* [a-z/]+", accepted(name))
        assert examples, name
        for example in examples:
            read_quantity(example, quantity_field(name, limits))
    for what, unit in ((pump.RATE, "mL/h"), (pump.INFUSED, "mL"), (pump.SEEN, "mL")):
        (example,) = re.findall(r"[0-9][0-9.]* [a-zA-Z/]+", reading_accepted(what))
        read_quantity(example, Field("reading", unit))
    with pytest.raises(ValueError, match="156") as said:
        read_age("old")
    assert read_age(re.sub(r"^\D*|\W+$", "", str(said.value))) == 156


@pytest.mark.parametrize("code", FOREIGN)
def test_a_task_says_how_its_unit_is_typed(code: str) -> None:
    ask = next(ask for each in class_set(7, 18) for ask in each.asks if ask.unit == "microgram/day")
    assert "typed" not in tolerance_words(ask)
    speak(code)
    assert "micrograms per day" in tolerance_words(ask)
    assert "micrograms per day" not in tolerance_words(ask, on_paper=True)
    assert read_answer(ask, f"{ask.value:.2f} micrograms per day").value == Decimal(f"{ask.value:.2f}")


@pytest.mark.parametrize(
    ("typed", "named"),
    [("2.5 mL/uur", "h"), ("2.5 mL/Stunde", "h"), ("5 microgram/dag", "day"), ("5 microgram per Tag", "day")],
)
def test_a_unit_in_another_language_is_refused_with_the_spelling_that_is_read(typed: str, named: str) -> None:
    accepts = Field("rate", "mL/h") if "mL" in typed else Field("prescribed", "microgram/day")
    with pytest.raises(Refused) as refused:
        read_quantity(typed, accepts)
    assert refused.value.reason == "misspelled"
    assert refused.value.values["accepted"] == named


def test_texts_of_the_shipped_data_are_translated_and_those_of_a_site_are_not() -> None:
    speak("nl")
    assert data_words("sodium chloride 0.9 %") == "natriumchloride 0.9 %"
    assert data_words("saline of our own pharmacy") == "saline of our own pharmacy"
    assert _("Order") != "Order"
    assert data_words("Order") == "Order"
    assert data_words("") == ""


def test_a_sentence_inside_a_formatted_text_is_collected() -> None:
    code = ast.parse("f'{name}: {_(\"A sentence.\")}'\nn_('{number} bag', '{number} bags', 2)")
    assert set(strings.literals(code)) == {"A sentence.", ("{number} bag", "{number} bags")}
    with pytest.raises(ValueError, match="line 1"):
        list(strings.literals(ast.parse("_(text)")))


def test_every_text_of_the_data_files_that_people_read_is_collected(wanted) -> None:
    collected = {text for context, text in wanted if context == "data"}
    for name in ("eu", "us"):
        product = load_product(name)
        figures_of_it = [each.source for each in entries(product) if each.source]
        assert figures_of_it
        read = {product.title, product.saline.name, *figures_of_it}
        read |= {kind.why_unavailable for kind in product.kind if kind.why_unavailable}
        assert read <= collected
