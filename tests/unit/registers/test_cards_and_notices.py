"""Cards and notices: once per occasion."""

from datetime import timedelta

import pytest

from engine.errors import NotFound
from registers.cards import CardColour, CardQuery, CardRegister, NewCard
from registers.cases import CaseRegister, NewCase
from registers.notices import NewNotice, NoticeRegister
from tests.small_city import JIEDAO, NOW


@pytest.fixture
def cards(city, clock):
    return CardRegister(city, clock)


@pytest.fixture
def notices(city, clock):
    return NoticeRegister(city, clock)


@pytest.fixture
def case(city, clock):
    given = {"title": "井盖", "detail": "破损", "anonymous": True, "reported_at": NOW, "region_code": JIEDAO}
    return CaseRegister(city, clock).report(NewCase(channel="hotline", **given))[0]


def card(case, **changes) -> NewCard:
    given = {
        "colour": CardColour.YELLOW,
        "case_id": case.id,
        "subject_type": "case",
        "subject_id": case.id,
        "deadline_id": "d1",
        "rung": "Y1",
        "round": 1,
        "holder": "handler@230100-CG",
        "unit": "230100-CG",
        "name": "办理时限",
        "rule": {"decision": "cards", "version": 1, "row": 2, "clause": "D08 Y1"},
    }
    return NewCard(**(given | changes))


def test_a_rung_of_a_round_gives_one_card(cards, case):
    first, new = cards.issue(card(case))
    again, new_again = cards.issue(card(case))
    assert (new, new_again) == (True, False)
    assert again == first
    assert first.rule["clause"] == "D08 Y1"
    assert cards.issue(card(case, round=2))[1]
    assert cards.issue(card(case, rung="R1", colour=CardColour.RED))[1]
    assert cards.count(CardQuery()) == {CardColour.YELLOW: 2, CardColour.RED: 1}


def test_cards_are_listed_by_case_unit_and_colour_newest_first(cards, case, clock):
    old, _ = cards.issue(card(case))
    clock.advance(timedelta(hours=1))
    new, _ = cards.issue(card(case, rung="R1", colour=CardColour.RED, unit="230100-ZJ"))
    assert cards.list_cards(CardQuery()) == (new, old)
    assert cards.list_cards(CardQuery(before=new)) == (old,)
    assert cards.list_cards(CardQuery(units=("230100-ZJ",))) == (new,)
    assert cards.list_cards(CardQuery(colours=("yellow",))) == (old,)
    assert cards.list_cards(CardQuery(case_ids=("other",))) == ()
    assert cards.list_cards(CardQuery(issued_from=clock.now())) == (new,)
    assert cards.list_cards(CardQuery(issued_to=clock.now())) == (old,)
    assert cards.colours_of([case.id, "other"]) == {case.id: (CardColour.YELLOW, CardColour.RED)}
    assert cards.find(old.id) == old
    assert cards.find("unknown") is None


def test_a_recipient_is_told_once_per_occasion(notices):
    said = NewNotice(
        kind="deadline.warn", title="提醒", text="快到期", business_key="c1", subject="c1", rung="W1", round=1
    )
    assert notices.send(said, ["handler@230100-CG", "handler@230100-CG", "dept_leader@230100-CG"]) == 2
    assert notices.send(said, ["handler@230100-CG"]) == 0
    assert len(notices.list_for(["handler@230100-CG"])) == 1


def test_a_notice_is_read_by_its_recipients_only(notices, clock):
    said = NewNotice(kind="k", title="t" * 300, text="x", business_key="c1", subject="c1")
    notices.send(said, ["alice"])
    (notice,) = notices.list_for(["alice", "acceptor@230100"], unread=True)
    assert len(notice.title) == 200
    with pytest.raises(NotFound):
        notices.mark_read(notice.id, ["bob"])
    read_at = notices.mark_read(notice.id, ["alice"]).read_at
    clock.advance(timedelta(hours=1))
    assert notices.mark_read(notice.id, ["alice"]).read_at == read_at
    assert notices.list_for(["alice"], unread=True) == ()
    assert notices.count_unread(["alice"]) == 0


def test_notices_are_paged_newest_first(notices, clock):
    for number in range(3):
        notices.send(NewNotice(kind="k", title=str(number), text="", business_key="c1", subject=str(number)), ["alice"])
        clock.advance(timedelta(minutes=number))
    newest = notices.list_for(["alice"], limit=1)
    rest = notices.list_for(["alice"], before=newest[0], business_key="c1")
    assert {notice.title for notice in (*newest, *rest)} == {"0", "1", "2"}
    assert newest[0].title == "2"
    assert notices.count_unread(["alice"]) == 3
    assert notices.list_for(["alice"], business_key="other") == ()
