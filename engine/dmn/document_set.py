"""Several DMN files that are read together: what they import, and where a reference from one to another leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from lxml import etree

from engine.dmn.document import NAMESPACES, Document, name_of
from engine.dmn.model import DataType
from engine.dmn.type_reader import Types, read_types
from engine.errors import DeploymentError, Problem

# Elements that may be required, and that others know by a name.
ELEMENTS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads: the name of the import, empty within the file, and the file and id of the element."""

    prefix: str
    file: str
    key: str

    @property
    def ref(self) -> str:
        """File and id as one text, unique in the set."""
        return reference(self.file, self.key)


def reference(file: str, key: str) -> str:
    """Return what names an element in a set of files."""
    return f"{file}#{key}"


@dataclass(slots=True)
class Source:
    """A file of the set.

    imports   names of the imported files by the name of their import; one name may stand for several files
    elements  what may be required: the kind and the element by key
    """

    document: Document
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    elements: dict[str, tuple[str, etree._Element]] = field(default_factory=dict)
    types: Types = field(default_factory=Types)

    @property
    def namespace(self) -> str:
        """The namespace of the model."""
        return self.document.root.get("namespace") or ""


class DocumentSet:
    """The files, in an order in which each comes after those that it imports."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Parse all files and read their types; what is no DMN file is left out and told among the problems."""
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        for file, xml in files.items():
            try:
                self.sources[file] = Source(Document(xml, file))
            except DeploymentError as error:
                self.problems += error.problems
        for source in self.sources.values():
            self._collect(source)
            self._import(source)
        for source in self._ordered():
            imported = {
                prefix: joined(self.sources[file].types for file in names) for prefix, names in source.imports.items()
            }
            source.types = read_types(source.document, imported)

    def all_problems(self) -> list[Problem]:
        """Return what is wrong with any of the files, in their order."""
        return self.problems + [one for source in self.sources.values() for one in source.document.problems]

    def _collect(self, source: Source) -> None:
        """Find the elements that may be required; notes ids and names that occur twice."""
        ids: set[str] = set()
        names: set[str] = set()
        document = source.document
        for kind, element in document.children(document.root):
            # The standard lets an element do without an id; its name then stands for it.
            key = element.get("id") or (name_of(element) if kind in ELEMENTS else "")
            if key and key in ids:
                document.problem(element, "dmn-duplicate-id", f"the id {key} occurs twice", id=key)
                continue
            ids.add(key)
            if kind not in ELEMENTS:
                continue
            if not key:
                document.problem(element, "dmn-missing-id", "the element has neither id nor name")
                continue
            bare = "".join((element.get("name") or key).split())
            if bare in names:
                document.duplicate(element, name_of(element))
            names.add(bare)
            source.elements[key] = (kind, element)

    def _import(self, source: Source) -> None:
        document = source.document
        for kind, element in document.children(document.root):
            if kind != "import":
                continue
            wanted = element.get("importType") or ""
            if wanted not in NAMESPACES and "/DMN/" not in wanted:
                document.unsupported(element, f"an import of the type {wanted or '?'}")
                continue
            name = name_of(element)
            if name and name in source.imports:
                document.duplicate(element, name)
            found = self._imported(source, element)
            if found is not None and found not in source.imports.get(name, ()):
                source.imports[name] = (*source.imports.get(name, ()), found)

    def _imported(self, source: Source, element: etree._Element) -> str | None:
        """Return the file that an import means; of several with its namespace the one that it locates."""
        namespace = element.get("namespace") or ""
        location = (element.get("locationURI") or "").rsplit("/", 1)[-1]
        files = [file for file, other in self.sources.items() if other.namespace == namespace and other is not source]
        if len(files) > 1 and location:
            files = [file for file in files if file.rsplit("/", 1)[-1] == location]
        if len(files) == 1:
            return files[0]
        code = "dmn-ambiguous-import" if files else "dmn-unknown-import"
        message = f"{len(files)} files have the namespace {namespace} of the import"
        source.document.problem(element, code, message, namespace=namespace, name=name_of(element))
        return None

    def _ordered(self) -> list[Source]:
        """Return the files with imports first; notes and cuts circles of imports."""
        needs = {
            file: {other for names in source.imports.values() for other in names}
            for file, source in self.sources.items()
        }
        for circle in circles(needs):
            path = " → ".join(circle)
            source = self.sources[circle[0]]
            message = f"the imports go round in a circle: {path}"
            source.document.problem(source.document.root, "dmn-import-cycle", message, path=path)
            for file in circle:
                self.sources[file].imports.clear()
        return [self.sources[file] for file in TopologicalSorter(needs).static_order()]

    def target(self, source: Source, element: etree._Element, kinds: Sequence[str]) -> Target | None:
        """Return where the `href` of an element leads; notes a problem where there is nothing of these kinds."""
        href = element.get("href") or ""
        namespace, _, key = href.partition("#")
        places = [] if namespace else [Target("", source.document.file, key)]
        if namespace == source.namespace:
            places.append(Target("", source.document.file, key))
        for prefix, files in source.imports.items():
            places += [Target(prefix, file, key) for file in files if self.sources[file].namespace == namespace]
        for place in places:
            kind, _ = self.sources[place.file].elements.get(key, ("", None))
            if kind in kinds:
                return place
        source.document.problem(element, "dmn-unknown-reference", f"{href} does not exist", href=href)
        return None


def joined(types: Iterable[Types]) -> Types:
    """Return the types of several files as one."""
    items: dict[str, DataType] = {}
    own: set[str] = set()
    components: set[str] = set()
    for one in types:
        items |= one.items
        own |= one.own
        components |= one.components
    return Types(items, frozenset(own), frozenset(components))


def circles(needs: dict[str, set[str]]) -> list[list[str]]:
    """Return circles of what needs each other, the first again at the end, and cut them out of `needs`."""
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
            found.append(circle)
            for name in circle:
                needs[name] = needs[name] - set(circle)
            continue
        return found
