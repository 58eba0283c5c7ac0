"""In a simulated city the clock is a row, moved forward over the interface by who may."""

import pytest

from api.app import create_app
from api.config import ROOT, Settings
from engine.persistence.virtual_clock import VirtualClock
from tests.api_city import NOW
from tests.api_fixtures import Person


@pytest.fixture
def virtual(city_url, city_template):
    app = create_app(Settings(city_url, ROOT, virtual_clock=True))
    engine = app.extensions["zhili"].units.engine
    VirtualClock(engine).set(NOW)
    yield lambda login: Person(app.test_client(), city_template[1][login], login)
    engine.dispose()


def test_the_clock_is_read_with_what_comes_next_and_moved_forward_only(virtual, complete_report):
    virtual("acceptor").post("/cases", complete_report())
    shown = virtual("admin").get("/clock").get_json()
    assert (shown["virtual"], shown["now"]) == (True, NOW.isoformat())
    assert shown["next_due"] > shown["now"]
    moved = virtual("admin").put("/clock", {"now": shown["next_due"]}).get_json()
    assert moved["now"] == shown["next_due"]
    back = virtual("admin").put("/clock", {"now": NOW.isoformat()})
    assert back.status_code == 422
    assert back.get_json(force=True)["code"] == "virtual-clock-backwards"
    assert virtual("alice").put("/clock", {"now": shown["next_due"]}).status_code == 403
