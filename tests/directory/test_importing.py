"""Files as operators have them: lost zeros, odd columns, bad rows. Never half an import, and every row left out is named."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bot.core.places import Place
from bot.directory import Status
from bot.directory.columns import UnknownColumns
from bot.directory.contract import DirectoryBroken
from bot.directory.files import Unreadable
from bot.directory.importing import Options, Report, load, places
from bot.directory.memory import MemoryDirectory
from bot.problem import Problem
from tests.directory.made_up import as_rows, many
from tests.phone import START

HEADER = "name1,street1,city,state,zip,phone,service_codes,latitude,longitude"
GOOD = "River Clinic,1 River St,Cambridge,MA,02139,(617)555-0101,SA/MM/MD,42.36,-71.1"
DAY = date(2026, 11, 1)


class Import:
    """One import into memory: what was loaded, what was left out."""

    def __init__(self, path: Path, kind: str = "", columns: dict[str, str] | None = None, everywhere: Sequence[str] = ()) -> None:
        self.bad: list[tuple[int, str]] = []
        self.report = Report(bad=lambda line, why: self.bad.append((line, why)))
        self.directory = MemoryDirectory()
        self.progress: list[int] = []
        options = Options(kind, columns or {}, everywhere)
        self.status: Status = load(self.directory, path, DAY, options, self.report, self.progress.append, START)
        self.places: list[Place] = list(self.directory._places.values())


def write(folder: Path, *lines: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_a_row_becomes_a_place(tmp_path: Path) -> None:
    (place,) = Import(write(tmp_path, HEADER, GOOD)).places
    assert (place.name, place.phone, place.town, place.state) == ("River Clinic", "617-555-0101", "Cambridge", "MA")
    assert place.services == ("methadone", "medicaid")
    assert (place.lat, place.lon) == (42.36, -71.1)


@pytest.mark.parametrize("sign", ["\t", ";", "|", ","])
def test_columns_may_be_parted_by_any_usual_sign(tmp_path: Path, sign: str) -> None:
    name = "list.tsv" if sign == "\t" else "list.csv"
    path = write(tmp_path, HEADER.replace(",", sign), GOOD.replace(",", sign), name=name)
    assert Import(path).places[0].name == "River Clinic"


def test_a_spreadsheet_is_read_with_its_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Facilities, exported"])
    sheet.append(["name1", "street1", "city", "state", "zip", "phone", "latitude", "longitude", "MM", "dt", "MD"])
    sheet.append(["River Clinic", "1 River St", "Cambridge", "MA", 2139, 6175550101, 42.36, -71.1, 1, None, "yes"])
    sheet.append(["No Place", "", "", "", None, "617-555-0102", None, None, None, 1, None])
    book.save(tmp_path / "list.xlsx")
    done = Import(tmp_path / "list.xlsx")
    assert [(p.name, p.phone, p.services) for p in done.places] == [("River Clinic", "617-555-0101", ("methadone", "medicaid"))]
    assert done.bad == [(4, "it has no coordinates and no ZIP code")]
    assert done.report.notes["zero"] == 1


def test_a_lost_zero_is_restored_and_a_row_without_coordinates_is_placed(tmp_path: Path) -> None:
    lines = [
        "A,1 St,Cambridge,MA,2139,617-555-0101,SA,,",
        "B,1 St,Adjuntas,PR,601,787-555-0101,SA,0,0",
        "C,1 St,Wasilla,AK,99654-8525,907-555-0101,SA,,",
    ]
    done = Import(write(tmp_path, HEADER, *lines))
    assert [(round(p.lat), round(p.lon)) for p in done.places] == [(42, -71), (18, -67), (61, -150)]
    assert done.report.notes["zero"] == 2
    assert done.report.notes["placed"] == 3


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",1 St,Boston,MA,02118,617-555-0101,SA,42,-71", "it has no name"),
        ("A,1 St,Boston,MA,02118,617-555-0101,SA,north,-71", "its coordinate 'north' is not a number"),
        ("A,1 St,Boston,MA,02118,617-555-0101,SA,nan,-71", "its coordinate is not a number"),
        ("A,1 St,Boston,MA,02118,617-555-0101,SA,-71,42", "are not in the United States (swapped, or a minus sign lost?)"),
        ("A,1 St,Boston,MA,02118,617-555-0101,SA,42,71", "are not in the United States"),
        ("A,1 St,Boston,MA,99999,617-555-0101,SA,,", "where its ZIP code '99999' lies is not known"),
        ("A,1 St,Boston,MA,,617-555-0101,SA,,", "it has no coordinates and no ZIP code"),
        ("A,,Boston,MA,02118,call us,SA,42,-71", "it has neither a phone number nor a street"),
        ("A", "it has no coordinates and no ZIP code"),
    ],
)
def test_a_row_that_is_no_place_is_named_with_its_line_and_reason(tmp_path: Path, row: str, why: str) -> None:
    done = Import(write(tmp_path, HEADER, GOOD, row, GOOD.replace("River", "Other")))
    assert [line for line, _ in done.bad] == [3]
    assert why in done.bad[0][1]
    assert done.status.count == 2


def test_a_field_over_several_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    two_lines = '"Big\nHouse",1 St,Boston,MA,02118,617-555-0101,SA,42,-71'
    done = Import(write(tmp_path, HEADER, two_lines, "", GOOD, ",1 St,Boston,MA,02118,617-555-0101,SA,42,-71"))
    assert [p.name for p in done.places] == ["Big House", "River Clinic"]
    assert [line for line, _ in done.bad] == [6]


def test_what_stands_in_a_text_message_is_plain_and_safe(tmp_path: Path) -> None:
    row = '"<b>Casa “José”</b> {name} @home http://x.example",1 St,Mayagüez,PR,00680,+1 (787) 555-0101 ext. 12,SA,18.2,-67.1'
    (place,) = Import(write(tmp_path, HEADER, row)).places
    assert place.name == 'Casa "José" name home'
    assert (place.town, place.phone) == ("Mayagüez", "787-555-0101 x12")


def test_a_file_that_windows_wrote_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD.replace("River", "Río"), encoding="cp1252")
    assert Import(path).places[0].name == "Rio Clinic"
    path = write(tmp_path, HEADER, GOOD.replace("River", "Peña"), encoding="utf-16")
    assert Import(path).places[0].name == "Peña Clinic"
    path = write(tmp_path, HEADER, GOOD, encoding="utf-8-sig")
    assert Import(path).places[0].name == "River Clinic"


def test_the_list_of_methadone_clinics_is_recognised(tmp_path: Path) -> None:
    path = write(tmp_path, "ID,ADDRESS,CITY,STATE,POSTAL,Latitude,Longitude", '"TTC, LLC",1 River St,Boston,MA,2118,42.34,-71.07')
    done = Import(path)
    assert done.places[0].name == "TTC, LLC"
    assert done.places[0].services == ("methadone",)
    assert "opioid treatment programs" in done.report.taken_for


def test_unknown_columns_are_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumns) as told:
        Import(write(tmp_path, "Betrieb,Ort,PLZ", "A,B,02139"))
    assert "No column holds the name." in str(told.value)
    assert "neither latitude and longitude nor a ZIP code" in str(told.value)
    assert "Betrieb, Ort, PLZ" in str(told.value)
    assert "--column name=" in str(told.value)


def test_columns_that_could_be_two_things_are_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "name,facility,zip,phone", "A,B,02139,617-555-0101")
    with pytest.raises(UnknownColumns, match="'name' and 'facility' could both be the name"):
        Import(path)
    assert Import(path, columns={"name": "Facility"}).places[0].name == "B"


def test_columns_can_be_mapped_and_services_given(tmp_path: Path) -> None:
    path = write(tmp_path, "Betrieb,PLZ,Telefon", "A,02139,617-555-0101")
    done = Import(path, columns={"name": "Betrieb", "zip": "PLZ", "phone": "Telefon"}, everywhere=["detox"])
    assert done.places[0].services == ("detox",)
    with pytest.raises(UnknownColumns, match="There is no column 'Fax'"):
        Import(path, columns={"name": "Betrieb", "zip": "PLZ", "phone": "Fax"})


def test_rows_that_stand_twice_are_loaded_once(tmp_path: Path) -> None:
    done = Import(write(tmp_path, HEADER, GOOD, GOOD, GOOD.replace("1 River", "2 River")))
    assert done.status.count == 2
    assert done.report.notes["twice"] == 1


def test_the_same_row_gets_the_same_id_at_each_import(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD)
    assert Import(path).places[0].id == Import(path).places[0].id


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([HEADER], "no place"),
        ([HEADER, GOOD, ",,,,,,,,x", ",,,,,,,,x"], "2 of 3 rows cannot be used"),
        ([], "holds no rows"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, lines: list[str], why: str) -> None:
    with pytest.raises(Problem, match=why):
        Import(write(tmp_path, *lines))


def test_files_that_are_not_what_they_seem_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (tmp_path / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0 old excel")
    with pytest.raises(Unreadable, match="not an Excel file"):
        Import(tmp_path / "a.xlsx")
    with pytest.raises(Unreadable, match="old Excel file"):
        Import(tmp_path / "b.xls")
    with pytest.raises(Unreadable, match="line"):
        Import(write(tmp_path, HEADER, '"never closed ' + "x" * 200_000))


def test_a_day_in_the_future_is_refused(tmp_path: Path) -> None:
    report = Report(bad=lambda line, why: None)
    with pytest.raises(DirectoryBroken, match="future"):
        load(MemoryDirectory(), write(tmp_path, HEADER, GOOD), date(2027, 1, 1), Options(), report, lambda at: None, START)


def test_reading_takes_no_more_memory_for_a_longer_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = write(tmp_path, *as_rows(many(count)))
        tracemalloc.start()
        for _ in places(path, Options(), Report(bad=lambda line, why: None), lambda at: None):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)  # what is made once
    assert peak(4000) < peak(1000) + 200_000


def test_progress_goes_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, *as_rows(many(100)))
    seen = Import(path).progress
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size


def test_a_title_does_not_hide_by_what_the_columns_are_parted(tmp_path: Path) -> None:
    path = write(tmp_path, "Facilities, 2026, all", HEADER.replace(",", ";"), GOOD.replace(",", ";"))
    assert Import(path).places[0].name == "River Clinic"


@pytest.mark.parametrize("code", ['="02139"', "'02139"])
def test_a_zip_code_kept_from_a_spreadsheet_is_read(tmp_path: Path, code: str) -> None:
    row = GOOD.replace("02139", code).replace("42.36,-71.1", "N/A,#N/A")
    assert round(Import(write(tmp_path, HEADER, row)).places[0].lat) == 42


@pytest.mark.parametrize("name", ["#N/A", "#REF!", '"=HYPERLINK(""http://a.example"",""Free"")"', "N/A", "-"])
def test_nobody_is_sent_to_a_formula_or_an_error(tmp_path: Path, name: str) -> None:
    done = Import(write(tmp_path, HEADER, GOOD, GOOD.replace("River Clinic", name)))
    assert done.bad == [(3, "it has no name")]


@pytest.mark.parametrize("broken", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_excel_file_is_said_to_be_one(tmp_path: Path, broken: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADER.split(","))
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "half.xlsx", "w") as half:
        for name in whole.namelist():
            half.writestr(name, whole.read(name)[:300] if name == broken else whole.read(name))
    with pytest.raises(Unreadable, match="not an Excel file that can be read"):
        Import(tmp_path / "half.xlsx")


def test_a_file_said_to_be_excel_that_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Import(write(tmp_path, HEADER, GOOD), kind="xlsx")


def test_rows_that_an_open_quotation_mark_swallows_are_not_lost_in_silence(tmp_path: Path) -> None:
    more = [GOOD.replace("(617)555-0101", f"617-555-01{i}") for i in range(10, 20)]
    done = Import(write(tmp_path, HEADER, *more, f'"{GOOD}', *more, f'"River" {GOOD}', *more))
    ((line, why),) = done.bad
    assert line == 12
    assert "quotation mark" in why
