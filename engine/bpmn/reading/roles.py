"""Resource roles of a user task: who shall do it, in the standard's words (BPMN 2.0.2 §10.3.1, §10.3.4).

The expression of a potentialOwner gives candidate groups, that of a humanPerformer or performer the assignee.
"""

from lxml import etree

from engine.bpmn.reading.graph import Node
from engine.bpmn.reading.texts import TextReader
from engine.bpmn.reading.words import check_children, check_words
from engine.bpmn.values import Value
from engine.bpmn.vocabulary import ROLES
from engine.bpmn.xml import camunda, children, line_of, plain, split, text_of

_GROUPS = "potentialOwner"
_PEOPLE = ("humanPerformer", "performer")
_ASSIGNMENT = "resourceAssignmentExpression"


def read_roles(node: Node, texts: TextReader) -> tuple[Value | None, Value | None]:
    """Return the assignee and the candidate groups that the roles of a user task name; refuse what they leave open."""
    roles = [xml for xml in node.xml if split(str(xml.tag))[1] in ROLES]
    for xml in roles:
        if split(str(xml.tag))[1] == "resourceRole":
            texts.findings.add("role-open", node.id, line_of(xml))
    groups = [xml for xml in roles if xml.tag.endswith(_GROUPS)]
    people = [xml for xml in roles if split(str(xml.tag))[1] in _PEOPLE]
    _alone(node, groups, ("candidateGroups", "candidateUsers"), texts)
    _alone(node, people, ("assignee",), texts)
    return _assigned(people, texts), _assigned(groups, texts)


def _alone(node: Node, roles: list[etree._Element], attributes: tuple[str, ...], texts: TextReader) -> None:
    """Refuse two roles of one kind, and a role beside attributes that say the same thing in other words."""
    given = [f"camunda:{name}" for name in attributes if camunda(node.xml, name)]
    given += [split(str(xml.tag))[1] for xml in roles]
    if roles and len(given) > 1:
        texts.findings.add("role-twice", node.id, line_of(roles[0]), roles=", ".join(given))


def _assigned(roles: list[etree._Element], texts: TextReader) -> Value | None:
    for xml in roles[:1]:
        type_ = split(str(xml.tag))[1]
        check_words(xml, {"id": None, "name": None}, texts.findings, texts.id)
        check_children(xml, frozenset({_ASSIGNMENT, "resourceRef"}), texts.findings, texts.id)
        if children(xml, "resourceRef"):
            texts.findings.add("role-reference", texts.id, line_of(xml), type=type_)
            return None
        for block in children(xml, _ASSIGNMENT):
            check_children(block, frozenset({"formalExpression", "expression"}), texts.findings, texts.id)
            for expression in (*children(block, "formalExpression"), *children(block, "expression")):
                text = text_of(expression)
                compiled = texts.expression(text, type_, plain(expression, "language"))
                return None if compiled is None else Value(f"{texts.id}.{type_}", text, compiled)
        texts.note("attribute-missing", type=type_, attribute=_ASSIGNMENT)
    return None
