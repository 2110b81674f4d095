"""The causes that any exercise may have, and EVIDENCE: sentences about what was observed."""

CAUSES = {
    # anywhere
    "one_column": (
        "it works for several columns, channels or units, but not for a single one:",
        "does a squeeze() or reshape drop an axis?",
    ),
    "mutation": (
        "an array or a list that the caller still needs is changed in place.",
        "Work on a copy, or create a new one.",
    ),
    "one_example": (
        "it works for several examples, but not for a single one:",
        "does a squeeze() or reshape drop an axis?",
    ),
    "hard_coded_size": (
        "it works only for some sizes:",
        "is a size written as a number instead of taken from the shape?",
    ),
    "too_slow": (
        "is there a loop that never ends, or a Python loop over single entries of an array?",
        "Look at while loops first, then at loops within loops.",
    ),
    "too_much_memory": (
        "is there a huge intermediate array, or a list that never stops growing?",
        "Look at where axes are added with None or np.newaxis, and at loops that append.",
    ),
    "returns_none": (
        "None is found where a value is expected:",
        "is the return statement missing, or is a value never set?",
    ),
    "result_missing": ("only one value comes back, but several are expected:", "return all of them."),
    "differs_between_calls": (
        "two identical calls give different numbers:",
        "is something drawn at random, left uninitialised (np.empty), or kept from earlier calls?",
    ),
    # found by calling the function again with one thing changed
    "argument_ignored": (
        "an argument or a setting makes no difference:",
        "is its value written into the code, or is a different name used in its place?",
    ),
    "other_penalty": (
        "the penalty is not the one that is asked for.",
        "Look at what is summed, and at what the sum is multiplied by.",
    ),
    "penalty_brackets": (
        "reg does not multiply every term of the penalty:",
        "multiply the whole sum by it; are parentheses missing?",
    ),
    "input_rearranged": (
        "an input is read with its axes in the wrong order.",
        "Reshape does not move axes: x.reshape(N, -1) gives one row for each of N examples, and transpose swaps axes.",
    ),
    "input_negated": (
        "an input is used with the wrong sign.",
        "Look at the minus signs, and at the direction of comparisons with 0.",
    ),
    "sides_exchanged": (
        "the cases for positive and for negative numbers are swapped.",
        "Look at comparisons, and at the order of the arguments of np.where.",
    ),
    "mode_ignored": ("train mode and test mode do the same thing.", "Look at where mode is used."),
    "other_default": (
        "the result is right when an argument or a setting is given, but wrong when it is left out:",
        "its default differs from the one in the docstring.",
    ),
    "last_example_only": (
        "only the last example affects the result:",
        "is there an = that should be +=, or a line after the loop that belongs inside it?",
    ),
    "first_example_only": ("only the first example affects the result:", "does the function return inside its loop?"),
    "example_left_out": (
        "one example is left out:",
        "look at where the loop or slice over the examples starts and ends.",
    ),
    "no_example_counts": (
        "the examples make no difference:",
        "is their sum overwritten, with = instead of +=, or is it never added?",
    ),
    "divided_in_loop": (
        "the sum over the earlier examples is divided again in every iteration of the loop:",
        "divide once, after the loop, or divide only the term of each example.",
    ),
    "examples_unequal": (
        "the examples of a batch do not have equal weights:",
        "does a line inside the loop change the sum over earlier examples, or is a variable reset too late?",
    ),
    # found by watching which functions are called
    "given_code": (
        "code that comes with the kit does the work here;",
        "write the computation out yourself, with loops.",
    ),
    "numeric_gradient": (
        "a numeric gradient is used here, which calls a function twice for each entry;",
        "derive the gradient on paper, and write the formula.",
    ),
    "other_exercise": (
        "the answer to another exercise does the work here;",
        "write this one separately, so that each can be checked against the other.",
    ),
    "library_function": (
        "a library function does the work here, which is allowed;",
        "still, it is worth writing the formula out once.",
    ),
    # found from an exception, the statement that raised it, and the values of its variables
    "column_needed": (
        "one number per row is combined with a table, and numpy matches the numbers with its columns:",
        "make them a column, with keepdims=True or [:, None].",
    ),
    "row_needed": (
        "a column is combined with a table, but its numbers belong to the columns of the table:",
        "leave it as a plain row, without [:, None] or reshape(-1, 1).",
    ),
    "channel_axes_needed": (
        "one number per channel is combined with images, and numpy matches the numbers with the last axis:",
        "give them the shape (1, C, 1, 1), or move the channels to the end.",
    ),
    "pairs_need_axes": (
        "the result needs all pairs of rows, but numpy combines the two arrays entry by entry:",
        "add an axis with [:, None], or take one row at a time.",
    ),
    "operand_transposed": (
        "rows and columns of one of the two arrays are swapped:",
        "transpose it, or look at where it is computed.",
    ),
    "shapes_do_not_fit": (
        "the two arrays do not fit together.",
        "Numpy compares the lengths of the axes, starting with the last: they must be equal, or one of them must be 1.",
    ),
    "index_arrays_differ": (
        "two index arrays differ in length:",
        "to pick one entry for each example, use np.arange(N) with y.",
    ),
    "does_not_fit_place": (
        "the value on the right does not have the shape of the entries on the left.",
        "Look at the axis of a sum, and at the index on the left.",
    ),
    "summed_along_other_axis": ("the operation runs along the wrong axis.", "Look at axis=."),
    "not_flattened": (
        "a factor has more than two axes, and the product is taken over only one of them:",
        "flatten this factor first, as in x.reshape(len(x), -1).",
    ),
    "inner_axes_differ": (
        "the first factor must have as many columns as the second has rows.",
        "Look at the order of the factors, and at .T.",
    ),
    "filled_in_other_order": (
        "the array created for the result has its axes in the wrong order.",
        "Look at where it is created.",
    ),
    "filled_of_other_size": (
        "the array created for the result has the wrong shape.",
        "Look at where it is created, and at the formulas for its sizes.",
    ),
    "padded_all_axes": (
        "all four axes are padded, including those of the examples and channels:",
        "pad only height and width, with ((0, 0), (0, 0), (pad, pad), (pad, pad)).",
    ),
    "reshape_of_other_size": (
        "a reshape cannot change the number of entries.",
        "Look at the array that is reshaped, and at the new sizes.",
    ),
    "axis_not_there": (
        "the array does not have this axis:",
        "was it lost in a sum or by an index? keepdims=True or a slice keeps it.",
    ),
    "no_value_yet": (
        "a variable is used before it has a value.",
        "Is it only set in a branch or in a loop that was not entered?",
    ),
    "self_missing": ("this name is an attribute of self:", "write `self.` before it."),
    "name_unknown": ("there is no variable of this name.", "Is it misspelt, or is the line that defines it missing?"),
    "attribute_unknown": (
        "the object before the dot has no attribute of this name.",
        "Look at the name, and at the object before the dot.",
    ),
    "key_missing": ("the dictionary does not have this key.", "Look at how the key is built or spelt."),
    "key_not_yet": (
        "nothing has been stored under this key yet:",
        "give it a first value, or read it with .get(key, first value).",
    ),
    "index_beyond_end": ("an index goes beyond the end of its axis.", "Look at which axis it belongs to."),
    "beyond_list": (
        "an index goes beyond the end of a list or tuple:",
        "indices count from 0, so the last of n entries has the index n - 1.",
    ),
    "list_empty": ("a list has no entries yet.", "Is anything appended to it before this line?"),
    "key_as_name": (
        "the key of a dictionary is used as a name or an attribute:",
        "write the name of the dictionary, then the key in square brackets and quotes.",
    ),
    "values_for_positions": (
        "values are used as positions:",
        "np.argsort, np.argmin and np.argmax give the positions of the values that np.sort, np.min and np.max give.",
    ),
    "number_for_array": (
        "a matrix product needs arrays, but one factor is a single number.",
        "Was it unpacked in the wrong order, or is there one sum too many?",
    ),
    "arrays_one_by_one": (
        "the arrays to join must be a single argument:",
        "put them in one list, as in np.concatenate([a, b]), or add two lists with +.",
    ),
    "labels_exchanged": ("examples and labels are swapped:", "train takes X first, then y."),
    "labels_in_rows": (
        "the labels are in a table, but there should be one label for each example:",
        "np.concatenate and np.hstack join the labels of the folds into one long array; np.vstack stacks them.",
    ),
    "other_labels": (
        "the labels do not fit the examples:",
        "pick the same rows of X and y, and join the folds of both with np.concatenate, along axis 0.",
    ),
    "list_by_key": (
        "a list or tuple is indexed by a key, as if it were a dictionary:",
        "which of its entries is meant?",
    ),
    "number_in_text": (
        "something other than a string is added to a string:",
        "convert a number first, as in 'W' + str(i), or write f'W{i}'.",
    ),
    "one_row_needed": (
        "a function needs an array with exactly one axis, and gets a different one:",
        "is an index missing, or is there one too many?",
    ),
    "indices_swapped": (
        "two indices are swapped:",
        "the loop over each of them has the length of the other one's axis.",
    ),
    "mask_of_other_shape": (
        "the shape of a mask must match the axes that it picks from.",
        "Look at how the mask is made.",
    ),
    "number_indexed": (
        "a single number has no entries to pick:",
        "is axis= missing in a sum, or should np.zeros have created an array first?",
    ),
    "too_many_indices": ("there are more indices than axes:", "was an axis lost in a sum, or by an earlier index?"),
    "is_none": (
        "None is used where a value is needed.",
        "Was the value set in this case too, and does the function that computes it end with a return statement?",
    ),
    "pair_not_unpacked": ("a tuple is used as if it were an array:", "unpack it first, as in `out, cache = …`."),
    "list_not_array": ("a list is used as if it were an array:", "convert it first, with np.array."),
    "float_for_integer": (
        "an integer is needed here, for example as a size or an index, but a float is used:",
        "/ gives a float even for 4 / 2; use //, or an integer dtype.",
    ),
    "max_for_maximum": (
        "the second argument of np.max and np.min is an axis.",
        "To compare two arrays entry by entry, use np.maximum or np.minimum.",
    ),
    "array_for_number": ("a whole array is used where a single number belongs:", "is a sum missing, or an index?"),
    "unpacked_otherwise": (
        "the number of names differs from the number of values to unpack.",
        "Look at what is unpacked.",
    ),
    "signature_changed": (
        "the function does not take the arguments that the kit gives it:",
        "keep its def line as it was.",
    ),
    "truth_of_array": (
        "if, and, or, min() and max() need a single True or False, but an array has many:",
        "use np.where, np.maximum or a mask.",
    ),
    "floats_into_integers": (
        "an array of integers cannot hold floats:",
        "create it with a float dtype, or write a = a + b instead of a += b.",
    ),
    "power_written_as_xor": ("^ is not the power operator in Python:", "write **."),
    "kth_too_large": (
        "kth counts from 0, so it must be less than the number of entries:",
        "for the k smallest, kth = k - 1 is enough.",
    ),
    "shape_in_brackets": ("the shape must be a single argument:", "put it in parentheses, as in np.zeros((N, C))."),
    "sizes_one_by_one": (
        "np.random.rand and np.random.randn take the sizes as separate arguments:",
        "leave out the inner parentheses, as in np.random.randn(N, C).",
    ),
    "tuple_for_integer": ("a tuple is given where one integer belongs:", "which of its entries is meant?"),
    "range_missing": ("a number cannot be iterated over:", "did you mean range(n)?"),
    "maximum_of_nothing": ("the maximum or minimum of an empty array does not exist:", "which slice or mask is empty?"),
    "endless_recursion": (
        "a function calls itself too many times.",
        "Does it ever stop, or is the recursion too deep for Python?",
    ),
    "brackets": (
        "parentheses call a function, and square brackets pick entries.",
        "Is one used for the other, is a * missing, or does a variable have the name of a function?",
    ),
    "wrong_arguments": (
        "a function is called with the wrong arguments.",
        "Compare the call with the function's def line or documentation.",
    ),
    # found by comparing with the expected output: the same function was applied to every entry
    "scaled": (
        "the result is off by a factor.",
        "Look for a constant, a mean in place of a sum, or a sum in place of a mean.",
    ),
    "times_n": (
        "it is N times too large, where N is the number of examples:",
        "is a sum taken where there should be a mean, or is there one factor of N too many?",
    ),
    "over_n": (
        "it is divided by N, the number of examples, once too often.",
        "Look for a second mean, or a division by N.",
    ),
    "times_c": (
        "it is C times too large, where C is the number of classes or channels:",
        "is a sum taken where there should be a mean, or is there one factor of C too many?",
    ),
    "over_c": (
        "it is divided by C, the number of classes or channels, once too often.",
        "Look for np.mean over all entries, or a division by C.",
    ),
    "scaled_but_penalty": (
        "everything except the penalty is off by the same factor.",
        "Look at what is divided by N, and when.",
    ),
    "number_for_size": (
        "a number is written in the code where a size should be taken from the shape.",
        "Look for numbers such as 10 or 500.",
    ),
    "same_everywhere": ("the result is the same whatever the input is:", "is it written as a number in the code?"),
    "sign": ("it is right except for its sign:", "is there one minus sign too many or too few?"),
    "squared_result": ("this is exactly the square of the expected value:", "is a square root missing?"),
    "root_result": ("this is exactly the square root of the expected value:", "is there one root too many?"),
    "exp_result": (
        "this is exactly exp of the expected value:",
        "is a logarithm missing, or is there one exp too many?",
    ),
    "log_result": (
        "this is exactly the logarithm of the expected value:",
        "is there one log too many, or is an exp missing?",
    ),
    "inverse_result": ("this is exactly 1 over the expected value:", "are numerator and denominator swapped?"),
    "complement_result": (
        "this is exactly 1 minus the expected value.",
        "Look at what is compared, or subtracted from 1.",
    ),
    "absolute_result": (
        "the numbers are right, but the minus signs are lost.",
        "Look for np.abs, or a square under a root.",
    ),
    "cut_below_zero": (
        "positive numbers are right, but negative ones are cut off at 0:",
        "is there one ReLU or np.maximum too many?",
    ),
    "cut_above_zero": (
        "negative numbers are right, but positive ones are cut off at 0.",
        "Look for np.minimum, or for a comparison that is the wrong way round.",
    ),
    "cut_at_number": ("the numbers are right, but large ones are cut off.", "Look for np.clip or np.minimum."),
    "whole_numbers": (
        "the digits after the decimal point are lost at some step:",
        "is a value stored in an array of integers, such as np.zeros_like of integers, or is int() or // applied?",
    ),
    "rounded_result": ("the result is rounded to whole numbers.", "Look for np.round, round() or np.rint."),
    "wrapped_integers": (
        "a value is beyond the range of 8-bit integers, 0 to 255:",
        "convert with .astype(float) first.",
    ),
    # found by comparing: the right numbers in the wrong places
    "one_for_all": (
        "one number is computed for a whole axis, but each entry needs its own.",
        "Is an axis= missing, or an index?",
    ),
    "transposed": ("rows and columns are swapped.", "Look at the order of the factors or indices, or add .T."),
    "axes_permuted": (
        "the numbers are right, but the axes are in the wrong order.",
        "Look at transpose, reshape and einsum.",
    ),
    "reshape_for_transpose": (
        "an array is read with its axes in the wrong order:",
        "reshape does not move axes, so use transpose first; in the backward pass, undo these steps in reverse order.",
    ),
    "flipped": ("the numbers are right, but in reverse order.", "Look for [::-1] and for loops that count down."),
    "shifted_entries": ("the numbers are right, but each is shifted by one position:", "is an index off by one?"),
    "fortran_order": (
        "the numbers are right, but filled in column by column instead of row by row.",
        "Look for order='F' and for index arithmetic.",
    ),
    "reshaped": ("the numbers are right, in an array of the wrong shape.", "Look at the last reshape, or ravel."),
    "axis_dropped": (
        "the numbers are right, but an axis of length 1 is lost:",
        "is there a squeeze(), or an index where a slice should be?",
    ),
    "axis_too_many": (
        "the numbers are right, but there is an extra axis of length 1:",
        "is it from keepdims=True, or from [:, None]?",
    ),
    "broadcast": (
        "an array of shape (N,) was combined with one of shape (N, 1), and numpy made an N × N table of them.",
        "Look at the shapes on both sides of an operator.",
    ),
    "axis_missing": (
        "a single number comes back where there should be several:",
        "is axis= missing in a sum, max or argmax?",
    ),
    "not_summed": ("it would be right if it were summed along one more axis.", "Look at the axis of the sums."),
    "not_averaged": ("it would be right if it were averaged along one more axis.", "Look at the axis of the means."),
    "maximum_left_out": ("the maximum has not been taken yet:", "take it along one more axis."),
    "not_divided_by_sum": (
        "it would be right if it were divided by its sum:",
        "is the division missing, or is the divisor wrong?",
    ),
    "not_divided_by_norm": (
        "it would be right if it were divided by its norm, the root of the sum of squares:",
        "is the division missing, or is the divisor wrong?",
    ),
    "not_centred": (
        "it is right except for its mean, which should be 0.",
        "Look at where a mean is subtracted, and how often.",
    ),
    # found by comparing: something else was returned
    "all_zeros": ("this result is always 0:", "is what you compute ever stored in it?"),
    "all_ones": ("this result is always 1:", "is what you compute ever stored in it?"),
    "only_last_row": (
        "only the last row (or entry) was filled:",
        "is a line that belongs in the loop placed after it?",
    ),
    "added_for_multiplied": ("dout and the slope are added;", "multiply them (chain rule)."),
    "dout_divided": ("dout is divided by the slope;", "multiply dout by it (chain rule)."),
    "dout_divides": ("the slope is divided by dout;", "multiply them (chain rule)."),
    "slope_applied_twice": ("the result is multiplied by the slope twice;", "multiply by it once (chain rule)."),
    "returns_input": ("an input is returned unchanged.", "Is the result ever given a new value?"),
    "first_row_alone": (
        "only the first row (or entry) is returned:",
        "is an index left over, or a return inside the loop?",
    ),
    "last_row_alone": (
        "only the last row (or entry) is returned:",
        "assign each one to its place, as in out[i] = ..., instead of giving the whole array a new value.",
    ),
    "entries_picked": (
        "a mask in square brackets picks entries and drops the others:",
        "multiply by the mask, or use np.where, to keep the shape.",
    ),
    "empty_result": ("the result is empty:", "is what you compute ever stored in it?"),
    "input_multiplied_on": ("it is multiplied by one input too many.", "Compare the formula's factors with yours."),
    "two_inputs": (
        "the result is only two inputs combined entry by entry.",
        "Compare the formula with yours: what is missing?",
    ),
    "along_for_entrywise": (
        "a maximum or minimum is taken along an axis, and the result has the wrong shape.",
        "To compare two arrays entry by entry, use np.maximum or np.minimum.",
    ),
    "matrix_norm": (
        "np.linalg.norm of a matrix with ord = 1, 2 or np.inf is not a sum over all entries:",
        "it is the largest singular value, or the largest sum of |entries| along one axis. Use np.sum instead.",
    ),
    "outputs_exchanged": ("two results are swapped:", "look at where each of them is stored or returned."),
    "other_output": ("this is the value of another result.", "Look at where each result is stored or returned."),
    "reduced_elsewhere": ("the right function is applied along the wrong axis.", "Look at axis=."),
    "mean_for_total": ("this is a mean where a sum is asked for.", "Look for np.mean, or a division."),
    "total_for_mean": ("this is a sum where a mean is asked for.", "Look for np.sum."),
    "other_summary": (
        "this is a different summary of the numbers (sum, mean, largest, smallest, …) from the one asked for.",
        "Look at the function that is applied along the axis.",
    ),
    # found by comparing: a part of a sum
    "part_missing": ("a term of the sum is missing or too small.", "Compare the formula's terms with yours."),
    "part_extra": (
        "there is one term too many in the sum, or a term is too large.",
        "Compare the formula's terms with yours.",
    ),
    "penalty_part_missing": (
        "the penalty or its gradient is too small, or missing.",
        "Look at its factor, and check that it is included in both the loss and the gradient.",
    ),
    "penalty_part_extra": (
        "the penalty or its gradient is too large.",
        "Look at its factor, and check whether it is added twice.",
    ),
}

