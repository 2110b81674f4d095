"""What well-known mistakes would return, so that a check can recognise them. One module for each family of checks.

A module has MISTAKES: {check (its `stored_as`): {cause id: function(**inputs) -> {output name: array}}}. An output that
a mistake leaves right need not be in there.
"""

from collections.abc import Callable


def named(output: str, mistakes: dict[str, Callable]) -> dict[str, Callable]:
    """Turn functions that return one array into functions that return {output: array}."""

    def wrap(wrong: Callable) -> Callable:
        return lambda **inputs: {output: wrong(**inputs)}

    return {cause: wrap(wrong) for cause, wrong in mistakes.items()}
