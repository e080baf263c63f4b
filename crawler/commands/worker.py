"""scrapy worker: takes a fleet's work from the broker, until it is stopped."""

import argparse
from typing import ClassVar

from crawler.operations.command import EXIT_FAILED, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.errors import UsageError

JOBS = 32  # sites at once, as of `scrapy visit`


class Command(WinnowCommand):
    """A worker of a fleet."""

    usage: ClassVar[str] = "[--jobs N] [--label LABEL ...] [--only-labels] [--quiet]"
    summary: ClassVar[str] = "Take what a fleet has to do from its broker, and do it"
    details: ClassVar[str] = (
        "Visits the sites that `scrapy visit --fleet` hands out, on this machine, until it is "
        "stopped: once, and its visits end cleanly; twice, at once. Needs WINNOW_BROKER_URL, a "
        "database on a server and the extra winnow[fleet]. Exit code: 0 it was stopped, 1 it "
        "refuses to work, or broker or database are away, 2 a setting is wrong."
    )
    example: ClassVar[str] = "scrapy worker --jobs 100 --label de"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How much at once, and which."""
        super().add_options(parser)
        parser.add_argument(
            "--jobs", type=int, default=JOBS, metavar="N", help=f"sites at once ({JOBS})"
        )
        parser.add_argument(
            "--label",
            action="append",
            default=[],
            metavar="LABEL",
            help="take sites of this [fetch] label too; can be given more than once",
        )
        parser.add_argument(
            "--only-labels", action="store_true", help="leave sites without a label to others"
        )
        add_quiet(self, parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code as `details` says; raises UsageError for what was typed wrong."""
        from crawler.fleet.broker import check_broker
        from crawler.fleet.queues import Queues
        from crawler.fleet.require import require_server
        from crawler.fleet.tasks import task_modules
        from crawler.fleet.worker_log import LOG, log_worker
        from crawler.fleet.worker_means import WorkerMeans

        if args:
            raise UsageError(f"scrapy worker takes no words, but got {args[0]!r}")
        if opts.jobs < 1:
            raise UsageError(f"--jobs {opts.jobs}: write 1 or more")
        if opts.only_labels and not opts.label:
            raise UsageError("--only-labels: name a label, as in --label de --only-labels")
        for label in opts.label:
            _require_label(label)
        require_server(self.project)
        app = check_broker(self.project, "scrapy worker")
        from crawler.fleet.worker import run_worker

        queues = Queues(tuple(dict.fromkeys(opts.label)), opts.only_labels)
        with self.ready_database(writes=True, patiently=True) as database:
            means = WorkerMeans(self.project, database, opts.jobs, queues)
            log_worker(self.project, means.owner, quiet=self.is_quiet)
            means.row.register()
            try:
                means.refusal = means.fitness.why_not()
                if means.refusal is None:
                    means.start(means.row.live())
                    code = run_worker(app, means, task_modules())
            finally:
                means.close()
        if means.refusal is not None:
            return self.say(means.refusal, EXIT_FAILED)
        LOG.info("ended")
        return code


def _require_label(text: str) -> None:
    """Raises UsageError for what no site's file can have as its label."""
    from models.sites.toml_values import label

    try:
        label(text)
    except ValueError as wrong:
        raise UsageError(f"--label: {wrong}") from wrong
