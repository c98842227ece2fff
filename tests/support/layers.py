"""What files of small layers begin with."""

HEAD = """
@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sourcekind: <https://w3id.org/csto/concept/source-kind/> .
@prefix status: <https://w3id.org/csto/concept/status/> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
