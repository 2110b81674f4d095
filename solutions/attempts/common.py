"""Causes that any exercise may have, and the sentences that give the evidence of a cause, or of none."""

CAUSES = {
    # anywhere
    "one_column": ("right for several columns, wrong for a single one:", "does a squeeze() or reshape drop an axis?"),
    "mutation": ("it changes its input in place; the caller still needs it.", "Work on a copy or a new array."),
    "one_example": ("right for several examples, wrong for a single one:", "does a squeeze() or reshape drop an axis?"),
    "hard_coded_size": (
        "it works for some sizes only:",
        "is a size written as a number instead of taken from the shape?",
    ),
    "too_slow": (
        "a Python loop over pixels, or one that never ends?",
        "Look at while loops first, then at loops within loops.",
    ),
    "too_much_memory": (
        "an array of all pairs of things at once, or a list that never stops growing?",
        "Look at where axes are added with None or np.newaxis.",
    ),
    "returns_none": ("it returns nothing:", "is the return statement missing?"),
    "differs_between_calls": (
        "the same call gives other numbers each time:",
        "something is drawn at random, is left uninitialised (np.empty), or remembers earlier calls.",
    ),
    # found by calling it again with one thing changed
    "argument_ignored": (
        "an argument makes no difference:",
        "is its value written in as a number, or is another name used in its place?",
    ),
    "other_penalty": (
        "the penalty is not the one that is asked for.",
        "Look at what is summed, and at what the sum is multiplied by.",
    ),
    "mode_ignored": ("it does the same in train mode and in test mode.", "Look at what is asked of mode."),
    "other_default": (
        "right where an argument is given, wrong where it is left out:",
        "the default is another one than the text says.",
    ),
    "last_example_only": (
        "only the last example counts:",
        "is there = where += belongs, or a line after the loop that belongs in it?",
    ),
    "first_example_only": ("only the first example counts:", "does the function return inside its loop?"),
    # called, though the exercise is to be written without it
    "given_code": (
        "code that comes with the kit does the work here;",
        "the exercise is to write what it does with loops and sums of your own.",
    ),
    "numeric_gradient": (
        "numeric differences do the work here, one pair of calls for each entry;",
        "derive the gradient on paper, and write that formula.",
    ),
    "other_exercise": (
        "the answer to another exercise does the work here;",
        "this one is to be written by itself, so that each can check the other.",
    ),
    "library_function": (
        "a library does the work here, and that passes;",
        "it is worth writing it out with sums, products and roots of arrays once.",
    ),
    # found by comparing: every entry went through the same
    "scaled": (
        "every entry is off by the same factor.",
        "Look for a constant, a mean in place of a sum, or a sum in place of a mean.",
    ),
    "times_n": ("it is a sum over the batch where the text asks for a mean:", "divide by N, once."),
    "over_n": (
        "it is divided by N, the number of examples, once too often.",
        "Look for a second mean, or a division by N.",
    ),
    "times_c": ("every entry is off by the same factor, the number C:", "is a sum over it where a mean should be?"),
    "over_c": ("every entry is divided by C too, as np.mean over all entries does;", "the mean is over examples only."),
    "scaled_but_penalty": (
        "the examples' part of it is off by a factor, the penalty is right.",
        "Look at what is divided by N, and when.",
    ),
    "number_for_size": (
        "a number is written in the code where a size should be taken from the shape.",
        "Look for numbers such as 10 or 500.",
    ),
    "same_everywhere": ("the same comes back whatever the input:", "is it written as a number in the code?"),
    "sign": ("right up to its sign:", "everything is negated."),
    "squared_result": ("these are exactly the squares of what is right:", "is a square root missing?"),
    "root_result": ("these are exactly the square roots of what is right:", "one root too many?"),
    "exp_result": ("this is exactly exp of what is right:", "is a logarithm missing, or one exp too many?"),
    "log_result": ("this is exactly the logarithm of what is right:", "one log too many, or an exp missing?"),
    "inverse_result": ("this is exactly 1 over what is right:", "are numerator and denominator swapped?"),
    "complement_result": ("this is exactly 1 minus what is right.", "Look at what is compared, or subtracted from 1."),
    "absolute_result": (
        "the numbers are right, but the minus signs are lost.",
        "Look for np.abs, or a square under a root.",
    ),
    "cut_below_zero": (
        "right where it should be positive, but negative numbers are cut off at 0:",
        "a ReLU or np.maximum too many?",
    ),
    "cut_above_zero": (
        "right where it should be negative, but positive numbers are cut off at 0.",
        "Look for np.minimum, or a comparison the wrong way round.",
    ),
    "cut_at_number": ("right, but large numbers are cut off.", "Look for np.clip or np.minimum."),
    "whole_numbers": (
        "the decimals are cut off:",
        "the result is stored in an array of integers, as np.zeros_like makes of integers, or int() or // is applied.",
    ),
    "rounded_result": ("the result is rounded to whole numbers.", "Look for np.round, round() or np.rint."),
    "wrapped_integers": ("it overflows 8-bit integers, which hold 0 to 255:", "convert with .astype(float) first."),
    # found by comparing: the right numbers in the wrong places
    "transposed": ("rows and columns are swapped.", "Look at the order of the factors, or add .T."),
    "axes_permuted": (
        "the numbers are right, but the axes stand in another order.",
        "Look at transpose, reshape and einsum.",
    ),
    "reshape_for_transpose": (
        "the numbers are read in the order of other axes:",
        "reshape moves no axes; use transpose first, and undo exactly that on the way back.",
    ),
    "flipped": ("the numbers are right, but in reverse order.", "Look for [::-1] and for loops that count down."),
    "shifted_entries": ("the numbers are right, but all one place further on:", "is an index off by one?"),
    "fortran_order": (
        "the numbers are right, but filled in column by column instead of row by row.",
        "Look for order='F' and for index arithmetic.",
    ),
    "reshaped": ("the numbers are right, in an array of the wrong shape.", "Look at the last reshape, or ravel."),
    "axis_dropped": (
        "the numbers are right, but an axis of length 1 is lost:",
        "squeeze(), or an index where a slice should be?",
    ),
    "axis_too_many": (
        "the numbers are right, but there is an axis of length 1 too many:",
        "keepdims=True, or [:, None]?",
    ),
    "broadcast": (
        "an array of shape (N,) met one of shape (N, 1), and numpy made an N × N table of the two.",
        "Look at the shapes on both sides of an operator.",
    ),
    "axis_missing": (
        "a single number comes back where there should be several:",
        "sum, max or argmax without an axis?",
    ),
    "not_summed": ("summed along one more axis it would be right.", "Look at the axis of the sums."),
    "not_averaged": ("averaged along one more axis it would be right.", "Look at the axis of the means."),
    "maximum_left_out": ("these are the numbers to choose from:", "the maximum along one more axis is right."),
    "not_divided_by_sum": ("it is not normalised yet:", "divided by its sum it would be right."),
    "not_divided_by_norm": (
        "it is not normalised yet:",
        "divided by its length, the root of its sum of squares, it would be right.",
    ),
    "not_centred": ("right but for its mean, which should be 0.", "Look at where a mean is subtracted, and how often."),
    # found by comparing: something else that is at hand
    "all_zeros": ("everything is 0:", "does what is computed ever get into what is returned?"),
    "all_ones": ("everything is 1:", "does what is computed ever get into what is returned?"),
    "only_last_row": ("only the last row was filled:", "does a line of the loop stand after it?"),
    "added_for_multiplied": ("dout and the slope are added;", "multiply them (chain rule)."),
    "dout_divided": ("dout is divided by the slope;", "multiply it (chain rule)."),
    "dout_divides": ("the slope is divided by dout;", "multiply it (chain rule)."),
    "slope_applied_twice": ("the slope is multiplied on twice;", "once (chain rule)."),
    "returns_input": ("an input comes back unchanged.", "Does the result ever get a new value?"),
    "outputs_exchanged": ("two results are exchanged:", "mind their order in the return statement."),
    "other_output": ("this is the value of another result.", "Look at the names in the return statement."),
    "reduced_elsewhere": ("it is the right summary along the wrong axis.", "Look at axis=."),
    "mean_for_total": ("this is a mean where a sum is asked for.", "Look for np.mean, or a division."),
    "total_for_mean": ("this is a sum where a mean is asked for.", "Look for np.sum."),
    "other_summary": (
        "this is another summary of the same numbers (sum, mean, largest, smallest, …) than is asked for.",
        "Look at the function that goes along the axis.",
    ),
    # found by comparing: a part of a sum
    "part_missing": ("a part of the sum is missing.", "Compare the formula's terms with yours."),
    "part_extra": ("there is a part too much in the sum.", "Compare the formula's terms with yours."),
    "penalty_part_missing": (
        "the penalty is too small, or missing.",
        "Look at its factor, and whether it is added to both loss and gradient.",
    ),
    "penalty_part_extra": ("the penalty is too large.", "Look at its factor, and whether it is added twice."),
}

