"""Units, accounts, tokens and sessions."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from engine.errors import Conflict, Invalid, NotFound
from registers.codes import CodeRegister
from registers.org import AccountRegister, SessionRegister, TokenRegister, UnitKind, UnitRegister, passwords
from registers.org.accounts import Refusal
from registers.org.tables import AccountRow, ApiTokenRow, LoginSessionRow
from tests.small_city import UNITS, rows_of

PASSWORD = "Winter-2026-Snow"


@pytest.fixture
def accounts(city, clock):
    return AccountRegister(city, clock)


@pytest.fixture
def sessions(city, clock):
    return SessionRegister(city, clock)


@pytest.fixture
def tokens(city, clock):
    return TokenRegister(city, clock)


@pytest.fixture
def alice(accounts):
    return accounts.add("Alice", "王丽", PASSWORD, groups=["acceptor@230100", "grid_worker@230103002"])


def test_units_are_found_by_kind_and_parent(city, clock):
    units = UnitRegister(city, clock)
    assert [unit.code for unit in units.list_units(kind=UnitKind.DEPARTMENT)] == ["230100-CG", "230100-ZJ"]
    assert [unit.code for unit in units.list_units(parent="230103")] == ["230103002"]
    assert units.get("230103002").region_code == "230103002000"
    assert units.names_of(["230100-CG", "nowhere"]) == {"230100-CG": "市城市管理局"}
    with pytest.raises(NotFound):
        units.get("230199")


def test_every_wrong_row_of_units_is_named(city, clock):
    rows = [
        *rows_of(UNITS),
        {"code": "x", "name": "x", "kind": "department", "parent": "", "region_code": ""},
        {"code": "230100-AA", "name": "x", "kind": "club", "parent": "", "region_code": ""},
        {"code": "230100-AB", "name": "", "kind": "department", "parent": "", "region_code": ""},
        {"code": "230100-AC", "name": "x", "kind": "department", "parent": "230199", "region_code": ""},
    ]
    with pytest.raises(Invalid) as caught:
        UnitRegister(city, clock).load(rows)
    assert [problem.code for problem in caught.value.problems] == [
        "unit-code-malformed",
        "unit-kind-unknown",
        "unit-name-missing",
        "unit-parent-unknown",
    ]


def test_an_account_signs_in_with_its_login_in_any_case(accounts, alice):
    assert accounts.verify(" ALICE ", PASSWORD).account == alice
    assert accounts.groups_of(alice.id) == ("acceptor@230100", "grid_worker@230103002")
    assert [member.login for member in accounts.members_of("acceptor@230100")] == ["alice"]
    assert accounts.count() == 1


def test_a_login_is_given_once(accounts, alice):
    with pytest.raises(Conflict, match="taken"):
        accounts.add("alice", "另一人", PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Short-1", "password-length"),
        ("alllowercaseletters", "password-classes"),
        ("Alice-2026-Snow", "password-holds-login"),
        ("Aa1-" + "x" * 300, "password-length"),
    ],
)
def test_a_weak_password_is_refused_without_being_repeated(accounts, password, code):
    with pytest.raises(Invalid) as caught:
        accounts.add("alice", "王丽", password)
    assert code in [problem.code for problem in caught.value.problems]
    assert password not in str(caught.value)
    assert accounts.find_by_login("alice") is None


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"login": "a b"}, "login"),
        ({"login": "x"}, "login"),
        ({"name": " "}, "name"),
        ({"phone": "1" * 33}, "phone"),
        ({"groups": ["acceptor"]}, "groups"),
        ({"groups": ["acceptor@230199"]}, "groups"),
    ],
)
def test_a_person_with_a_wrong_field_is_refused_by_the_name_of_the_field(accounts, changes, where):
    person = {"login": "bob", "name": "赵强", "password": PASSWORD} | changes
    with pytest.raises(Invalid) as caught:
        accounts.add(**person)
    assert caught.value.problems[0].where == where


def test_a_group_has_a_role_that_the_city_knows(accounts, alice, city, clock):
    CodeRegister(city, clock).load_csv("roles", "code,name\nacceptor,受理员\n")
    assert accounts.set_groups(alice.id, ["acceptor@230100"]) == ("acceptor@230100",)
    with pytest.raises(Invalid) as caught:
        accounts.set_groups(alice.id, ["wizard@230100"])
    assert caught.value.problems[0].code == "unknown-role"


def test_five_failures_lock_the_account_for_fifteen_minutes(accounts, alice, clock):
    for _ in range(5):
        assert accounts.verify("alice", "wrong").refusal is Refusal.WRONG
    assert accounts.verify("alice", PASSWORD).refusal is Refusal.LOCKED
    clock.advance(timedelta(minutes=15))
    assert accounts.verify("alice", "wrong").refusal is Refusal.WRONG
    assert accounts.verify("alice", PASSWORD).account.failed_attempts == 0


def test_success_forgets_the_failures_before_it(accounts, alice):
    for _ in range(4):
        accounts.verify("alice", "wrong")
    assert accounts.verify("alice", PASSWORD).account is not None
    for _ in range(4):
        accounts.verify("alice", "wrong")
    assert accounts.verify("alice", PASSWORD).account is not None


def test_a_lock_is_lifted_by_enabling_the_account(accounts, alice):
    for _ in range(5):
        accounts.verify("alice", "wrong")
    accounts.enable(alice.id)
    assert accounts.verify("alice", PASSWORD).account is not None


def test_an_unknown_login_costs_a_hash_too(accounts, monkeypatch):
    checked = []
    real = passwords.HASHER.verify
    spy = type("Spy", (), {"verify": lambda _self, *a: checked.append(1) or real(*a), "hash": passwords.HASHER.hash})()
    monkeypatch.setattr(passwords, "HASHER", spy)
    assert accounts.verify("nobody", PASSWORD).refusal is Refusal.WRONG
    assert checked == [1]


def test_a_disabled_account_is_out_everywhere(accounts, sessions, tokens, alice):
    _, cookie = sessions.open(alice.id)
    _, text = tokens.create(alice.id, "import")
    accounts.disable(alice.id)
    assert accounts.verify("alice", PASSWORD).refusal is Refusal.DISABLED
    assert sessions.find(cookie) is None
    assert tokens.verify(text) is None
    assert accounts.members_of("acceptor@230100") == ()


def test_a_new_password_ends_the_sessions_and_replaces_the_old_one(accounts, sessions, alice):
    _, cookie = sessions.open(alice.id)
    assert alice.must_change is True
    assert accounts.set_password(alice.id, "Spring_2027_Thaw").must_change is False
    assert sessions.find(cookie) is None
    assert accounts.verify("alice", PASSWORD).account is None
    assert accounts.verify("alice", "Spring_2027_Thaw").account is not None


def test_changed_groups_end_the_sessions_and_unchanged_ones_do_not(accounts, sessions, alice):
    _, cookie = sessions.open(alice.id)
    accounts.set_groups(alice.id, ["grid_worker@230103002", "acceptor@230100"])
    assert sessions.find(cookie) is not None
    accounts.set_groups(alice.id, ["acceptor@230100"])
    assert sessions.find(cookie) is None
    assert accounts.groups_of(alice.id) == ("acceptor@230100",)


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(accounts, alice, city, monkeypatch):
    before = city.execute(select(AccountRow.password_hash)).scalar_one()
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert accounts.verify("alice", PASSWORD).account is not None
    after = city.execute(select(AccountRow.password_hash)).scalar_one()
    assert before != after
    assert "t=2" in after


def test_neither_passwords_nor_secrets_are_stored_in_the_clear(city, accounts, sessions, tokens, alice):
    _, cookie = sessions.open(alice.id)
    _, text = tokens.create(alice.id, "import")
    kept = repr([city.execute(select(table)).all() for table in (AccountRow, ApiTokenRow, LoginSessionRow)])
    assert PASSWORD not in kept
    assert cookie not in kept
    assert text not in kept
    assert city.execute(select(AccountRow.password_hash)).scalar_one().startswith("$argon2id$")


def test_accounts_are_listed_by_login_page_by_page(accounts):
    for login in ("carol", "alan", "bert"):
        accounts.add(login, f"姓{login}", PASSWORD)
    assert [account.login for account in accounts.list_accounts(limit=2)] == ["alan", "bert"]
    assert [account.login for account in accounts.list_accounts(after="bert")] == ["carol"]
    assert [account.login for account in accounts.list_accounts(search="姓c")] == ["carol"]
    assert accounts.list_accounts(search="%") == ()


def test_a_session_ends_after_thirty_idle_minutes(sessions, alice, clock):
    _, cookie = sessions.open(alice.id)
    clock.advance(timedelta(minutes=29))
    assert sessions.find(cookie) is not None
    clock.advance(timedelta(minutes=29))
    assert sessions.find(cookie) is not None
    clock.advance(timedelta(minutes=30))
    assert sessions.find(cookie) is None


def test_a_session_ends_after_twelve_hours_however_busy(sessions, alice, clock):
    _, cookie = sessions.open(alice.id)
    for _ in range(35):
        clock.advance(timedelta(minutes=20))
        assert sessions.find(cookie) is not None
    clock.advance(timedelta(minutes=20))
    assert sessions.find(cookie) is None
    assert sessions.remove_ended(clock.now() + timedelta(days=1)) == 1


def test_a_closed_session_is_over_and_the_others_live_on(sessions, alice):
    _, one = sessions.open(alice.id)
    _, other = sessions.open(alice.id)
    assert len(sessions.list_live(alice.id)) == 2
    sessions.close(one)
    assert sessions.find(one) is None
    assert sessions.find(other) is not None
    sessions.close("unknown")


def test_being_seen_is_written_once_a_minute(sessions, alice, clock, city):
    _, cookie = sessions.open(alice.id)
    clock.advance(timedelta(seconds=59))
    sessions.find(cookie)
    seen = select(LoginSessionRow.seen_at)
    assert city.execute(seen).scalar_one() == clock.now() - timedelta(seconds=59)
    clock.advance(timedelta(seconds=1))
    sessions.find(cookie)
    assert city.execute(seen).scalar_one() == clock.now()


def test_a_token_works_until_it_is_revoked(tokens, alice, clock):
    token, text = tokens.create(alice.id, " intake ", scopes=["cases", "cases"])
    assert text.startswith(token.prefix)
    assert token.name == "intake"
    assert token.scopes == ("cases",)
    assert tokens.verify(text).id == token.id
    assert tokens.list_tokens(alice.id)[0].last_used_at == clock.now()
    revoked = tokens.revoke(token.id).revoked_at
    clock.advance(timedelta(hours=1))
    assert tokens.revoke(token.id).revoked_at == revoked
    assert tokens.verify(text) is None
    with pytest.raises(NotFound):
        tokens.revoke("unknown")


def test_a_token_expires(tokens, alice, clock):
    _, text = tokens.create(alice.id, "short", expires_at=clock.now() + timedelta(hours=1))
    assert tokens.verify(text) is not None
    clock.advance(timedelta(hours=1))
    assert tokens.verify(text) is None
    with pytest.raises(Invalid) as caught:
        tokens.create(alice.id, "late", expires_at=clock.now())
    assert caught.value.problems[0].where == "expires_at"


def test_garbage_is_neither_token_nor_cookie(tokens, sessions):
    for text in ("", "zhili_", "\ud800", "x" * 10_000):
        assert tokens.verify(text) is None
        assert sessions.find(text) is None
