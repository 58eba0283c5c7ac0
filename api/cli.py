"""The command line: `zhili`. Exit codes: 0 done, 1 failed, 2 the input was wrong."""

import click

from api.commands import (
    accounts,
    bench,
    calendars,
    city,
    database,
    decision_versions,
    decisions,
    demo,
    deploy,
    export,
    intake,
    interface,
    process_tests,
    serve,
    simulate,
)
from api.commands.console import FAILED, WRONG_INPUT, show_error
from api.commands.running import unavailable
from api.commands.words import Group, choose, option, say
from api.config import BadSetting
from api.language import LANGUAGES
from engine.errors import EngineError


class Zhili(Group):
    """The program: whatever goes wrong ends with a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except EngineError as error:
            show_error(error)
            ctx.exit(WRONG_INPUT)
        except BadSetting as error:
            click.echo(say("bad_setting", reason=str(error)), err=True)
            ctx.exit(WRONG_INPUT)
        except Exception as error:
            if not unavailable(error):
                raise
            click.echo(say("database_away"), err=True)
            ctx.exit(FAILED)


@click.group(cls=Zhili, help="zhili", context_settings={"help_option_names": ["-h", "--help"]})
@option("--lang", type=click.Choice(LANGUAGES), expose_value=False, is_eager=True, callback=choose, help="lang")
def main() -> None:
    """Run the city from the command line."""


for _module in (
    deploy,
    decisions,
    decision_versions,
    export,
    intake,
    serve,
    database,
    accounts,
    simulate,
    process_tests,
    demo,
    interface,
    calendars,
    city,
    bench,
):
    _module.add_to(main)


if __name__ == "__main__":
    main()
