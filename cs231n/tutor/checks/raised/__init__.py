"""The causes of exceptions, found from the exception, the statement that raised it, and the values of the names in it.

A cause is named only if these point to it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.raised import indices, kinds, names, shapes
from cs231n.tutor.checks.raised.scene import Scene
from cs231n.tutor.checks.target import Failure

# Each rule takes a Scene, and returns an explanation, or None if the rule does not apply.
RULES = (
    shapes.result_of_other_shape,
    shapes.padded_everywhere,
    shapes.broadcast,
    shapes.assigned,
    shapes.product,
    shapes.reshaped,
    shapes.axis_not_there,
    names.unknown_name,
    names.unknown_attribute,
    names.missing_key,
    indices.beyond_the_end,
    indices.beyond_a_list,
    indices.too_many,
    kinds.labels,
    kinds.joined_one_by_one,
    kinds.number_in_product,
    kinds.none,
    kinds.not_an_array,
    kinds.float_for_integer,
    kinds.many_for_one,
    kinds.unpacked,
    kinds.called,
    kinds.sizes_in_brackets,
    kinds.by_message,
)


def cause(
    failure: Failure | None, inputs: Mapping[str, Any], axes: Mapping[str, str], expected: Mapping[str, np.ndarray]
) -> Explanation:
    """Return the cause and the evidence for an exception in a case, or an empty explanation if no rule applies."""
    if failure is None or failure.error is None:
        return Explanation(*failure.why) if failure else Explanation()
    scene = Scene(failure.error, inputs, axes, expected)
    return next((found for found in (rule(scene) for rule in RULES) if found), Explanation())
