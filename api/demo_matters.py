"""What the month of the demonstration city holds beside its cases: articles, disputes, and plans of patrols."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from api.article_flow import correct_article, rate_article, report_article
from api.city_loading import read_rows
from api.context import City
from api.credentials import Caller, caller_of
from api.dispute_loading import load_mediation, read_disputes
from api.dispute_reporting import register_dispute
from api.patrol_plans import plan_patrols
from api.schemas.patrol_plans import NewPatrolTemplateSchema
from api.simulate.shift import Arrival
from engine.errors import EngineError
from engine.ports import UnitOfWork
from registers.articles import Article, ArticleQuery, ArticleRegister
from registers.local_time import LOCAL_ZONE
from registers.org import AccountRegister
from registers.patrols import PatrolObjectRegister, PatrolTemplateRegister, TemplateQuery

CITY = "city"
RATE = "article.rate"
REGISTRAR = "acceptor1"
# Articles that shall wait for a reviewer, or be drafts still, come in at the end.
LATE = ("review", "draft")
FRESH = timedelta(hours=6)
# When readers look at what stands on the shelf: the first ones after this part of the month.
READ_FROM = 0.4
RATINGS, CORRECTIONS, DISLIKED = 60, 4, 11
LOW, USUAL = (1, 2), (3, 4, 4, 5, 5)
WRONG = ("咨询电话已经变更，请核对。", "办理材料比实际少列一项。", "表述的办理时限与窗口告知的不一致。", "地址已迁移。")

Act = Callable[[UnitOfWork], object]


def furnish(uow: UnitOfWork, rules: Path) -> None:
    """Load mediators, institutions and patrol objects; idempotent, commits."""
    load_mediation(uow, rules)
    uow.get(PatrolObjectRegister).load(read_rows(rules / CITY / "patrol_objects.csv"))
    uow.commit()


def arrivals(city: City, rules: Path, begins_at: datetime, ends_at: datetime, random: Random) -> Iterator[Arrival]:
    """Stream everything that comes in between two instants; a month that was begun before has its plans already."""
    with city.units(read_only=True) as uow:
        is_fresh = not uow.get(PatrolTemplateRegister).list_page(TemplateQuery(limit=1)).items
    if is_fresh:
        for act in _plans(rules):
            yield _arrival(city, begins_at, act)
    said = _readers(begins_at, ends_at, random)
    for at, act in (*_disputes(rules, ends_at), *_articles(rules, begins_at, ends_at), *said):
        if begins_at <= at <= ends_at:
            yield _arrival(city, at, act)


def _arrival(city: City, at: datetime, act: Act) -> Arrival:
    def happen() -> None:
        with city.units() as uow:
            act(uow)

    return Arrival(at, happen)


# ---------------------------------------------------------------------------------------------- patrols


def _plans(rules: Path) -> Iterator[Act]:
    """Stream the plans of `patrol_templates.json`: the body of a request, with codes of objects, and who plans."""
    for plan in json.loads((rules / CITY / "patrol_templates.json").read_text(encoding="utf-8")):
        yield partial(_plan, plan=plan)


def _plan(uow: UnitOfWork, plan: Mapping[str, Any]) -> object:
    body = dict(plan)
    planner = _caller(uow, body.pop("planner"))
    objects = uow.get(PatrolObjectRegister)
    body["objects"] = [found.id for code in body["objects"] if (found := objects.find_by_code(code)) is not None]
    return plan_patrols(uow, NewPatrolTemplateSchema().load(body), planner)


# --------------------------------------------------------------------------------------------- disputes


def _disputes(rules: Path, ends_at: datetime) -> Iterator[tuple[datetime, Act]]:
    """Stream the disputes of `disputes.csv`, each at ten o'clock of its day."""
    today = ends_at.astimezone(LOCAL_ZONE).date()
    for days, new in read_disputes(rules, today, REGISTRAR):
        at = _at(today - timedelta(days=days), 10)
        yield min(at, ends_at), partial(register_dispute, new=new, by=REGISTRAR)


# --------------------------------------------------------------------------------------------- articles


def _articles(rules: Path, begins_at: datetime, ends_at: datetime) -> Iterator[tuple[datetime, Act]]:
    """Stream the articles of `articles.csv`: over the first half of the month, the unfinished ones at its end."""
    rows = list(read_rows(rules / CITY / "articles.csv"))
    pace = (ends_at - begins_at) * 0.5 / max(1, len(rows))
    today = ends_at.astimezone(LOCAL_ZONE).date()
    for number, row in enumerate(rows, start=1):
        at = ends_at - FRESH if row["until"] in LATE else begins_at + pace * number
        yield at, partial(_report, row=row, today=today)


def _report(uow: UnitOfWork, row: Mapping[str, str], today: date) -> object:
    body: dict[str, object] = {name: row[name] or None for name in ("topic", "scope", "title", "basis", "body", "unit")}
    body |= {"keywords": row["keywords"], "submitted": row["until"] != "draft"}
    body |= {"effective_on": _day(row["effective_in"], today), "expires_on": _day(row["expires_in"], today)}
    return report_article(uow, _caller(uow, row["author"]), body)


def _readers(begins_at: datetime, ends_at: datetime, random: Random) -> Iterator[tuple[datetime, Act]]:
    """Stream what readers say: most are content, one article is disliked by many, a few are corrected."""
    first = begins_at + (ends_at - begins_at) * READ_FROM
    for number in range(RATINGS):
        at = first + (ends_at - first) * random.random()
        yield at, partial(_rate, choose=random.choice, number=number, stars=USUAL)
    for number in range(DISLIKED):
        at = first + timedelta(hours=number)
        yield at, partial(_rate, choose=_first, number=number, stars=LOW)
    for number in range(CORRECTIONS):
        at = first + (ends_at - first) * random.random()
        yield at, partial(_correct, random=random, text=WRONG[number % len(WRONG)])


def _first(shelf: list[Article]) -> Article:
    return shelf[0]


def _rate(uow: UnitOfWork, choose: Callable[[list[Article]], Article], number: int, stars: tuple[int, ...]) -> None:
    shelf, readers = _shelf(uow), _readers_of(uow)
    if shelf and readers:
        body = {"stars": stars[number % len(stars)], "tags": (), "comment": None}
        # Whoever wrote it does not rate it.
        with suppress(EngineError):
            rate_article(uow, readers[number % len(readers)], choose(shelf).id, body)


def _correct(uow: UnitOfWork, random: Random, text: str) -> None:
    shelf, readers = _shelf(uow), _readers_of(uow)
    if shelf and readers:
        with suppress(EngineError):
            correct_article(uow, random.choice(readers), random.choice(shelf).id, text)


def _shelf(uow: UnitOfWork) -> list[Article]:
    """Return what stands on the shelf, by number."""
    page = uow.get(ArticleRegister).list_page(ArticleQuery(limit=200))
    return sorted((one for one in page.items if one.on_shelf), key=lambda one: one.article_no)


def _readers_of(uow: UnitOfWork) -> list[Caller]:
    """Return those who may rate, by login."""
    accounts = uow.get(AccountRegister).list_accounts(limit=60)
    return [caller for one in accounts if (caller := caller_of(uow, one.id)).may(RATE)]


def _caller(uow: UnitOfWork, login: str) -> Caller:
    account = uow.get(AccountRegister).find_by_login(login)
    if account is None:
        raise EngineError(f"There is no account {login}.")
    return caller_of(uow, account.id)


def _day(days: str, today: date) -> date | None:
    """Return a day that is given as its distance from today; None where none is given."""
    return today + timedelta(days=int(days)) if days else None


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL_ZONE)
