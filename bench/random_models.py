"""Walks through random sound diagrams, compared with the reference, live, stored and renamed, and tells of them.

    python bench/random_models.py --examples 5000 --seed 1 --minutes 20

A third of the diagrams is made of blocks, a third of regions that are no blocks, a third of any elements, also those
that the reference does not know. The checks are those of `tests/unit/bpmn/test_random_models.py` and
`test_renaming.py`. The first counterexample is made small, printed as a diagram, and ends the run.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the tests are no installed package

from tests.unit.bpmn.blocks import BLOCKS, REGIONS
from tests.unit.bpmn.drawing import Block
from tests.unit.bpmn.test_random_models import NUMBERS
from tests.unit.bpmn.test_renaming import compare
from tests.unit.bpmn.walks import Tally, walk
from tests.unit.bpmn.wide import WIDE, drawn_wide

BATCH = 250


class WrongModel(Exception):
    """The diagram and the choices under which something is wrong."""

    def __init__(self, xml: bytes, numbers: Sequence[int]) -> None:
        """Keep them."""
        self.xml, self.numbers = xml, numbers
        super().__init__()


def check(block: Block, numbers: Sequence[int], tally: Tally) -> None:
    """Walk through one diagram, then beside its renamed twin; raise WrongModel."""
    sketch = drawn_wide(block)
    try:
        walk(sketch, numbers, tally)
        compare(sketch.xml, sum(numbers))
    except KeyboardInterrupt:
        raise
    except Exception as error:
        raise WrongModel(sketch.xml, numbers) from error


def batch(size: int, seed: int, end: float, tally: Tally) -> None:
    """Check some diagrams of each sort; when the time is over, the rest of the batch runs idle."""
    for sort in (BLOCKS, REGIONS, WIDE):

        @seeded(seed)
        @settings(
            max_examples=max(1, size // 3),
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(block=sort, numbers=NUMBERS)
        def one(block: Block, numbers: list[int]) -> None:
            if time.monotonic() < end:
                check(block, numbers, tally)

        one()


def show(wrong: WrongModel, seed: int) -> None:
    """Print what went wrong, and the diagram."""
    traceback.print_exception(wrong.__cause__, limit=-6, file=sys.stdout)
    print(f"seed {seed}, choices {list(wrong.numbers)}\n{wrong.xml.decode()}")


def tell(tally: Tally, seconds: float) -> None:
    """Print what was walked."""
    print(f"{tally.models} models, {tally.steps} steps, {seconds:.0f} s; every one ended, live and stored alike")
    counts: tuple[tuple[str, Counter[str]], ...] = (
        ("endings", tally.endings),
        ("passages", tally.passages),
        ("elements", tally.nodes),
    )
    for title, counter in counts:
        print(f"{title}:")
        for name, number in counter.most_common():
            print(f"  {number:>8} {name}")


def main() -> None:
    """Be the command; ends with 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20)
    options = parser.parse_args()
    tally, began, seed = Tally(), time.monotonic(), options.seed
    end = began + 60 * options.minutes
    while tally.models < options.examples and time.monotonic() < end:
        try:
            batch(min(BATCH, options.examples - tally.models), seed, end, tally)
        except WrongModel as wrong:
            show(wrong, seed)
            raise SystemExit(1) from None
        seed += 1
    tell(tally, time.monotonic() - began)


if __name__ == "__main__":
    main()
