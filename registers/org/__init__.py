"""The organisation: units, accounts with their groups, API tokens and sign-in sessions."""

from registers.org.accounts import Account, AccountRegister, SignIn
from registers.org.directory import Directory
from registers.org.passwords import PasswordPolicy
from registers.org.sessions import LoginSession, SessionRegister
from registers.org.tokens import ApiToken, TokenRegister
from registers.org.units import Unit, UnitKind, UnitRegister

__all__ = [
    "Account",
    "AccountRegister",
    "ApiToken",
    "Directory",
    "LoginSession",
    "PasswordPolicy",
    "SessionRegister",
    "SignIn",
    "TokenRegister",
    "Unit",
    "UnitKind",
    "UnitRegister",
]
