"""A master's text becomes the stub or the solved file, and nothing of a solution is left in a stub."""

import ast
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions.tools.regions import ANSWER, MarkerError, solution_lines, to_answer_stub, to_solved, to_stub

RAISE = 'raise NotImplementedError("{}: not written yet, see the TODO above")'


def text(source):
    return dedent(source).lstrip("\n")


def refusal(master, convert=to_stub):
    with pytest.raises(MarkerError) as caught:
        convert(text(master), "layers.py")
    return str(caught.value)


WHOLE = text(
    """
    def relu(x):
        \"\"\"Return max(0, x).\"\"\"
        ### BEGIN SOLUTION
        # TODO: return the larger of 0 and x.
        #   One call is enough.
        out = x * (x > 0)

        return out
        ### END SOLUTION


    after = 1
    """
)


def test_a_region_that_is_the_whole_body_leaves_docstring_todo_and_raise():
    assert to_stub(WHOLE) == text(
        f"""
        def relu(x):
            \"\"\"Return max(0, x).\"\"\"
            # TODO: return the larger of 0 and x.
            #   One call is enough.
            {RAISE.format("relu")}


        after = 1
        """
    )


def test_the_solved_file_is_the_solution_without_markers_and_todo():
    assert to_solved(WHOLE) == text(
        """
        def relu(x):
            \"\"\"Return max(0, x).\"\"\"
            out = x * (x > 0)

            return out


        after = 1
        """
    )


def test_the_lines_of_a_solution_are_told_without_todo_and_markers():
    assert solution_lines(WHOLE) == ["out = x * (x > 0)", "return out"]


def test_several_regions_in_one_function_and_an_indented_one_each_get_their_own_todo():
    master = """
        def f(x):
            ### BEGIN SOLUTION
            # TODO: first.
            y = 1
            ### END SOLUTION
            for i in x:
                if i:
                    ### BEGIN SOLUTION
                    # TODO: second.
                    y += i
                    ### END SOLUTION
            return y
        """
    assert to_stub(text(master)) == text(
        f"""
        def f(x):
            # TODO: first.
            {RAISE.format("f")}
            for i in x:
                if i:
                    # TODO: second.
                    {RAISE.format("f")}
            return y
        """
    )


def test_of_nested_regions_the_outermost_decides():
    master = text(
        """
        def f():
            ### BEGIN SOLUTION
            # TODO: outer.
            x = 1
            if x:
                ### BEGIN SOLUTION
                # TODO: inner.
                x = 2
                ### END SOLUTION
            return x
            ### END SOLUTION
        """
    )
    assert to_stub(master) == f"def f():\n    # TODO: outer.\n    {RAISE.format('f')}\n"
    assert "SOLUTION" not in to_solved(master) and _run(to_solved(master))["f"]() == 2
    assert not any("SOLUTION" in line for line in solution_lines(master))


@pytest.mark.parametrize(
    "head", ["def f(x):", "async def f(x):", "@decorated\ndef f(x):", "@a\n@b(1,\n   2)\ndef f(x):"]
)
def test_the_stub_names_the_function_whatever_kind_it_is(head):
    master = f"{head}\n    ### BEGIN SOLUTION\n    # TODO: it.\n    return x\n    ### END SOLUTION\n"
    assert to_stub(master) == f"{head}\n    # TODO: it.\n    {RAISE.format('f')}\n"


def test_the_stub_names_the_innermost_function_and_the_method_not_its_class():
    master = text(
        """
        class Net:
            def loss(self):
                def inner():
                    ### BEGIN SOLUTION
                    # TODO: the inner one.
                    return 1
                    ### END SOLUTION
                ### BEGIN SOLUTION
                # TODO: the outer one.
                return inner()
                ### END SOLUTION
        """
    )
    assert [line.strip() for line in to_stub(master).splitlines() if "raise" in line] == [
        RAISE.format("inner"),
        RAISE.format("loss"),
    ]


def test_helpers_of_a_solution_vanish_without_a_gap():
    helper = "### BEGIN SOLUTION\ndef _helper():\n    return 1\n\n\n### END SOLUTION"
    master = f"import numpy\n\n\n{helper}\n\n\ndef given():\n    return 2\n\n\n{helper}\n"
    assert to_stub(master) == "import numpy\n\n\ndef given():\n    return 2\n"
    solved = "def _helper():\n    return 1"
    assert to_solved(master) == f"import numpy\n\n\n{solved}\n\n\ndef given():\n    return 2\n\n\n{solved}\n"


