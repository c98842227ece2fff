"""Write the passage register of a source text, one Turtle file per source.

A passage is one text block of the stored file (a non-blank line, or a run of
list lines where a source breaks a block), numbered within its section. The
register holds places only (section, paragraph, line), never wording: with the
text at hand, the line finds the passage; without it, section and paragraph do.

Usage: python tools/passages.py FOLDER_OF_TEXTS graph/sources
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

# (first line of the heading, slug, printed name); a slug of None drops the block.
SOURCES: dict[str, dict] = {
    "riac": {
        "file": "000_d7f95eb519f49882.txt",
        "cite": "Troitskiy et al. 2023",
        "sections": [
            (1, "front", "front matter"),
            (38, "intro", "Introduction"),
            (48, "s1", "§1"),
            (50, "s1.1", "§1.1"),
            (78, "s1.2", "§1.2"),
            (121, None, ""),
            (123, "s1.3", "§1.3"),
            (149, "s2", "§2"),
            (151, "s2.1", "§2.1"),
            (169, "s2.2", "§2.2"),
            (191, "s2.3", "§2.3"),
            (205, "s2.4", "§2.4"),
            (227, "s2.5", "§2.5"),
            (249, "s2.6", "§2.6"),
            (287, "s3", "§3"),
            (289, "s3.1", "§3.1"),
            (323, "s3.2", "§3.2"),
            (449, "s4", "§4"),
            (463, "s4-scenario1", "§4, Scenario 1"),
            (471, "s4-scenario2", "§4, Scenario 2"),
            (477, "s4-scenario3", "§4, Scenario 3"),
            (483, "conclusion", "Conclusion"),
            (497, "a1", "Appendix 1 (Treaty), title and preamble"),
            (597, "a2", "Appendix 2 (Charter), title and preamble"),
            (885, "a3", "Appendix 3 (votes)"),
            (914, "authors", "About the authors"),
        ],
    },
    "kostiuk": {
        "file": "001_a8a3d8f3eae48381.txt",
        "cite": "Kostiuk & Katkova 2022",
        "sections": [
            (3, "front", "front matter"),
            (14, "introduction", "Introduction"),
            (18, "creation-history", "Creation history"),
            (26, "goals", "Goals and objectives"),
            (32, "structure", "Structure"),
            (40, "modern-bloc", "Modern military-political bloc"),
            (46, "foreign-policy", "Role in foreign policy"),
            (54, "csc-summits", "Collective Security Council summits"),
            (58, "crrf", "Role of the Collective Rapid Reaction Force"),
            (62, "maneuvers", "Military maneuvers"),
            (72, "distinctive-features", "Distinctive features"),
            (78, "world-politics", "Role and place in world politics"),
            (84, "conclusions", "Conclusions"),
            (88, "references", "References"),
        ],
    },
    "beloglazov": {
        "file": "002_de2437e3b4f83150.txt",
        "cite": "Beloglazov 2023",
        "sections": [
            (1, "front", "front matter"),
            (19, "introduction", "Introduction"),
            (35, "methods", "Materials and methods"),
            (49, None, ""),
            (51, "concepts", "Foreign policy concepts"),
            (93, "institutionalization", "Institutionalization"),
            (137, "peacekeeping", "Peacekeeping"),
            (169, "conclusion", "Conclusion"),
            (185, None, ""),
            (187, "citation", "citation line"),
            (189, "references", "References"),
            (201, "author", "About the author"),
            (205, "article-info", "Article information"),
        ],
    },
    "chaput": {
        "file": "004_b786d56a0b59a2d1.txt",
        "cite": "Chaput 2023",
        "sections": [
            (3, "front", "front matter"),
            (25, "introduction", "Introduction"),
            (31, "warsaw-pact", "After the Dissolution of the Warsaw Pact"),
            (53, "cold-war", "A Return to the Cold War era"),
            (71, "crimea-ukraine", "From Crimea to Ukraine"),
            (105, "conclusion", "Conclusion"),
            (109, "references", "Reference list"),
        ],
    },
}

NOTE = re.compile(r"^\s*(?:[¹²³⁴⁵⁶⁷⁸⁹]|\$\^\{|\^\{|\[\^)")
ARTICLE = re.compile(r"^Article (\d+)(¹?)\s*$")
CHAPTER = re.compile(r"^Chapter ([IVX]+)\.")
ROW = re.compile(r"^Resolution (A/\S+)\s")
# Sections whose first line is text, not a heading.
TEXT_FIRST = {"front", "citation"}
UNTITLED = {("chaput", "introduction")}
# The second line of Chapter V's heading.
HEADING_LINES = {("riac", 755)}


def passages(key: str, lines: list[str]):
    """Yield (local name, label, section, paragraph or None, line number)."""
    spec = SOURCES[key]
    starts = {line: (slug, name) for line, slug, name in spec["sections"]}
    slug, name = None, ""
    count = notes = 0
    for number, text in enumerate(lines, start=1):
        if number in starts:
            slug, name = starts[number]
            count = notes = 0
            if slug not in TEXT_FIRST and (key, slug) not in UNTITLED:
                continue
        if slug is None or not text.strip():
            continue
        if match := CHAPTER.match(text):
            chapter = match[1].lower()
            slug, name = f"a2-chapter-{chapter}", f"Appendix 2, Chapter {match[1]}"
            count = notes = 0
            yield slug, f"{name}, heading", name, None, number
            continue
        if (match := ARTICLE.match(text)) and slug.startswith("a"):
            appendix = slug.split("-")[0]
            article = match[1] + ("-1" if match[2] else "")
            slug = f"{appendix}-art{article}"
            name = f"Appendix {appendix[1]}, Article {article}"
            count = notes = 0
            continue
        if (key, number) in HEADING_LINES:
            continue
        if match := ROW.match(text):
            symbol = match[1].removeprefix("A/").removeprefix("RES/").replace("/", "-")
            row = "a3-" + symbol.lower()
            yield row, f"Appendix 3, row {match[1]}", "Appendix 3", None, number
            continue
        if NOTE.match(text):
            notes += 1
            yield f"{slug}-n{notes}", f"{name}, note block {notes}", name, None, number
            continue
        count += 1
        yield f"{slug}-p{count}", f"{name} ¶{count}", name, count, number


def main(texts: Path, target: Path) -> None:
    for key, spec in SOURCES.items():
        lines = (texts / spec["file"]).read_text(encoding="utf-8").split("\n")
        out = [
            f"# Places in {spec['cite']}; made by tools/passages.py, corrected there.",
            "@prefix csto: <https://w3id.org/csto/ontology#> .",
            "@prefix dcterms: <http://purl.org/dc/terms/> .",
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
            "@prefix source: <https://w3id.org/csto/source/> .",
            f"@prefix {key}: <https://w3id.org/csto/source/{key}#> .",
        ]
        seen: set[str] = set()
        for local, label, section, paragraph, number in passages(key, lines):
            assert local not in seen, (key, local)
            seen.add(local)
            out += [
                "",
                f"{key}:{local} a csto:Passage ;",
                f'    rdfs:label "{spec["cite"]}, {label}"@en ;',
                f"    dcterms:isPartOf source:{key} ;",
                f'    csto:section "{section}" ;',
                *([f"    csto:paragraph {paragraph} ;"] if paragraph else []),
                f"    csto:line {number} .",
            ]
        folder = target / "passages"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{key}.ttl").write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
