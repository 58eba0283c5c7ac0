"""Jobs of processes/patrol_task.bpmn (巡查任务): received, walked, finished; reminded, missed, lapsed, taken back."""

from handlers.patrol_task import beginning, timing, working

__all__ = ["beginning", "timing", "working"]
