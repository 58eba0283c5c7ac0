"""The directory: who is in which group, and which unit stands above which. Read-only, for expressions."""

from sqlalchemy import select

from engine.persistence.base import Register
from registers.org.tables import AccountGroupRow, AccountRow, UnitRow


class Directory(Register):
    """Answers by login, group (`role@unit`) and unit code, as things stand in the transaction."""

    def groups_of(self, login: str) -> tuple[str, ...] | None:
        """Return the groups of a person, sorted; None where there is no such login."""
        account = select(AccountRow.id).where(AccountRow.login == login)
        account_id = self.connection.execute(account).scalar_one_or_none()
        if account_id is None:
            return None
        groups = select(AccountGroupRow.group_name).where(AccountGroupRow.account_id == account_id)
        return tuple(self.connection.execute(groups.order_by(AccountGroupRow.group_name)).scalars())

    def members_of(self, group: str) -> tuple[str, ...]:
        """Return the logins of the enabled members of a group, sorted."""
        members = (
            select(AccountRow.login)
            .join(AccountGroupRow, AccountGroupRow.account_id == AccountRow.id)
            .where(AccountGroupRow.group_name == group, AccountRow.enabled.is_(True))
        )
        return tuple(self.connection.execute(members.order_by(AccountRow.login)).scalars())

    def unit_above(self, code: str) -> str | None:
        """Return the code of the unit above a unit; None at the top, or where there is no such unit."""
        return self.connection.execute(select(UnitRow.parent).where(UnitRow.code == code)).scalar_one_or_none()
