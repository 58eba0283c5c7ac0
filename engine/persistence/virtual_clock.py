"""A clock that lives in the database: every process of a simulated city sees the same instant."""

from datetime import datetime

from sqlalchemy import Engine, Integer, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import Invalid
from engine.persistence.base import Base, Instant
from engine.persistence.engine import READ_ONLY


class VirtualClockRow(Base):
    """The one row of the clock."""

    __tablename__ = "virtual_clock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    instant: Mapped[datetime] = mapped_column(Instant)


class VirtualClock:
    """Reads the simulated instant; moves it forward only."""

    def __init__(self, engine: Engine) -> None:
        """Read from this database."""
        self._engine = engine

    def now(self) -> datetime:
        """Return the simulated instant; raises Invalid before it was set for the first time."""
        with self._engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            instant = connection.execute(select(VirtualClockRow.instant)).scalar_one_or_none()
        if instant is None:
            raise Invalid("The virtual clock has not been set.", code="virtual-clock-not-set")
        return instant

    def set(self, instant: datetime) -> None:
        """Move to an instant; raises Invalid for one in the past of the clock."""
        with self._engine.begin() as connection:
            known = connection.execute(select(VirtualClockRow.instant).with_for_update()).scalar_one_or_none()
            if known is None:
                connection.execute(insert(VirtualClockRow).values(id=1, instant=instant))
                return
            if instant < known:
                raise Invalid("The virtual clock moves forward only.", code="virtual-clock-backwards", now=str(known))
            connection.execute(update(VirtualClockRow).values(instant=instant))
