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
    # found in an exception, its statement, and the values at hand there
    "column_needed": (
        "one number per row meets a table, and numpy lines the numbers up with its columns:",
        "make them a column, with keepdims=True or [:, None].",
    ),
    "row_needed": (
        "a column meets a table whose columns it belongs to:",
        "leave it a plain row, without [:, None] or reshape(-1, 1).",
    ),
    "channel_axes_needed": (
        "one number per channel meets images, and numpy lines the numbers up with the last axis:",
        "give them the shape (1, C, 1, 1), or move the channels to the end.",
    ),
    "pairs_need_axes": (
        "every row of the first should meet every row of the second, and numpy pairs them off one by one:",
        "an axis more, [:, None], or one row at a time.",
    ),
    "operand_transposed": (
        "rows and columns of one of the two are swapped:",
        "transpose it, or look where it is made.",
    ),
    "shapes_do_not_fit": (
        "the two arrays do not fit together:",
        "from the last axis backwards, lengths must be equal, or one of them 1.",
    ),
    "index_arrays_differ": (
        "two index arrays are not equally long:",
        "one entry for each example needs np.arange(N) with y.",
    ),
    "does_not_fit_place": (
        "what is assigned does not have the shape of its place.",
        "Look at the axis of a sum, and at the index on the left.",
    ),
    "summed_along_other_axis": ("a sum goes along the wrong axis.", "Look at axis=."),
    "not_flattened": (
        "each example has several axes here, and the product goes over the last one only:",
        "flatten the examples first, x.reshape(len(x), -1).",
    ),
    "inner_axes_differ": (
        "the last axis of the first factor must be as long as the first axis of the second.",
        "Look at the order of the factors, and at .T.",
    ),
    "filled_in_other_order": (
        "the array for the result has its axes in another order than the result.",
        "Look at where it is made.",
    ),
    "filled_of_other_size": (
        "the array for the result is not as large as the result.",
        "Look at where it is made, and at the formula for its size.",
    ),
    "padded_all_axes": (
        "np.pad with one number pads all axes, examples and channels too:",
        "only height and width need it, ((0, 0), (0, 0), (pad, pad), (pad, pad)).",
    ),
    "reshape_of_other_size": ("a reshape keeps the number of entries.", "Look at the sizes it is given."),
    "axis_not_there": (
        "there is no such axis:",
        "was it lost in a sum, or in an index? keepdims=True, or a slice, keeps it.",
    ),
    "no_value_yet": (
        "a variable is used before it has a value.",
        "Does it get one only in a branch, or in a loop, that was not entered?",
    ),
    "self_missing": ("what an object keeps is reached through self:", "write self and a dot before the name."),
    "name_unknown": ("there is no variable of this name.", "Look for a slip in it, or for the line that makes it."),
    "attribute_unknown": (
        "what is before the dot has nothing of this name.",
        "Look at the name, and at what is before the dot.",
    ),
    "key_missing": ("there is no such key.", "Look at how the key is made, or spelt."),
    "key_not_yet": (
        "nothing has been put under this key yet:",
        "give it a first value, or read it with .get(key, first value).",
    ),
    "index_beyond_end": ("an index goes beyond the end of its axis.", "Look at which axis it counts along."),
    "indices_swapped": ("two indices are swapped:", "each of their loops goes as far as the other axis is long."),
    "mask_of_other_shape": ("a mask must have the shape of the array that it picks from.", "Look at how it is made."),
    "number_indexed": ("a single number has no entries to pick:", "is axis= missing in a sum, or np.zeros at first?"),
    "too_many_indices": (
        "there are more indices than axes:",
        "was an axis lost in a sum, or in an index before?",
    ),
    "is_none": (
        "something is None where an array should be.",
        "Was it ever set, and does the function that makes it end in a return statement?",
    ),
    "pair_not_unpacked": (
        "a tuple is used as if it were an array:",
        "take it apart first, as in out, cache = ...",
    ),
    "list_not_array": ("a list is used as if it were an array:", "make it one first, with np.array."),
    "float_for_integer": (
        "a size or an index must be an integer, and this is a float:",
        "/ gives a float even for 4 / 2; use //, or an integer dtype.",
    ),
    "max_for_maximum": (
        "the second argument of np.max and np.min is an axis.",
        "Entry by entry it is np.maximum and np.minimum.",
    ),
    "array_for_number": ("a whole array is put where one number belongs:", "is a sum missing, or an index?"),
    "unpacked_otherwise": ("there are not as many names as values.", "Look at what is on the right."),
    "signature_changed": (
        "the function does not take the arguments that the kit gives it:",
        "keep its first line, self included, as it is in the stub.",
    ),
    "truth_of_array": (
        "if, and, or, min() and max() ask for one yes or no, and an array has many:",
        "use np.where, np.maximum or a mask.",
    ),
    "floats_into_integers": (
        "an array of integers cannot take the floats that go into it:",
        "make it with a float dtype, or write a = a + b instead of a += b.",
    ),
    "power_written_as_xor": ("^ is no power in Python:", "write **."),
    "kth_too_large": (
        "kth counts from 0, so it must be less than the number of entries:",
        "for the k smallest, kth = k - 1 is enough.",
    ),
    "shape_in_brackets": ("the shape is one argument:", "put it in brackets, np.zeros((N, C))."),
    "sizes_one_by_one": (
        "this function takes the sizes one by one:",
        "leave the inner brackets out, np.random.randn(N, C).",
    ),
    "tuple_for_integer": ("a tuple is given where one integer belongs:", "which of its entries is meant?"),
    "range_missing": ("a loop needs something to go through, and this is a number:", "range(n)?"),
    "maximum_of_nothing": ("the maximum or minimum of nothing is asked for:", "which slice or mask is empty?"),
    "endless_recursion": ("a function calls itself again and again.", "Look for where it should stop."),
    "brackets": ("round brackets call a function, square ones pick entries.", "Look at which are used."),
    "wrong_arguments": (
        "a function is called with other arguments than it takes.",
        "Compare the call with its def line.",
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
        "reshape only reads the numbers in another way, it moves no axes:",
        "use transpose first.",
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
    "not_centred": ("right but for the mean, which is not subtracted.", "Look for the mean."),
    # found by comparing: something else that is at hand
    "all_zeros": ("everything is 0:", "does what is computed ever get into what is returned?"),
    "all_ones": ("everything is 1:", "does what is computed ever get into what is returned?"),
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
    "two_shapes": "{one}; {other}.",
    "number_written": "The number {number} is written in the function, and nothing has that length here.",
    "assigned": "The right side has shape {given}; its place has shape {place}.",
    "along_axis": "With axis={axis} instead of axis={given} it would fit.",
    "reshaped": "It has {size} entries, and shape {shape} has room for {wanted}.",
    "no_value_yet": "It is `{name}`.",
    "always_as_long": "Axis {axis} of {name} has length {number} in every case.",
    "as_long_as": "Axis {axis} of {name} has the length {size}.",
    "import_it": "`{name}` is in cs231n.layers: import it from there.",
    "meant": "Is `{meant}` meant?",
    "has_instead": "{owner} has {names}.",
    "index_beyond": "{array}, and {which} is {index} on its axis {axis}.",
    "is_a": "{what} is of the type {kind}.",
    "is_number": "{what} is a single number.",
    "is_none": "{what} is None.",
    "is_tuple": "{what} is a tuple.",
    "is_list": "{what} is a list.",
    "is_float": "{what} is {value}.",
    "are_floats": "{what} is an array of floats.",
    "unpacked": "{what} is {value}, for {count} names.",
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
    "right_among": "Right in {few} of {all} cases: {names}.",
}
