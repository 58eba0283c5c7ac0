"""Jobs of processes/case_lifecycle.bpmn (事件全流程): what each node leaves in the register of cases."""

from handlers.case_lifecycle import closing, duplicates, filing, handling, intake

__all__ = ["closing", "duplicates", "filing", "handling", "intake"]
