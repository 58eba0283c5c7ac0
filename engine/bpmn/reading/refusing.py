"""Expressions of other vendors: refused where they stand, with the FEEL to write instead where it can be derived."""

import re

from lxml import etree

from engine.bpmn.sentences import Findings
from engine.bpmn.xml import SPIFF, VENDORS, line_of, shown, split, text_of
from engine.feel.foreign import Recognised, declared, derive_script, recognise

_LONGEST_SHOWN = 200
_OPENS = re.compile(r"[$#]\{")
_SPIFF_SCRIPTS = frozenset({"preScript", "postScript"})


def refuse(findings: Findings, where: tuple[str, int], place: str, text: str, foreign: Recognised | None) -> None:
    """Note an expression of another language; `where` is the id of the element and its line."""
    id_, line = where
    shown_text = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    language = "?" if foreign is None else foreign.language
    if foreign is None or foreign.suggestion is None:
        findings.add("expression-language", id_, line, place=place, text=shown_text, language=language)
        return
    suggestion = f"= {foreign.suggestion}"
    findings.add(
        "expression-foreign", id_, line, place=place, text=shown_text, language=language, suggestion=suggestion
    )


def refuse_vendor_attribute(xml: etree._Element, name: str, value: str, findings: Findings, id_: str) -> None:
    """Refuse an expression in the words of another engine, and doubt every other word: nobody here hears it."""
    if _OPENS.search(value):
        refuse(findings, (id_, line_of(xml)), shown(name), value, recognise(value))
    elif split(name)[0] in VENDORS:
        findings.warn("vendor-unheard", id_, line_of(xml), name=shown(name))


def refuse_vendor_part(part: etree._Element, findings: Findings, id_: str) -> None:
    """Refuse each expression or script inside an extension element of another engine, and doubt the element."""
    if split(str(part.tag))[0] in VENDORS:
        findings.warn("vendor-unheard", id_, line_of(part), name=shown(str(part.tag)))
    for xml in part.iter(etree.Element):
        for name, value in xml.attrib.items():
            refuse_vendor_attribute(xml, str(name), str(value), findings, id_)
        text, (namespace, local) = (xml.text or "").strip(), split(str(xml.tag))
        if _OPENS.search(text):
            refuse(findings, (id_, line_of(xml)), shown(str(xml.tag)), text, recognise(text))
        elif namespace == SPIFF and local in _SPIFF_SCRIPTS and text:
            _refuse_script(xml, findings, id_)


def _refuse_script(xml: etree._Element, findings: Findings, id_: str) -> None:
    text = text_of(xml)
    found = derive_script(text, "python")
    foreign = declared(text, "python") if found is None else Recognised("Python", found[0])
    refuse(findings, (id_, line_of(xml)), shown(str(xml.tag)), text, foreign)