# Evidence in numbers, or what is seen where no cause is sure; {…} is filled in
EVIDENCE = {
    "factor": "{output} is exactly {factor}.",
    "number_for_size": "{output} is exactly {factor}: the number {number} stands in the code where {size} belongs.",
    "negative_factor": "{output} has the wrong sign and is {factor}.",
    "constant_factor": "{output} is exactly {factor} times what is right.",
    "too_large": "{factor} times too large",
    "too_small": "{factor} times too small",
    "of_right": "{factor} times what is right",
    "factor_but_part": "But for {part}, {output} is {factor} times what is right.",
    "margin": "Your margin is {margin}: with equal scores the loss should be C - 1, yours is {margin} (C - 1).",
    "fits_own_loss": "Your {output} is the gradient of your loss: look at the loss first.",
    "fit_own_loss": "Your gradients are those of your loss: look at the loss first.",
    "not_own_gradient": "Your loss is right; {output} is not its gradient.",
    "fits_own_forward": "It is the derivative of your own {forward}: look there first.",
    "not_own_forward": "It is not the derivative of your own {forward} either, as a numeric gradient shows.",
    "not_own_backward": "Your {backward} is the derivative of something else than what this returns.",
    "cut_at": "{output} ends at {number}.",
    "shapes": "{output} has shape {actual}, expected {expected}.",
    "axes_order": "{output}.transpose{order} would be right.",
    "along": "It is about {axes} of {output}.",
    "is_input": "{output} is {input} itself.",
    "exchanged": "{output} and {other} stand in each other's place.",
    "is_output": "{output} is what {other} should be.",
    "of_input": "{output} is made of {input}; its shape should be {expected}.",
    "has_part": "{output} is too large by exactly {part}.",
    "lacks_part": "{output} is too small by exactly {part}.",
    "whole": "Wrong in {place}, right everywhere else.",
    "confined": "All wrong entries are in {place}.",
    "just_where": "Wrong just where {shared}.",
    "instead": "The wrong entries are all {what}.",
    "instead_negative": "There only the sign is wrong.",
    "instead_factor": "There it is {factor} times what is right.",
    "wrong_with": "Wrong in {few} of {all} cases: just those with {trait}.",
    "right_with": "Right in {few} of {all} cases only: those with {trait}.",
    "about_output": "This is about {output}.",
    "same_with": "{output} is the same with {name} = {one} and with {name} = {other}; it is right {where}.",
    "same_in_modes": "{output} is the same in both modes.",
    "right_when_given": "With {name} = {value:g} given, {output} is right.",
    "overwritten": "config['{name}'] goes in as {before:g} and comes back as {after}.",
    "penalty": "The penalty in your loss is {found}, expected {expected}.",
    "penalty_in_gradient": "The penalty's part of {output} is {found}, expected {expected}.",
    "no_multiple": "no multiple of {name}",
    "small_added": "Where the probability is 0, the loss is -log {small}.",
    "one_decides": "Only the {which} example changes {output}.",
}
