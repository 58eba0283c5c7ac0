"""What the services need of the world: one transaction with its repositories.

All instants are aware and in UTC. A method named get_ raises NotFound, find_ answers None, list_ gives a tuple or a
page. A write that finds a newer revision raises Conflict. Nothing is durable before `UnitOfWork.commit`.
"""

from engine.ports.settings import EngineSettings
from engine.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

__all__ = ["EngineSettings", "UnitOfWork", "UnitOfWorkFactory"]
