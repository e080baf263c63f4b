"""Every kind of work that is listed is one."""

from crawler.fleet.batch import TASK
from crawler.fleet.tasks import task_modules


def test_each_registers_tasks_and_names_queues() -> None:
    modules = task_modules()
    assert {module.__name__ for module in modules} >= {"crawler.fleet.visit_task"}  # type: ignore[attr-defined]
    for module in modules:
        assert all(callable(getattr(module, part)) for part in ("register", "queues", "threads"))
    assert TASK == "winnow.visit"
