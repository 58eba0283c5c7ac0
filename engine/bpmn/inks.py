"""The colours of pictures, and the lines that tell kinds of elements apart."""

from dataclasses import dataclass

from engine.bpmn.canvas import Pen


@dataclass(frozen=True, slots=True)
class Ink:
    """Line, surface, width of the line, and text of a kind of element; `sign` is drawn in its activities."""

    line: str
    surface: str
    width: float
    text: str = "#1f2a3a"
    sign: str = ""


PLAIN = Ink("#5c6b80", "#ffffff", 1.3)
DONE = Ink("#6f85a6", "#e4ebf5", 1.3, sign="done")
LIVE = Ink("#1556b4", "#dcebff", 2.8, "#0c3a80")
LATE = Ink("#c22f2b", "#fde5e3", 2.8, "#8c1d1a", sign="late")
# What was never reached in a picture of coverage: thin and faint; its words stay legible.
UNREACHED = Ink("#dba79b", "#fffbfa", 1.0, "#a5523f")

FLOW, FLOW_DONE = "#8d99ab", "#3f5f92"
LANE_LINE, LANE_HEAD, LANE_BODY = "#c9d2de", "#eef2f7", "#fbfcfe"
MUTED = "#4a5568"
SHADED = "#c3ccd8"
TAKEN, MISSED = "#1b7f4b", "#b4472f"
PEN_TAKEN, PEN_MISSED = Pen(TAKEN, "none", 2.6), Pen(MISSED, "none", 1.4, "5 4")

DASHED = "4 3"
DASH_DOTTED = "9 3 1.5 3"


def dotted(width: float) -> str:
    """Return the dots of a border of this width."""
    return f"{max(1.5, width):g} {max(3.0, width * 1.6):g}"
