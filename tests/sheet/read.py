"""Reads the spreadsheets that the tests were answered with a library that we did not write."""

import sys
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

files = sorted(Path(sys.argv[1]).glob("*.xlsx"))
assert files, "the tests have left spreadsheets"
rows = guarded = dates = numbers = 0
for file in files:
    book = load_workbook(file)
    assert "组织汇总" in book.sheetnames and "说明" in book.sheetnames, (file, book.sheetnames)
    for sheet in book:
        assert sheet.freeze_panes == "A2", (file, sheet.title)
        headings = [cell.value for cell in sheet[1]]
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in heading) for heading in headings), headings
        for row in sheet.iter_rows(min_row=2):
            rows += 1
            for cell in row:
                assert cell.data_type != "f", (file, sheet.title, cell.coordinate, cell.value)
                value = cell.value
                if isinstance(value, (datetime, date)):
                    assert "yyyy" in cell.number_format, cell.number_format
                    dates += 1
                elif isinstance(value, (int, float)):
                    assert cell.number_format in ("0", "0.00", "0.0%"), cell.number_format
                    numbers += 1
                elif isinstance(value, str):
                    assert cell.number_format == "@", cell.number_format
                    if value.lstrip().startswith(("=", "+", "-", "@")):
                        assert cell.quotePrefix, (file, cell.coordinate, value)
                        guarded += 1
                else:
                    assert value is None, (cell.coordinate, value)
assert rows and guarded and dates and numbers, (rows, guarded, dates, numbers)
print(f"{len(files)} spreadsheets, {rows} rows, {dates} dates, {numbers} numbers, {guarded} guarded cells")
