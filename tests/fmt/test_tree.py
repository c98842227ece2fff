"""The tree under fmt, places and validation: every statement, every comment, every error."""

from __future__ import annotations

from time import perf_counter

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from csto.errors import InputError
from csto.fmt import format_text
from csto.fmt.grammar import read
from csto.fmt.same import comments
from csto.fmt.tokens import FewLines, Lines, pieces
from csto.fmt.tree import MAX_DEPTH
from csto.fmt.triples import placed, resolved

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
}
HERE = "http://example.org/a/b"

# One of each production of the grammars, of RDF 1.1 and 1.2.
TEXTS = [
    ("ttl", "@prefix p: <urn:p:> .\np:s a p:C ; p:q p:a , p:b ;; p:r 1 , -1.5 , 2e3 , true .\n"),
    ("ttl", "PREFIX p: <urn:p:>\nBASE <http://b.example/x/>\n<a> <#c> <../d> , <?q> , <> .\n"),
    ("ttl", "@base <http://b.example/> .\n@prefix : <c#> .\n:a :b \"x\"@en-GB , 'y'^^:z .\n"),
    ("ttl", '<urn:a> <urn:b> """a "quoted" text\nof two lines""" , \'\'\'it\'s\'\'\' .\n'),
    ("ttl", "[ <urn:p> [ <urn:q> () ; <urn:r> ( 1 [] ( _:x ) ) ] ] .\n[] <urn:p> _:x .\n"),
    ("ttl", "[ <urn:p> 1 ] <urn:q> 2 .\n( 1 2 ) <urn:p> ( ) .\n"),
    ("ttl", "@prefix é: <urn:e:> .\né:e\u0301 a é:हिन्दी , é:a.b , é:\\~x , é:%20 , é:a:b .\n"),
    ("ttl", '<urn:a> <urn:\\u0062> "\\u00e9\\U0001F600\\n" .\n'),
    ("ttl", '@version "1.2" .\n<urn:a> <urn:b> <<( <urn:c> <urn:d> "x"@en--ltr )>> .\n'),
    (
        "ttl",
        "<urn:a> <urn:b> <urn:c> ~ <urn:r> {| <urn:s> 1 ; <urn:t> [] |} , 2 {| <urn:u> 3 |} .\n",
    ),
    ("ttl", "<< <urn:a> <urn:b> 1 ~ _:r >> <urn:p> << <urn:a> <urn:b> _:c >> .\n"),
    ("trig", "@prefix p: <urn:p:> .\nGRAPH p:g { p:a p:b 1 . p:a p:c [] }\n{ p:x p:y p:z }\n"),
    (
        "trig",
        "<urn:g> { }\n[] { <urn:a> <urn:b> 1 . }\n_:g { <urn:a> <urn:b> 2 }\n<urn:a> <urn:b> 3 .\n",
    ),
    ("nt", '<urn:a> <urn:b> "x\\ty"@en .\n_:a <urn:b> <<( _:c <urn:d> "e" )>> .\n'),
    ("nq", "<urn:a> <urn:b> <urn:c> <urn:g> .\n_:a <urn:b> _:c _:g .\n<urn:a> <urn:b> _:d .\n"),
]


def canonical(quads) -> set[str]:
    data = Dataset(quads)
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(map(str, data))


