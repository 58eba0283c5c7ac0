"""Jobs of processes/knowledge_publish.bpmn (知识上报、审核、上架): from the draft to the shelf."""

from handlers.knowledge_publish import checking, reviewing, shelving, writing

__all__ = ["checking", "reviewing", "shelving", "writing"]