def test_a_region_in_a_notebook_cell_speaks_of_this_cell_but_a_function_in_it_by_name():
    cell = "### BEGIN SOLUTION\n# TODO: set best_k.\nbest_k = 10\n### END SOLUTION\nprint(best_k)"
    assert to_stub(cell, task="this cell") == f"# TODO: set best_k.\n{RAISE.format('this cell')}\nprint(best_k)"
    assert RAISE.format("relu") in to_stub(WHOLE, task="this cell")


def test_a_model_answer_leaves_a_line_to_write_on():
    cell = "**Question.** Why?\n\n### BEGIN SOLUTION\nBecause.\n# Not a TODO\n### END SOLUTION"
    assert to_answer_stub(cell) == f"**Question.** Why?\n\n{ANSWER}"
    assert to_solved(cell) == "**Question.** Why?\n\nBecause.\n# Not a TODO"
    assert solution_lines(cell) == ["Because.", "# Not a TODO"]


FUNCTION = "def f():\n    ### BEGIN SOLUTION\n{}\n    ### END SOLUTION\n"
MALFORMED = {
    "never closed": ("x = 1\n### BEGIN SOLUTION\ny = 2\n", 2, "never closed"),
    "never opened": ("x = 1\n### END SOLUTION\n", 2, "without '### BEGIN SOLUTION'"),
    "closed twice": ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n### END SOLUTION\n", 4, "without"),
    "inner one never closed": (
        "### BEGIN SOLUTION\nif x:\n    ### BEGIN SOLUTION\n    y\n### END SOLUTION\n",
        5,
        "in line 3",
    ),
    "END indented otherwise": ("def f():\n    ### BEGIN SOLUTION\n    x = 1\n### END SOLUTION\n", 4, "in line 2"),
    "BEGIN indented otherwise": (
        "def f():\n### BEGIN SOLUTION\n# TODO: it.\n    x = 1\n### END SOLUTION\n",
        2,
        "not indented like the code",
    ),
    "one hash": ("x = 1\n# BEGIN SOLUTION\n", 2, "almost a marker"),
    "no space": ("x = 1\n###BEGIN SOLUTION\n", 2, "almost a marker"),
    "lower case": ("x = 1\n### end solution\n", 2, "almost a marker"),
    "words after it": ("x = 1\n### BEGIN SOLUTION of relu\n", 2, "almost a marker"),
    "no TODO": (FUNCTION.format("    return 1"), 3, "must begin with '# TODO: …'"),
    "TODO after code": (FUNCTION.format("    x = 1\n    # TODO: it.\n    return x"), 3, "must begin with"),
    "a TODO of four lines": (
        FUNCTION.format("    # TODO: a\n    #   b\n    #   c\n    #   d\n    return 1"),
        3,
        "at most 3",
    ),
    "a TODO and nothing else": (FUNCTION.format("    # TODO: a") + "    return 1\n", 2, "no solution"),
    "a TODO outside any function": (
        "x = 1\n### BEGIN SOLUTION\n# TODO: x\ny = 1\n### END SOLUTION\n",
        3,
        "must not begin with",
    ),
    "invalid Python": ("x = 1\n### BEGIN SOLUTION\ny = (\n### END SOLUTION\n", 3, "the master is not valid Python"),
    "a stub that is not Python": (
        "if x:\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n",
        1,
        "the stub made from it",
    ),
    "over the end of a function": (
        "def f():\n    ### BEGIN SOLUTION\n    # TODO: it.\n    x\n\n\ndef g():\n    y\n    ### END SOLUTION\n    z\n",
        2,
        "beyond the end of f",
    ),
}