@pytest.mark.parametrize(("kind", "text"), TEXTS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_statements_are_those_of_oxigraph(kind: str, text: str, ends: str, mark: str) -> None:
    if '"""' in text:
        ends = "\n"
    text = text.replace("\n", ends)
    stated, wrong = placed(read(mark + text, kind), HERE)
    theirs = parse(text, format=FORMATS[kind], base_iri=HERE if kind in ("ttl", "trig") else None)
    ours = (Quad(s.subject, s.predicate, s.object, s.graph) for s in stated)
    assert wrong == []
    assert canonical(ours) == canonical(theirs)


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_fmt_keeps_every_statement(kind: str, text: str) -> None:
    after = format_text(text, "test", kind=kind).after
    base = HERE if kind in ("ttl", "trig") else None
    rdf = FORMATS[kind]
    assert canonical(parse(text, format=rdf, base_iri=base)) == canonical(
        parse(after, format=rdf, base_iri=base)
    )
    assert format_text(after, "test", kind=kind).after == after


@pytest.mark.parametrize(("kind", "text"), [t for t in TEXTS if t[0] in ("ttl", "trig")])
def test_a_comment_in_every_place_comes_out(kind: str, text: str) -> None:
    for at, word in enumerate(pieces(text)):
        for form in ("\n# a note\n", " # a note\n", "\n\n# a note\n\n# another\n"):
            noted = text[: word.start] + form + text[word.start :]
            after = format_text(noted, "test", kind=kind).after
            assert comments(after) == comments(noted), (at, form)
            assert format_text(after, "test", kind=kind).after == after, (at, form)


def test_comments_on_every_word_at_once() -> None:
    for kind, text in TEXTS:
        if kind in ("ttl", "trig"):
            words = pieces(text)
            noted = "".join(f"{w.text} # note {n}\n" for n, w in enumerate(words))
            after = format_text(noted, "test", kind=kind).after
            assert comments(after) == comments(noted)
            assert format_text(after, "test", kind=kind).after == after


def test_all_errors_of_a_file_are_told() -> None:
    text = "<urn:a> <urn:b> ] .\n<urn:c> <urn:d> 1 .\n<urn:e> <urn:f> .\n<urn:g> 'x' 1 .\n"
    tree = read(text)
    assert [error.at[0] for error in tree.errors] == [1, 3, 4]
    assert [s.subject.text for s in tree.statements if s.subject] == ["<urn:c>"]
    with pytest.raises(InputError) as told:
        format_text(text, "a.ttl")
    assert [line.split(":")[1] for line in str(told.value).splitlines()] == ["1", "3", "4"]


@pytest.mark.parametrize("kind", ["nt", "nq"])
def test_an_error_in_a_line_leaves_the_next_line_alone(kind: str) -> None:
    good = "<urn:a> <urn:b> <urn:c>"
    lines = ["broken", f"{good} .", good, f"{good} .", "<urn:a> 1", f"{good} .", '<urn:a> "x']
    tree = read("\n".join([*lines, f"{good} .", ""]), kind)
    assert len(tree.statements) == 4
    assert [error.at[0] for error in tree.errors] == [1, 4, 5, 7]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("ttl", "<urn:a> <urn:b> 'x\ny' ."),
        ("ttl", '<urn:a> <urn:b> "\\x" .'),
        ("ttl", '<urn:a> <urn:b> "\\uD800" .'),
        ("ttl", "<urn:a> <urn:b> <a b> ."),
        ("ttl", "<urn:a> _:b 1 ."),
        ("ttl", "1 <urn:a> 1 ."),
        ("ttl", "<urn:a> <urn:b> 1"),
        ("ttl", "p:a <urn:b> 1 ."),
        ("ttl", "@prefix p <urn:p> ."),
        ("ttl", "<urn:a> <urn:b> [ <urn:c> ] ."),
        ("ttl", "<urn:a> <urn:b> ( 1 ."),
        ("ttl", "<urn:a> <urn:b> <<( ( 1 ) <urn:c> 1 )>> ."),
        ("trig", "GRAPH { <urn:a> <urn:b> 1 }"),
        ("trig", "<urn:g> { <urn:a> <urn:b> 1 "),
        ("trig", "<urn:g> { @prefix p: <urn:p> . }"),
        ("nt", "<a> <urn:b> <urn:c> ."),
        ("nt", "<urn:a> <urn:b> 1 ."),
        ("nt", "<urn:a> <urn:b> '''x''' ."),
        ("nq", '<urn:a> <urn:b> <urn:c> "g" .'),
    ],
)
def test_what_is_refused(kind: str, text: str) -> None:
    tree = read(text, kind)
    assert tree.errors or placed(tree, HERE)[1]


def test_time_grows_with_the_length_only() -> None:
    nested = "<urn:a> <urn:b> " + "[ <urn:b> " * 500 + "1" + " ]" * 500 + " .\n"
    equal = "<urn:a> <urn:b> ( " + "[] " * 500 + ") .\n"
    circle = "".join(f"_:n{i} <urn:p> _:n{j} .\n" for i in range(12) for j in range(12) if i != j)
    began = perf_counter()
    for text in (nested, equal, circle):
        format_text(text, "test")
    # Each took the better part of a minute, or no end, when blank nodes were canonicalized.
    assert perf_counter() - began < 20


def test_deeper_than_anybody_writes_is_refused() -> None:
    deep = MAX_DEPTH + 1
    text = "<urn:a> <urn:b> " + "[ <urn:b> " * deep + "1" + " ]" * deep + " .\n"
    assert f"nested more than {MAX_DEPTH} deep" in read(text).errors[0].what
    with pytest.raises(InputError, match="nested more than"):
        format_text(text, "a.ttl")


@pytest.mark.parametrize(
    ("relative", "absolute"),
    [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("urn:x", "urn:x"),
    ],
)
def test_relative_names(relative: str, absolute: str) -> None:
    """The examples of RFC 3986, section 5.4."""
    assert resolved(relative, "http://a/b/c/d;p?q") == absolute


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_lines_are_counted_as_they_are_listed(ends: str) -> None:
    text = ends.join("x" * (number % 7) for number in range(40_000)) + "\n\nlast"
    listed, counted = Lines(text), FewLines(text)
    for offset in (0, 1, 6, 65_535, 65_536, 65_537, 131_072, len(text) - 5, len(text)):
        assert counted.at(offset) == listed.at(offset)
