"""YAML with places: what a file says, and on which line it says so.

Only plain data is read. `yes`, `no`, `on`, `off`, `07:30` and `0101` are text, as people mean them; keys are text and
stand once; a name that repeats itself in a circle, or unfolds to more than a file can hold, is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from engine.errors import Invalid, Problem

MOST_BYTES, MOST_NODES, MOST_DEPTH = 1024 * 1024, 100_000, 40
_PLAIN_TAGS = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its line: a mapping of nodes, a list of nodes, or a scalar (text, number, boolean, null)."""

    value: Any
    line: int

    def plain(self) -> object:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    @property
    def entries(self) -> Mapping[str, "Node"]:
        """Return the entries of a mapping; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Node]":
        """Return the items of a list; none for anything else."""
        return self.value if isinstance(self.value, list) else []


class _Loader(yaml.CSafeLoader):
    """The safe loader with the scalars of YAML 1.2: numbers, true, false and null; everything else is text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read_nodes(text: bytes, file: str) -> Node:
    """Read a file. Raises Invalid naming file and line for what is no YAML, or more than a file may hold."""
    if len(text) > MOST_BYTES:
        raise _refused("process-test-too-large", file, 1, "The file is too large.")
    try:
        root = yaml.compose(text.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError:
        raise _refused("file-not-text", file, 1, "The file is not UTF-8 text.") from None
    except RecursionError:
        raise _refused("process-test-too-large", file, 1, "The file is nested too deeply.") from None
    except yaml.YAMLError as error:
        mark, reason = getattr(error, "problem_mark", None), str(getattr(error, "problem", None) or error)
        line = 1 if mark is None else mark.line + 1
        message = f"The file is no YAML: {reason}."
        raise _refused("process-test-yaml", file, line, message, reason=reason) from None
    return Node({}, 1) if root is None else _Builder(file).build(root, 0)


class _Builder:
    """Turns nodes of the library into ours, counting them: an alias may stand for much."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._left = MOST_NODES

    def build(self, node: yaml.Node, depth: int) -> Node:
        line = node.start_mark.line + 1
        self._left -= 1
        if self._left < 0 or depth > MOST_DEPTH:
            raise _refused("process-test-too-large", self._file, line, "The file unfolds to too much.")
        if isinstance(node, yaml.MappingNode):
            return Node(self._mapping(node, depth), line)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.build(item, depth + 1) for item in node.value], line)
        return Node(_scalar(node), line)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key, value in node.value:
            line, name = key.start_mark.line + 1, key.value
            if not isinstance(name, str):
                raise _refused("process-test-key", self._file, line, "A key must be text.")
            if name in entries:
                message = f"The key {name} stands twice."
                raise _refused("process-test-key-twice", self._file, line, message, name=name)
            entries[name] = self.build(value, depth + 1)
        return entries


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    kind = node.tag if node.tag in _PLAIN_TAGS else ""
    if kind.endswith(":bool"):
        return text.lower() == "true"
    if kind.endswith(":null"):
        return None
    if kind.endswith(":int"):
        return int(text) if len(text) < 400 else text  # noqa: PLR2004  nobody means such a number
    return float(text) if kind.endswith(":float") else text


def _refused(code: str, file: str, line: int, message: str, **params: object) -> Invalid:
    return Invalid(problems=[Problem(code, "", message, params, file, line)])


def plain(value: object) -> object:
    """Return a value of ours as YAML and JSON hold it: instants and days as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def write_yaml(document: object) -> str:
    """Return a document as YAML, keys in their order, Chinese as it is."""
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110))