@pytest.mark.parametrize(("master", "line", "told"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_master_is_refused_with_file_and_line(master, line, told):
    message = refusal(master)
    assert message.startswith(f"layers.py:{line}: ") and told in message, message


@pytest.mark.parametrize("convert", [to_stub, to_solved, to_answer_stub, solution_lines])
def test_unmatched_markers_are_refused_whatever_is_made_of_them(convert):
    assert refusal("### BEGIN SOLUTION\n", convert).startswith("layers.py:1: ")


@pytest.mark.parametrize("convert", [to_stub, to_solved, to_answer_stub])
@pytest.mark.parametrize(
    "same", ["", "\n", "x = 1", "x = 1\n", "x = 1\n\n\n", "not Python (", "%matplotlib inline\n", "a = '\u2028\x0c'\n"]
)
def test_a_text_without_regions_is_unchanged(convert, same):
    assert convert(same) == same


@pytest.mark.parametrize("convert", [to_stub, to_solved])
def test_a_text_that_does_not_end_in_a_newline_still_does_not(convert):
    assert convert(WHOLE.rstrip("\n")) == convert(WHOLE).rstrip("\n")


@pytest.mark.parametrize("convert", [to_stub, to_solved])
def test_windows_line_ends_make_no_difference(convert):
    assert convert(WHOLE.replace("\n", "\r\n")) == convert(WHOLE)


def test_separators_inside_strings_do_not_shift_or_split_lines():
    master = "page = 'a\u2028b'  # \x0c\n" + WHOLE
    assert to_stub(master) == "page = 'a\u2028b'  # \x0c\n" + to_stub(WHOLE)


@st.composite
def bodies(draw, depth=0):
    """Return lines of code, some of them in solution regions, that count up `total` by secret numbers."""
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["plain", "blank", "region", "block"] if depth < 2 else ["plain", "region"]))
        if kind == "plain":
            lines += [f"total += {draw(st.integers(0, 99))}"]
        elif kind == "blank":
            lines += ["", "total += 0"]
        elif kind == "block":
            lines += [f"for _ in range({draw(st.integers(1, 2))}):", *_indented(draw(bodies(depth + 1)))]
        else:
            todo = ["# TODO: count.", *["#   Go on."] * draw(st.integers(0, 2))]
            inner = draw(bodies(depth + 1)) if draw(st.booleans()) else []
            secret = f"total += {draw(st.integers(1000, 9999))}"
            lines += ["### BEGIN SOLUTION", *todo, secret, *inner, "### END SOLUTION"]
    return lines


@st.composite
def modules(draw):
    """Return a module with functions, a class and helpers, solution regions strewn in."""
    lines = ['"""A module."""']
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["function", "method", "helper"]))
        function = ["def {}:", "    total = 0", *_indented(draw(bodies())), "    return total"]
        if kind == "function":
            function[0] = function[0].format(f"f{number}()")
            lines += ["", "", *function]
        elif kind == "method":
            function[0] = function[0].format(f"m{number}(self=None)")
            lines += ["", "", f"class C{number}:", *_indented(function)]
        else:
            helper = [f"def helper{number}():", f"    return {draw(st.integers(1000, 9999))}"]
            lines += ["", "", "### BEGIN SOLUTION", *helper, "", "", "### END SOLUTION"]
    return "\n".join(lines) + "\n"


def _indented(lines):
    return [f"    {line}" if line else "" for line in lines]


def _run(source):
    names = {}
    exec(compile(source, "<module>", "exec"), names)
    return names


def _results(source):
    names = _run(source)
    methods = {
        f"{key}.{name}": value
        for key, found in names.items()
        if isinstance(found, type)
        for name, value in vars(found).items()
    }
    return {name: function() for name, function in {**names, **methods}.items() if getattr(function, "__code__", None)}


@given(modules())
def test_whatever_the_module_no_solution_is_in_the_stub_and_the_stub_parses(master):
    stub = to_stub(master)
    secrets = {
        line for line in solution_lines(master) if any(len(word) == 4 and word.isdigit() for word in line.split())
    }
    assert not secrets & {line.strip() for line in stub.splitlines()}
    assert "SOLUTION" not in stub
    ast.parse(stub)


@given(modules())
def test_whatever_the_module_the_solved_file_does_what_the_master_does(master):
    solved = to_solved(master)
    assert _results(solved) == _results(master)
    assert "SOLUTION" not in solved


@given(modules())
def test_stub_and_solved_file_hold_no_regions_any_more(master):
    for made in (to_stub(master), to_solved(master)):
        assert to_stub(made) == to_solved(made) == made
