"""Grids: matrix, heat map, sets, strips and tables. Rival possibilities split a cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from csto.answer.dates import cell_in_words
from csto.publish.pictures.colours import GRID, HATCH, INK, PAPER, SOFT, Scale, on
from csto.publish.pictures.sheet import Datum, Sheet, at
from csto.publish.pictures.table import Row
from csto.publish.pictures.words import width, wrap
from csto.sparql.view import View

# Shades of one hue for numbers, light to dark; the first is for the least.
SHADES = ("#e8f1f8", "#c3dbee", "#93c0e0", "#5b9fce", "#2b7bb8", "#0f5a94", "#083a66")
# What the ledger says of a cell without a row.
ABSENT = {"complete": "no", "attested": "no source of the graph says so"}


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _frame(
    sheet: Sheet, view: View, rows: Sequence[Row], deep: int
) -> tuple[list[tuple[str, str]], list[str], float, int]:
    """Names of rows and columns, width of a column, height of a row; draws all names."""
    names = list(dict.fromkeys((row["group"], row["row"]) for row in rows))
    columns = _unique(row["column"] for row in rows)
    if sheet.narrow and max((width(n, 9.5) for _, n in names), default=0) > 2 * 104:
        deep += 11
    if not sheet.narrow:
        sheet.left = int(min(280, max((width(n, 11.5) for _, n in names), default=0) + 18))
    else:
        sheet.left = int(min(118, max((width(n, 11) for _, n in names), default=0) + 14))
    cell = sheet.inner / max(1, len(columns))
    cell = min(cell, 110)
    longest = max((width(name, 11) for name in columns), default=0)
    heads_lines = [wrap(name, cell - 4, 11, 3) for name in columns]
    if all(
        "".join(lines).replace(" ", "") == n.replace(" ", "")
        for lines, n in zip(heads_lines, columns, strict=True)
    ) and (longest + 6 <= cell or cell >= 55):
        heads = 6.0 + 13 * max((len(lines) for lines in heads_lines), default=1)
        for number, lines in enumerate(heads_lines):
            middle = heads - 4 - 6.5 * len(lines)
            sheet.lines((number + 0.5) * cell, middle, lines, size=11, align="center")
    else:
        heads = min(150, longest) + 10
        for number, name in enumerate(columns):
            sheet.upright((number + 0.5) * cell, heads - 6, wrap(name, 150, 11, 1)[0])
    y = heads
    group = ""
    for named, name in names:
        if named != group:
            group = named
            y = sheet.group(y, group)
        sheet.places[named, name] = y
        link = next((r["link"] for r in rows if (r["group"], r["row"]) == (named, name)), "")
        size = 11.5 if not sheet.narrow else 11
        lines = wrap(name, sheet.left - 10, size, 3 if deep > 30 else 2)
        size = size if len(lines) == 1 else 9.5
        sheet.lines(-8, y + deep / 2, lines, align="right", size=size, link=link)
        y += deep + 2
    sheet.height = y
    return names, columns, cell, deep


def matrix(
    sheet: Sheet,
    view: View,
    rows: Sequence[Row],
    scale: Scale,
    extents: dict[tuple[str, str], str],
    layout: Sequence[Row] = (),
) -> None:
    """Rows by columns, each cell in the colour of what holds there.

    Args:
        extents: what the ledger says of cells without a row, by row and column.
        layout: rows that have the names and columns that are drawn, if not just these.
    """
    names, columns, cell, deep = _frame(sheet, view, layout or rows, 22)
    letters = sheet.letters = scale.letters
    cells: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["column"]:
            held = cells[row["group"], row["row"], row["column"]]
            if all((r["colour"], r["text"]) != (row["colour"], row["text"]) for r in held):
                held.append(row)
    values: list[Datum] = []
    # What has no room in its cell is told under the picture.
    said: dict[str, list[str]] = defaultdict(list)
    hatched = plain = False
    for group, name in names:
        y = sheet.places[group, name]
        for number, column in enumerate(columns):
            x = number * cell
            held = cells.get((group, name, column), [])
            if not held:
                told = extents.get((name, column), "complete" if not extents else "")
                if extents and told != "complete":
                    hatched = True
                    sheet.rect(x + 1, y, x + cell - 1, y + deep, HATCH, GRID)
                else:
                    plain = True
                    sheet.rect(x + 1, y, x + cell - 1, y + deep, PAPER, GRID)
                continue
            slice_ = (cell - 2) / len(held)
            for place, row in enumerate(held):
                x0 = x + 1 + place * slice_
                datum: Datum = {
                    "x0": round(x0, 1),
                    "x1": round(x0 + slice_, 1),
                    "y0": y,
                    "y1": y + deep,
                    "colour": row["colour"],
                    "certainty": row.certainty,
                    "said": f"{name}, {column}: {row['colour'] or row['text']} ({row.certainty})",
                }
                if row["link"]:
                    datum["link"] = row["link"]
                values.append(datum)
                text = row["text"]
                if text and width(text, 10) >= slice_ - 4:
                    said[text].append(f"{name}, {column}")
                    text = ""
                # Without colours, in print or to the colour-blind, a letter says what holds.
                text = text or letters.get(row["colour"], "")
                if text and width(text, 10) < slice_:
                    fill = scale.colours.get(row["colour"], "#0072b2")
                    ink = on(fill) if row.certainty == "certain" else INK
                    middle = x0 + slice_ / 2
                    sheet.text(middle, y + deep / 2, text, size=10, align="center", colour=ink)
    sheet.boxes(values, scale)
    sheet.key(scale, [row["colour"] for row in rows], [row.certainty for row in rows])
    if hatched:
        sheet.legend.append(("nothing told: no complete list", "#808080", "hatched"))
    for text, where in list(said.items())[:6]:
        cells_said = "; ".join(dict.fromkeys(where))
        sheet.remarks.append(f"{view.title('text').capitalize()} {text}: {cells_said}.")
    if hatched and plain:
        sheet.legend.append(("no", PAPER, "certain"))


def heat(sheet: Sheet, view: View, rows: Sequence[Row]) -> None:
    """Rows by columns, darker for more; the number stands in the cell where there is room."""
    names, columns, cell, deep = _frame(sheet, view, rows, 22)
    numbers = {(r["group"], r["row"], r["column"]): r for r in rows if r["number"]}
    most = max((r.value("number") for r in numbers.values()), default=1) or 1
    share = all(0 <= r.value("number") <= 1 for r in numbers.values())
    top = 1.0 if share else most
    gap = False
    for group, name in names:
        y = sheet.places[group, name]
        for number, column in enumerate(columns):
            x = number * cell
            row = numbers.get((group, name, column))
            if row is None:
                gap = True
                sheet.rect(x + 1, y, x + cell - 1, y + deep, HATCH, GRID)
                continue
            value = row.value("number")
            fill = shade(value / top)
            sheet.rect(x + 1, y, x + cell - 1, y + deep, fill, fill)
            text = row["text"] or number_text(value)
            if width(text, 10) < cell - 3:
                sheet.text(
                    x + cell / 2,
                    y + deep / 2,
                    text,
                    size=10,
                    align="center",
                    colour=on(fill),
                    link=row["link"],
                )
    title = view.title("number")
    sheet.legend += [(f"{title}: 0", SHADES[0], "certain")]
    sheet.legend += [(number_text(top), SHADES[-1], "certain")]
    if gap:
        sheet.legend.append(("nothing recorded", "#808080", "hatched"))


def shade(share: float) -> str:
    """The shade of a number between none and all."""
    return SHADES[min(len(SHADES) - 1, max(0, int(share * len(SHADES))))]


def number_text(value: float) -> str:
    """A number with as many digits as a reader needs."""
    if value == int(value):
        return f"{int(value):,}".replace(",", " ")
    return f"{value:.2f}"


def sets(sheet: Sheet, view: View, rows: Sequence[Row]) -> None:
    """An UpSet plot: combinations of columns, with the rows that have exactly these."""
    belongs: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        known = belongs[row["row"]].get(row["column"])
        certain = "certain" in (known, row.certainty)
        belongs[row["row"]][row["column"]] = "certain" if certain else "possible"
    columns = [name for name, _ in Counter(row["column"] for row in rows).most_common()]
    sizes = {c: sum(c in held for held in belongs.values()) for c in columns}
    columns = sorted(_unique(columns), key=lambda c: (-sizes[c], c))
    combos: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, held in belongs.items():
        combos[tuple(c for c in columns if c in held)].append(name)
    order = sorted(combos, key=lambda c: (-len(combos[c]), -len(c), c))
    deep = 20
    sheet.left = int(min(150, max(width(c, 11) for c in columns) + 34))
    step = min(34.0, (sheet.inner - 4) / max(1, len(order)))
    bar = 130.0
    most = max(len(names) for names in combos.values())
    grid_top = bar + 24
    for number, column in enumerate(columns):
        y = grid_top + number * deep
        if number % 2 == 0:
            sheet.rect(-sheet.left, y, len(order) * step, y + deep, "#f2f2f2", "#f2f2f2")
        sheet.text(-30, y + deep / 2, column, size=11, align="right")
        sheet.text(-8, y + deep / 2, str(sizes[column]), size=11, align="right", colour=SOFT)
    dots: list[Datum] = []
    bars: list[Datum] = []
    links: list[Datum] = []
    for place, combo in enumerate(order):
        x = (place + 0.5) * step
        names = combos[combo]
        sure = [n for n in names if all(w == "certain" for w in belongs[n].values())]
        said = f"{', '.join(combo)}: {', '.join(sorted(names))}"
        for low, high, word in ((0, len(sure), "certain"), (len(sure), len(names), "possible")):
            if low < high:
                bars.append(
                    {
                        "x0": round(x - step * 0.33, 1),
                        "x1": round(x + step * 0.33, 1),
                        "y0": round(grid_top - 8 - high / most * bar, 1),
                        "y1": round(grid_top - 8 - low / most * bar, 1),
                        "colour": "",
                        "certainty": word,
                        "said": said,
                    }
                )
        sheet.text(x, grid_top - 16 - len(names) / most * bar, str(len(names)), align="center")
        among = [n for n, column in enumerate(columns) if column in combo]
        for number in range(len(columns)):
            y = grid_top + (number + 0.5) * deep
            dots.append(
                {
                    "x": round(x, 1),
                    "y": y,
                    "c": "#0072b2" if number in among else "#d4d4d4",
                    "said": said,
                }
            )
        links.append(
            {
                "x": round(x, 1),
                "y": grid_top + (among[0] + 0.5) * deep,
                "y2": grid_top + (among[-1] + 0.5) * deep,
            }
        )
    fixed = Scale({"": "#0072b2"})
    box = {"x": at("x0"), "x2": {"field": "x1"}, "y": at("y0"), "y2": {"field": "y1"}}
    sheet.add(bars, {"type": "rect", "strokeWidth": 1}, **box, **sheet.filled(fixed))
    sheet.add(
        links,
        {"type": "rule", "stroke": "#0072b2", "strokeWidth": 2},
        x=at("x"),
        y=at("y"),
        y2={"field": "y2"},
    )
    sheet.add(
        dots,
        {"type": "circle", "size": 60 if step > 12 else 34, "opacity": 1},
        x=at("x"),
        y=at("y"),
        fill={"field": "c", "type": "nominal", "scale": None},
    )
    sheet.height = grid_top + len(columns) * deep
    sheet.key(fixed, [], [b["certainty"] for b in bars])
    sheet.remarks.append(
        "A column of dots is a combination; the bar over it counts those with exactly this one. "
        "The number beside a name counts all that have it."
    )
    shared = [c for c in order if len(c) > 1][:4]
    for combo in shared:
        sheet.remarks.append(f"{' + '.join(combo)}: {', '.join(sorted(combos[combo]))}.")


def strip(sheet: Sheet, view: View, rows: Sequence[Row], scale: Scale) -> None:
    """A strip for each question: its readings side by side in their order, with who gives them."""
    questions: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        questions.setdefault((row["group"], row["row"]), []).append(row)
    y = 2.0
    group = ""
    values: list[Datum] = []
    for (named, name), held in questions.items():
        if named != group:
            group = named
            y = sheet.group(y, group)
        if "order" in view:
            held = sorted(held, key=lambda r: r["order"])
        for line in wrap(name, sheet.outer, 11.5, 3):
            sheet.text(0, y + 8, line, weight="bold", size=11.5, link=held[0]["link"])
            y += 15
        y += 3
        # Readings that say the same stand in one box, whoever gives them.
        boxes: dict[str, list[Row]] = {}
        for row in held:
            boxes.setdefault(row["reading"], []).append(row)
        per_line = max(1, min(len(boxes), 4 if not sheet.narrow else 1))
        wide = sheet.outer / per_line
        listed = list(boxes.items())
        for start in range(0, len(listed), per_line):
            deepest = 0.0
            for place, (reading, given) in enumerate(listed[start : start + per_line]):
                x = place * wide
                best = min(given, key=lambda r: scale.domain.index(r["colour"]))
                head = wrap(cell_in_words(reading), wide - 26, 12, 3)
                below = [
                    line
                    for row in given
                    for line in wrap(row["text"], wide - 26, 10.5, 3)
                    if row["text"]
                ]
                tall = 10 + len(head) * 14.5 + len(below) * 12.5
                values.append(
                    {
                        "x0": round(x, 1),
                        "x1": round(x + 7, 1),
                        "y0": y,
                        "y1": y + tall,
                        "colour": best["colour"],
                        "certainty": "certain",
                        "said": f"{name}: {reading} ({', '.join(_unique(r['text'] for r in given))}"
                        f"; {best['colour']})",
                    }
                )
                sheet.rect(x + 7, y, x + wide - 8, y + tall, PAPER, GRID)
                inner = y + 12
                for line in head:
                    sheet.text(x + 14, inner, line, size=12)
                    inner += 14.5
                for line in below:
                    sheet.text(x + 14, inner - 1, line, size=10.5, colour=SOFT)
                    inner += 12.5
                deepest = max(deepest, tall)
            y += deepest + 6
        y += 10
    sheet.height = y
    sheet.boxes(values, scale)
    sheet.key(scale, [v["colour"] for v in values], [])


def table(sheet: Sheet, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The rows as they are; columns as wide as their words, long cells on several lines."""
    size = 11 if not sheet.narrow else 10
    # At 390 pixels a row is a card: name and value under each other.
    if sheet.narrow:
        y = 4.0
        for cells in rows:
            for name, text in zip(columns, cells, strict=True):
                if text:
                    lines = wrap(f"{name.replace('_', ' ')}: {text}", sheet.outer - 4, size, 3)
                    for line in lines:
                        sheet.text(0, y + 6, line, size=size)
                        y += 13.5
            y += 4
            sheet.rule(0, y, sheet.outer, y)
            y += 5
        sheet.height = y
        return
    wanted = []
    for number, name in enumerate(columns):
        longest = sorted(width(row[number], size) for row in rows) or [0.0]
        # Nine in ten cells set the width; the rest are broken.
        wanted.append(max(width(name, size) + 8, longest[int(len(longest) * 0.9)] + 12))
    total = sum(wanted)
    fair = sheet.outer / max(1, len(columns))
    if total > sheet.outer:
        small = [w if w <= fair else 0 for w in wanted]
        left = sheet.outer - sum(small)
        big = sum(w for w in wanted if w > fair)
        wanted = [w if w <= fair else max(40.0, w / big * left) for w in wanted]
    places = [sum(wanted[:number]) for number in range(len(wanted))]
    y = 10.0
    for number, name in enumerate(columns):
        head = wrap(name.replace("_", " "), wanted[number] - 6, size, 1)[0]
        sheet.text(places[number], y, head, weight="bold", size=size)
    y += 11
    sheet.rule(0, y, sheet.outer, y, SOFT)
    y += 2
    for cells in rows:
        broken = [
            wrap(text, wanted[number] - 8, size, 3) if text else []
            for number, text in enumerate(cells)
        ]
        tall = max((len(one) for one in broken), default=1)
        for number, one in enumerate(broken):
            for line_number, line in enumerate(one):
                sheet.text(places[number], y + 9 + line_number * 13, line, size=size)
        y += tall * 13 + 6
        sheet.rule(0, y, sheet.outer, y)
    sheet.height = y + 2
