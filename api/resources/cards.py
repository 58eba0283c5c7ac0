"""Cards: the yellow and red marks for what is late or was done wrong."""

from typing import Any

from flask.views import MethodView

from api.auth import caller, requires
from api.card_view import card_counts, cards_page
from api.context import reading
from api.openapi import PREFIX, NounBlueprint
from api.schemas.clocks import CardCountsSchema, CardQuerySchema, CardSchema
from api.schemas.paging import page_of

blp = NounBlueprint("cards", __name__, url_prefix=f"{PREFIX}/cards", description="Yellow and red cards.")


@blp.route("")
class Cards(MethodView):
    """The cards that the caller may see."""

    @requires("card.read")
    @blp.arguments(CardQuerySchema, location="query")
    @blp.response(200, page_of(CardSchema))
    def get(self, query: dict[str, Any]) -> dict[str, object]:
        """List cards.

        Newest first; outside the city centre only those of the caller's own units, or of a case that she may see.
        """
        with reading() as uow:
            return cards_page(uow, caller(), query)


@blp.route("/counts")
class CardCounts(MethodView):
    """How many cards there are."""

    @requires("card.read")
    @blp.arguments(CardQuerySchema, location="query")
    @blp.response(200, CardCountsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, int]:
        """Count cards.

        Exactly, one number per colour, within what the caller may see.
        """
        with reading() as uow:
            return card_counts(uow, caller(), query)
