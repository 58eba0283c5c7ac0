"""Runs a check over bytes that hypothesis, atheris or chance choose, until the time is over or something breaks."""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from types import FunctionType

from feel_checks import Clock, bound_memory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

MAX_DATA = 600
BATCH = 2_000


class Broken(Exception):
    """The bytes under which something broke."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self.data = data
        super().__init__()


def noted(check: Callable[[bytes], None], data: bytes) -> None:
    """Check; raises Broken with the bytes beside what went wrong."""
    try:
        check(data)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise Broken(data) from error


def by_chance(check: Callable[[bytes], None], end: float, seed: int) -> int:
    """Check bytes of no plan; returns how many there were."""
    chance, count = random.Random(seed), 0
    while time.monotonic() < end:
        noted(check, chance.randbytes(chance.randrange(MAX_DATA)))
        count += 1
    return count


def by_hypothesis(check: Callable[[bytes], None], end: float, seed: int) -> int:
    """Let hypothesis choose the bytes and shrink what breaks; returns how many there were."""
    count = 0
    while time.monotonic() < end:
        seed += 1

        @seeded(seed)
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.binary(max_size=MAX_DATA))
        def batch(data: bytes) -> None:
            nonlocal count
            # A batch that is open when the time is over runs out idle; what is not checked does not count.
            if time.monotonic() < end:
                count += 1
                noted(check, data)

        batch()
    return count


def instrumented(instrument: Callable[[FunctionType], object]) -> None:
    """Have atheris see which branches of the engine are taken; all of Python would take minutes to prepare."""
    rooms = [module for name, module in sorted(sys.modules.items()) if name.startswith(("engine.feel", "engine.dmn"))]
    owners = [*rooms, *(part for room in rooms for part in vars(room).values() if isinstance(part, type))]
    for owner in owners:
        for part in list(vars(owner).values()):
            if isinstance(part, FunctionType) and part.__module__.startswith("engine."):
                instrument(part)


def by_atheris(check: Callable[[bytes], None], end: float, seed: int) -> int:
    """Let atheris choose the bytes by what code they reach; ends the process."""
    try:
        import atheris  # noqa: PLC0415  installed by who wants it
    except ImportError:
        raise SystemExit("atheris is not there: pip install atheris") from None

    def test(data: bytes) -> None:
        try:
            noted(check, data)
        except Broken as broken:
            show(broken)
            sys.stdout.flush()
            raise

    seconds = max(1, int(end - time.monotonic()))
    instrumented(atheris.instrument_func)
    # Code that is watched branch by branch is about five times slower; `--replay` measures it as it is.
    Clock.seconds *= 5
    folder = tempfile.mkdtemp(prefix="zhili-fuzz-")
    # Without `len_control=0` the first minutes go to inputs of a few bytes, which are no expressions.
    limits = [f"-max_total_time={seconds}", f"-max_len={MAX_DATA}", "-len_control=0", "-rss_limit_mb=4096"]
    options = [*limits, f"-seed={seed + 1}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options], test)
    atheris.Fuzz()
    return 0


ENGINES = {"random": by_chance, "hypothesis": by_hypothesis, "atheris": by_atheris}


def show(broken: Broken) -> None:
    """Print what went wrong and under which bytes."""
    traceback.print_exception(broken.__cause__, limit=-6, file=sys.stdout)
    print(f"--replay {broken.data.hex()}", flush=True)


def run(usage: str, check: Callable[[bytes], None], shown: Callable[[bytes], str]) -> None:
    """Be the command: check for the given time; ends with 1 where something breaks."""
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="hypothesis")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--replay", help="bytes of a finding, in hex")
    options = parser.parse_args()
    bound_memory()
    try:
        if options.replay is not None:
            print(shown(bytes.fromhex(options.replay)))
            noted(check, bytes.fromhex(options.replay))
            print("nothing breaks")
            return
        end = time.monotonic() + 60 * options.minutes
        count = ENGINES[options.engine](check, end, options.seed)
    except Broken as broken:
        show(broken)
        print(shown(broken.data))
        raise SystemExit(1) from None
    print(f"{count} inputs by {options.engine} (seed {options.seed}): no crash, no hang")
