"""Where committees stand: every community, street and district with an office has one (三级调委会)."""

from collections.abc import Mapping

from registers.disputes.model import Dispute, Level
from registers.org import Unit, UnitKind, UnitRegister
from registers.regions import Place

LEVEL_OF_KIND: Mapping[UnitKind, Level] = {
    UnitKind.COMMUNITY: Level.COMMUNITY,
    UnitKind.STREET: Level.STREET,
    UnitKind.DISTRICT: Level.DISTRICT,
}


def level_of(unit: Unit) -> Level | None:
    """Return the level of a unit's committee; None for a unit that has none (a department, the city centre)."""
    return LEVEL_OF_KIND.get(unit.kind)


def committee_of(place: Place, units: UnitRegister) -> Unit | None:
    """Return the lowest committee of a place, or None where nothing of it has an office."""
    regions = (place.community, place.street, place.district)
    return _first(units, [region.unit_code for region in regions if region is not None], Level.COMMUNITY)


def committee_at(dispute: Dispute, level: Level, units: UnitRegister) -> Unit | None:
    """Return the lowest committee of a dispute's place at this level or above, or None."""
    codes = [code for code in (dispute.community, dispute.street, dispute.district) if code is not None]
    return _first(units, codes, level)


def upper_committee(dispute: Dispute, units: UnitRegister) -> Unit | None:
    """Return the committee above the one that has the dispute, or None at the top."""
    above = [level for level in Level if level.rank > dispute.level.rank]
    return committee_at(dispute, above[0], units) if above else None


def distance(mediator_unit: str, dispute: Dispute) -> str:
    """Return how near a committee is to the place of a dispute.

    `community`, `street`, `district`: its own committee of that level; `neighbour`: another one in the same district;
    `other`: none of them. A unit's code begins with its district's (NBS division codes).
    """
    own = ((dispute.community, Level.COMMUNITY), (dispute.street, Level.STREET), (dispute.district, Level.DISTRICT))
    for unit, level in reversed(own):
        if mediator_unit == unit:
            return level.value
    return "neighbour" if mediator_unit.startswith(dispute.district) else "other"


def _first(units: UnitRegister, codes: list[str], level: Level) -> Unit | None:
    """Return the first of some units, from the bottom, that has a committee of this level or above."""
    for code in codes:
        unit = units.find(code)
        found = None if unit is None else level_of(unit)
        if found is not None and found.rank >= level.rank:
            return unit
    return None
