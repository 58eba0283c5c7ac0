"""Which names the expressions of an element may use: what it requires, and nothing else of its file."""

from collections.abc import Iterable, Mapping

from lxml import etree

from engine.dmn.box_reader import BOXES
from engine.dmn.boxes import typed
from engine.dmn.document import Document, name_of
from engine.dmn.document_set import DocumentSet, Source
from engine.dmn.model import DataType
from engine.dmn.type_reader import type_of
from engine.feel.compiler import Code
from engine.feel.functions.registry import BUILTINS
from engine.feel.values import Function

# Elements around the logic that say something to people and nothing to the machine.
DOCUMENTATION = frozenset(
    (
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "authorityRequirement",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "artifact",
        "elementCollection",
        "businessContextElement",
        "performanceIndicator",
        "organizationUnit",
        "organisationUnit",
        "organisationalUnit",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "impactingDecision",
        "decisionMade",
        "decisionOwned",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    ),
)
# Elements whose names become keys of contexts: what an expression may write after a dot.
_KEYS = {"contextEntry": "variable", "relation": "column"}


def variable_name(element: etree._Element, document: Document) -> str:
    """Return the name under which others know an element."""
    variable = document.child(element, "variable")
    name = name_of(variable) if variable is not None else ""
    return name or name_of(element) or str(element.get("id") or "")


def variable_type(source: Source, element: etree._Element) -> DataType:
    """Return the type of the variable of an element."""
    variable = source.document.child(element, "variable")
    if variable is None:
        return DataType()
    return type_of(source.document, variable, variable.get("typeRef"), source.types)


def put_function(functions: dict[str, object], prefix: str, name: str, function: Function) -> None:
    """Bind a function, inside the context of its import where it has one."""
    if not prefix:
        functions[name] = function
        return
    known = functions.get(prefix)
    functions[prefix] = {**(known if isinstance(known, dict) else {}), name: function}


def checked(code: Code, result: DataType) -> Code:
    """Return the code of a body whose answer is checked against a type."""
    return code if result.is_open else lambda scope: typed(code(scope), result, scope.run)


class Vocabulary:
    """The names of a set of files."""

    def __init__(self, documents: DocumentSet) -> None:
        """Collect nothing yet; each file is looked through once."""
        self._documents = documents
        self._declared: dict[str, frozenset[str]] = {}
        self._keys: dict[str, frozenset[str]] = {}

    def declared(self, source: Source) -> frozenset[str]:
        """Return the variables of all elements of a file that may be required, and the names of its imports."""
        file = source.document.file
        if file not in self._declared:
            names = {variable_name(element, source.document) for _, element in source.elements.values()}
            self._declared[file] = frozenset(names)
        return self._declared[file]

    def names(
        self, source: Source, named: Iterable[tuple[str, str]], functions: Mapping[str, object]
    ) -> frozenset[str]:
        """Return the names that the expressions of an element may use.

        Reads    `named`: what it requires, by the name of the import and the variable; `functions` that it requires
        """
        names: set[str] = set(functions)
        for prefix, name in named:
            names |= {prefix, name} if prefix else {name}
        for known in functions.values():
            names |= set(known) if isinstance(known, dict) else set()
        files = {source.document.file, *(file for files in source.imports.values() for file in files)}
        keys = {key for file in files for key in self._keys_of(self._documents.sources[file])}
        # A key is written after a dot: it must not hide the function of its name.
        return frozenset(names | {key for key in keys if key not in BUILTINS} - {""})

    def _keys_of(self, source: Source) -> frozenset[str]:
        """Return the keys of the contexts of a file: components, entries, columns and outputs."""
        document = source.document
        if document.file not in self._keys:
            tags = {f"{{{document.namespace}}}{name}": child for name, child in _KEYS.items()}
            keys = set(source.types.components)
            for element in document.root.iter(*tags, f"{{{document.namespace}}}output"):
                wanted = tags.get(str(element.tag))
                parts = [child for name, child in document.children(element) if name == wanted] or [element]
                keys |= {name for name in map(name_of, parts) if _is_plain(name)}
            self._keys[document.file] = frozenset(keys)
        return self._keys[document.file]


def check_children(document: Document, element: etree._Element, known: Iterable[str]) -> None:
    """Note each child of an element that is neither known, nor an expression, nor said to people alone."""
    told = DOCUMENTATION | BOXES | frozenset(known)
    for name, child in document.children(element):
        if name not in told:
            document.unsupported(child, f"the element {name}")


def _is_plain(name: str) -> bool:
    """Tell whether a key with blanks holds no operator, which would hide a calculation elsewhere."""
    return " " in name and not any(sign in name for sign in "+-*/.,'()")