# Evidence for a cause, or what is observed if no cause is certain; the fields {…} are filled in
EVIDENCE = {
    "factor": "{output} is exactly {factor}.",
    "number_for_size": "{output} is exactly {factor}: the number {number} is used where {size} belongs.",
    "negative_factor": "Apart from its sign, which is wrong, {output} is {factor}.",
    "constant_factor": "{output} is always {factor} times the expected value.",
    "too_large": "{factor} times too large",
    "too_small": "{factor} times too small",
    "of_right": "{factor} times the expected value",
    "factor_but_part": "Except for {part}, {output} is {factor} times the expected value.",
    "margin": (
        "Your margin is {margin}: if all scores are equal, each wrong class adds {margin} to the loss of an example, "
        "instead of 1."
    ),
    "fits_own_loss": "Your {output} is correct for the loss that you compute: look at the loss first.",
    "fit_own_loss": "Your gradients are correct for the loss that you compute: look at the loss first.",
    "not_own_gradient": "Here your loss is right, but {output} is not its gradient.",
    "fits_own_forward": "The result is the derivative of your own {forward}: look there first.",
    "not_own_forward": "The result is not the derivative of your own {forward} either, as a numeric gradient shows.",
    "not_own_backward": "Your {backward} does not return the derivatives of this forward pass.",
    "cut_at": "{output} is cut off at {number}.",
    "two_shapes": "{one}; {other}.",
    "number_written": "The function contains the number {number}, but no axis of an input has that length.",
    "assigned": "The value on the right has shape {given}; the entries that it is assigned to have shape {place}.",
    "along_axis": "With axis={axis} instead of axis={given}, it would fit.",
    "reshaped": "The number of entries is {size}, but shape {shape} needs {wanted}.",
    "no_value_yet": "The variable is `{name}`.",
    "always_as_long": "Axis {axis} of {name} has length {number} in every case.",
    "as_long_as": "Axis {axis} of {name} has length {size}.",
    "import_it": "`{name}` is in cs231n.layers: import it from there.",
    "meant": "Did you mean `{meant}`?",
    "has_instead": "{owner} has {names}.",
    "index_beyond": "{array}; on axis {axis}, {which} reaches {index}.",
    "beyond_list": "{owner} has {entries}, so its last index is {last}, but {which} is {index}.",
    "empty_list": "{owner} has no entries.",
    "entries_of": "{what} holds entries of {owner}, not positions.",
    "is_a": "{what} is of type {kind}.",
    "is_number": "{what} is a single number.",
    "is_none": "{what} is None.",
    "is_tuple": "{what} is a tuple.",
    "is_list": "{what} is a list.",
    "is_float": "{what} is {value}.",
    "are_floats": "{what} is an array of floats.",
    "unpacked": "{what} is {value}; the number of names is {count}.",
    "shapes": "{output} has shape {actual}, expected {expected}.",
    "axes_order": "{output}.transpose{order} would be right.",
    "one_for_all": "Along {axes} of {output}, every entry is the {how} of the entries expected there.",
    "along": "This concerns {axes} of {output}.",
    "is_input": "{output} is {input} itself.",
    "exchanged": "The two results are {output} and {other}.",
    "input_multiplied_on": "{output} is {input} times the expected value.",
    "two_inputs": "{output} is {formula}.",
    "matrix_norm": "{output} is np.linalg.norm({input}, {order}).",
    "input_rearranged": "With the numbers of {input} rearranged to compensate for this, {output} is right.",
    "input_negated": "With -{input} in place of {input}, {output} is right.",
    "sides_exchanged": "With -{input} in place of {input}, {output} is right except for its sign.",
    "summary_of_input": "{output} is {how} of {input} along axis {axis}; the shape of {output} should be {expected}.",
    "no_difference": "{output} is the same with {name} = {one} and with {name} = {other}.",
    "is_output": "{output} is what {other} should be.",
    "of_input": "{output} is computed from {input}.",
    "has_part": "{output} is too large by exactly {part}.",
    "lacks_part": "{output} is too small by exactly {part}.",
    "whole": "The result is wrong in {place}, and right everywhere else.",
    "all_but": "The result is right in {place}, and wrong everywhere else.",
    "confined": "All wrong entries are in {place}.",
    "just_where": "The result is wrong exactly where {shared}.",
    "instead": "The wrong entries are all {what}.",
    "instead_negative": "In the wrong entries, only the sign is wrong.",
    "instead_factor": "The wrong entries are {factor} times the expected values.",
    "wrong_with": "Exactly the cases with {trait} are wrong: {few} of {all}.",
    "right_with": "Only the cases with {trait} are right: {few} of {all}.",
    "about_output": "This concerns {output}.",
    "same_with": "{output} is the same with {name} = {one} and with {name} = {other}; it is right {where}.",
    "same_in_modes": "{output} is the same in both modes.",
    "right_when_given": "With {name} = {value:g} given, {output} is right.",
    "overwritten": "config['{name}'] goes in as {before:g} and comes back as {after}.",
    "penalty": "The penalty in your loss is {found}, expected {expected}.",
    "penalty_grows": "With {names} doubled, the penalty in your loss is multiplied by {times}, expected 4.",
    "penalty_in_gradient": "The penalty's contribution to {output} is {found}, expected {expected}.",
    "no_multiple": "not a multiple of {name}",
    "small_added": "Where the probability rounds to 0, your loss is -log({small}).",
    "one_decides": "Only the {which} example affects {output}.",
    "one_ignored": "The {which} example does not affect {output}.",
    "none_decides": "No example affects {output}.",
    "counts_times": "In {output}, each example counts {times} times as much as the one before it, and N is {N}.",
    "counts_unequal": "In {output}, the first example has weight {first}, the last {last}; the largest weight is 1.",
}
