"""A small file of two decisions: the fee follows from the size of a thing, and the size from its weight."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
SIZE = ("size", "weight", "number", (("small", "< 10", '"small"', "§1"), ("big", ">= 10", '"big"', "§2")))
FEES = (("cheap", '"small"', "5", "§3 小件"), ("dear", '"big"', "50", "§4 大件"))


def decision(key: str, variable: str, kind: str, rows: Sequence[tuple[str, str, str, str]], needs: str = "") -> str:
    """Build a decision with one column of conditions and one of answers; a row is (id, cell, answer, ground)."""
    rules = "".join(
        f"<rule id='{key}_{name}'><description>{escape(ground)}</description>"
        f"<inputEntry><text>{escape(cell)}</text></inputEntry><outputEntry><text>{escape(answer)}</text></outputEntry>"
        "</rule>"
        for name, cell, answer, ground in rows
    )
    need = f"<informationRequirement><requiredDecision href='#{needs}'/></informationRequirement>" if needs else ""
    return (
        f"<decision id='{key}' name='{key}'><variable name='{key}'/>{need}<decisionTable hitPolicy='UNIQUE'>"
        f"<input id='{key}_in' label='{variable}'><inputExpression typeRef='{kind}'><text>{variable}</text>"
        f"</inputExpression></input><output id='{key}_out' name='{key}'/>{rules}</decisionTable></decision>"
    )


def fee_file(fees: Sequence[tuple[str, str, str, str]] = FEES) -> bytes:
    """Build the file; `fees` are the rows of the second table."""
    tables = decision(*SIZE) + decision("fee", "size", "string", fees, needs="size")
    return f"<definitions xmlns='{MODEL}' id='fees' name='fees' namespace='urn:fees'>{tables}</definitions>".encode()
