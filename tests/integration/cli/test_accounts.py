"""`zhili user`, `zhili token`: secrets are shown once."""

from datetime import timedelta

import pytest

from api.bootstrap import open_city
from registers.org import AccountRegister, TokenRegister
from tests.api_city import settings_for


@pytest.fixture
def city(city_url):
    made = open_city(settings_for(city_url))
    yield made
    made.units.engine.dispose()


def signs_in(city, login: str, password: str) -> bool:
    with city.units() as uow:
        return uow.get(AccountRegister).verify(login, password).account is not None


def test_a_generated_password_is_shown_once_and_has_to_be_changed(zhili, city_url, city) -> None:
    answer = zhili("user", "add", "lina", "--name", "李娜", "--group", "acceptor@230100", "--json", url=city_url)
    assert answer.code == 0
    made = answer.document
    assert signs_in(city, "lina", made["password"])
    with city.units(read_only=True) as uow:
        account = uow.get(AccountRegister).find_by_login("lina")
        assert account.must_change
        assert uow.get(AccountRegister).groups_of(account.id) == ("acceptor@230100",)
    assert made["password"] not in zhili("user", "list", "--search", "lina", "--json", url=city_url).out


def test_a_password_can_come_from_standard_input_and_is_never_repeated(zhili, city_url, city) -> None:
    secret = "Lang-Genug-77"
    answer = zhili("user", "add", "wangwu", "--name", "王五", "--password-stdin", url=city_url, text=f"{secret}\n")
    assert answer.code == 0
    assert secret not in answer.out + answer.err
    assert signs_in(city, "wangwu", secret)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["UPPER CASE", "--name", "x"], "[login]"),
        (["lina", "--name", "x", "--group", "acceptor"], "[groups]"),
        (["lina", "--name", "x", "--group", "acceptor@999999"], "[groups]"),
        (["alice", "--name", "again"], "alice"),
    ],
)
def test_a_wrong_account_is_refused_by_field_and_nothing_is_added(zhili, city_url, arguments, said) -> None:
    before = zhili("user", "list", "--json", url=city_url).document
    answer = zhili("user", "add", *arguments, url=city_url)
    assert answer.code == 2
    assert said in answer.err
    assert zhili("user", "list", "--json", url=city_url).document == before


def test_a_weak_password_is_refused(zhili, city_url) -> None:
    answer = zhili("user", "add", "lina", "--name", "x", "--password-stdin", url=city_url, text="short\n")
    assert answer.code == 2
    assert "[password]" in answer.err
    assert "short" not in answer.err


def test_a_new_password_ends_the_old_one(zhili, city_url, city) -> None:
    made = zhili("user", "password", "alice", "--json", url=city_url).document
    assert signs_in(city, "alice", made["password"])
    assert zhili("user", "password", "nobody", url=city_url).code == 2


def test_a_token_is_shown_once_and_ends_when_it_was_told_to(zhili, city_url, city) -> None:
    made = zhili("token", "create", "alice", "--name", "phone", "--days", 30, "--json", url=city_url).document
    with city.units() as uow:
        token = uow.get(TokenRegister).verify(made["token"])
        assert (token.id, token.name) == (made["id"], "phone")
        left = token.expires_at - city.units.clock.now()
        assert timedelta(days=29) < left <= timedelta(days=30)
    assert zhili("token", "create", "nobody", "--name", "x", url=city_url).code == 2
