"""Jobs of processes/mediation.bpmn (矛盾纠纷调解): from the registration of a dispute to its closed file."""

from handlers.mediation import clock, ending, intake

__all__ = ["clock", "ending", "intake"]
