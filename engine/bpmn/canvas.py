"""A sheet of SVG: rectangles, circles, outlines, icons and lines of text, by attributes alone.

No style sheet, no script, no font, no address; every text is escaped by the XML library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.drawing import Box
from engine.bpmn.lettering import LEADING, width_of

SVG = "http://www.w3.org/2000/svg"
FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
SIZE = 12.0
# The baseline lies this part of the size below the middle of a line.
BASELINE = 0.36


@dataclass(frozen=True, slots=True)
class Pen:
    """How an outline is drawn and filled."""

    line: str
    fill: str = "none"
    width: float = 1.3
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """How text looks; a halo, in the colour of the ground, keeps it legible above lines.

    begins  the text begins at its place, instead of standing around it
    """

    colour: str
    size: float = SIZE
    bold: bool = False
    halo: str = ""
    begins: bool = False


class Canvas:
    """One picture under construction; `inside` opens a group, and everything goes into the innermost one."""

    def __init__(self, frame: Box) -> None:
        """Start with an empty white sheet of this size."""
        self.root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})  # type: ignore[dict-item]  # the stubs know no default namespace
        self._set(
            self.root,
            viewBox=f"{frame.x:g} {frame.y:g} {frame.width:g} {frame.height:g}",
            width=f"{frame.width:g}",
            height=f"{frame.height:g}",
            role="img",
            font_family=FONT,
            font_size=f"{SIZE:g}",
        )
        self._parents = [self.root]
        self.rect(frame, Pen("none", "#ffffff", 0))

    def to_bytes(self) -> bytes:
        """Return the finished picture."""
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)

    def begin(self, title: str = "", transform: str = "", **data: str) -> None:
        """Open a group; `data` become data attributes, the title is shown by browsers when pointed at."""
        group = self._add("g", transform=transform)
        for name, value in data.items():
            group.set(f"data-{name}", value)
        self._parents.append(group)
        if title:
            self._add("title").text = title

    def end(self) -> None:
        """Close the innermost group."""
        self._parents.pop()

    def rect(self, box: Box, pen: Pen, radius: float = 0) -> None:
        """Draw a rectangle with rounded corners."""
        element = self._add("rect", x=f"{box.x:g}", y=f"{box.y:g}", width=f"{box.width:g}", height=f"{box.height:g}")
        self._set(element, rx=f"{radius:g}" if radius else "")
        self._draw(element, pen)

    def circle(self, centre: tuple[float, float], radius: float, pen: Pen) -> None:
        """Draw a circle."""
        self._draw(self._add("circle", cx=f"{centre[0]:g}", cy=f"{centre[1]:g}", r=f"{radius:g}"), pen)

    def path(self, outline: str, pen: Pen, *, arrow: str = "", tail: str = "") -> None:
        """Draw an outline; `arrow` names the head at its end, `tail` the one at its beginning."""
        element = self._add("path", d=outline, stroke_linejoin="round")
        self._set(element, marker_start=f"url(#{tail})" if tail else "", marker_end=f"url(#{arrow})" if arrow else "")
        self._draw(element, pen)

    def icon(self, name: str, outline: str, corner: tuple[float, float], pen: Pen, scale: float = 1.0) -> None:
        """Draw an outline of the square of 16 at a corner, scaled; the line keeps its width. The picture names it."""
        element = self._add("path", d=outline, stroke_linejoin="round", data_icon=name)
        self._set(element, transform=f"translate({corner[0]:g} {corner[1]:g}) scale({scale:g})")
        self._draw(element, Pen(pen.line, pen.fill, pen.width / scale))

    def head(self, name: str, outline: str, pen: Pen, tip: float = 9.0) -> None:
        """Define a head for the ends of lines, in a square of 10 whose `tip` (x, in the middle) lies on the end."""
        marker = self._add("marker", id=name, viewBox="0 0 10 10", refX=f"{tip:g}", refY="5", markerWidth="9")
        self._set(marker, markerHeight="9", orient="auto", markerUnits="userSpaceOnUse")
        self._parents.append(marker)
        self._draw(self._add("path", d=outline, stroke_linejoin="round"), pen)
        self.end()

    def lines(self, lines: Sequence[str], middle: tuple[float, float], words: Words) -> None:
        """Write lines of text around a middle point, or beginning at it."""
        leading = LEADING * words.size
        top = middle[1] - leading * (len(lines) - 1) / 2 + words.size * BASELINE
        for position, line in enumerate(lines):
            element = self._add("text", x=f"{middle[0]:g}", y=f"{top + position * leading:g}")
            self._set(element, text_anchor="" if words.begins else "middle")
            size = "" if words.size == SIZE else f"{words.size:g}"
            self._set(element, fill=words.colour, font_size=size, font_weight="600" if words.bold else "")
            if words.halo:
                self._set(element, stroke=words.halo, stroke_width="3.5", paint_order="stroke", stroke_linejoin="round")
            element.text = line

    def _draw(self, element: etree._Element, pen: Pen) -> None:
        self._set(element, fill=pen.fill, stroke=pen.line, stroke_dasharray=pen.dash)
        if pen.line != "none":
            self._set(element, stroke_width=f"{pen.width:g}")

    def _add(self, tag: str, **attributes: str) -> etree._Element:
        element = etree.SubElement(self._parents[-1], f"{{{SVG}}}{tag}")
        self._set(element, **attributes)
        return element

    @staticmethod
    def _set(element: etree._Element, **attributes: str) -> None:
        for name, value in attributes.items():
            if value:
                element.set(name.replace("_", "-"), value)


def widest(lines: Sequence[str], size: float = SIZE) -> float:
    """Return the width of the widest line."""
    return max((width_of(line) for line in lines), default=0.0) * size
