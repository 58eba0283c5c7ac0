"""What has changed between two versions of a table, by row."""

from engine.dmn import read_decisions
from engine.services.decision_diff import CellChange, diff
from tests.builders.rule_tables import FEES, fee_file


def fee(rows=FEES):
    return {one.key: one for one in read_decisions(fee_file(rows), "fees.dmn")}["fee"]


def test_the_same_text_is_no_difference():
    assert diff(fee(), fee()).identical


def test_a_changed_cell_is_named_by_row_and_column():
    [row] = diff(fee(), fee((FEES[0], ("dear", '"big"', "60", "§4 大件")))).rows
    assert (row.kind, row.rule_id, row.row_before, row.row_after) == ("changed", "fee_dear", 2, 2)
    assert row.cells == (CellChange("→ fee", "50", "60"),)


def test_rows_that_are_added_and_removed_are_told_with_all_their_texts():
    found = diff(fee(), fee((FEES[0], ("huge", '"huge"', "500", "§5")))).rows
    assert [(row.kind, row.rule_id, row.row_before, row.row_after) for row in found] == [
        ("added", "fee_huge", None, 2),
        ("removed", "fee_dear", 2, None),
    ]
    assert CellChange("size", None, '"huge"') in found[0].cells
    assert CellChange("annotation", "§4 大件", None) in found[1].cells


def test_a_row_with_a_new_id_is_known_by_its_texts():
    assert diff(fee(), fee((("other", *FEES[0][1:]), FEES[1]))).identical
    [row] = diff(fee(), fee((("other", '"small"', "6", "§3 小件"), FEES[1]))).rows
    assert (row.kind, row.cells) == ("changed", (CellChange("→ fee", "5", "6"),))


def test_a_row_that_changed_its_place_is_moved():
    rows = (*FEES, ("free", '"tiny"', "0", "§5"))
    [row] = diff(fee(rows), fee((rows[2], rows[0], rows[1]))).rows
    assert (row.kind, row.row_before, row.row_after) == ("moved", 3, 1)


def test_a_changed_hit_policy_is_a_setting():
    changed = fee_file().replace(b"UNIQUE", b"FIRST")
    after = {one.key: one for one in read_decisions(changed, "fees.dmn")}["fee"]
    assert diff(fee(), after).settings == (CellChange("hit policy", "UNIQUE", "FIRST"),)
