"""Jobs of processes/mediation_round.bpmn (一轮调解): who mediates, what happens in the sessions, and handing up."""

from handlers.mediation_round import appointing, levels, sessions

__all__ = ["appointing", "levels", "sessions"]
