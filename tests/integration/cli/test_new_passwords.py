"""Passwords that the program makes itself."""

from api.config import ROOT
from api.demo import read_people
from api.new_passwords import new_password
from registers.org import PasswordPolicy


def test_a_made_password_is_accepted_for_every_account_of_the_demonstration_also_those_of_two_letters() -> None:
    logins = [person.login for person in read_people(ROOT / "rules")]
    assert min(map(len, logins)) == 2
    for _ in range(200):
        password = new_password(logins)
        for login in logins:
            PasswordPolicy().check(password, login)
