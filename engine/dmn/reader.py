"""From DMN files to decisions: what is not executed is refused, and every problem is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.dmn.document import Document
from engine.dmn.document_set import ELEMENTS, DocumentSet
from engine.dmn.graph_reader import GraphReader
from engine.dmn.model import Decision, Knowledge
from engine.dmn.scopes import DOCUMENTATION
from engine.errors import DeploymentError, Problem

_BESIDES = DOCUMENTATION | {*ELEMENTS, "import", "itemDefinition"}


@dataclass(frozen=True, slots=True)
class Model:
    """What a set of DMN files holds.

    decisions  decisions and decision services, in the order of the files
    knowledge  business knowledge models
    problems   what is wrong; what it concerns, and what requires that, is not among the others
    """

    decisions: tuple[Decision, ...]
    knowledge: tuple[Knowledge, ...]
    problems: tuple[Problem, ...]


def read_decisions(xml: bytes, file: str) -> tuple[Decision, ...]:
    """Read the decisions and decision services of a file that imports no other.

    Reads    DMN 1.1 to 1.5: tables, boxed expressions, knowledge models, services, item definitions
    Returns  the decisions in the order of the file; `key` is the element id
    Raises   DeploymentError with every problem: file, element id, line
    """
    return read_documents({file: xml})


def read_documents(files: Mapping[str, bytes]) -> tuple[Decision, ...]:
    """Read the decisions and decision services of files that may import each other; `files` by name.

    Returns  the decisions in the order of the files; `key` is the element id, unique in its file
    Raises   as `read_decisions` does, with the problems of all files
    """
    model = read_model(files)
    if model.problems:
        raise DeploymentError(problems=list(model.problems))
    return model.decisions


def imports_others(xml: bytes, file: str) -> bool:
    """Tell whether a DMN file imports others, without which it cannot be read. Raises DeploymentError."""
    document = Document(xml, file)
    return document.child(document.root, "import") is not None


def read_model(files: Mapping[str, bytes]) -> Model:
    """Read what can be read of a set of files, and tell what is wrong with the rest."""
    documents = DocumentSet(files)
    for source in documents.sources.values():
        for name, element in source.document.children(source.document.root):
            if name not in _BESIDES:
                source.document.unsupported(element, f"the element {name}")
    reader = GraphReader(documents)
    graph = reader.read()
    refs = list(reader.references())
    return Model(
        tuple(graph.decisions[ref] for ref in refs if ref in graph.decisions),
        tuple(graph.knowledge[ref] for ref in refs if ref in graph.knowledge),
        tuple(documents.all_problems()),
    )
