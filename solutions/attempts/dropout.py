"""Attempts at dropout. Backward passes take the cache of the masters: (dropout_param, mask)."""

from solutions.attempts import fragile, known, right, wrong
from solutions.attempts.layers import function


def drop(
    mask="(np.random.rand(*x.shape) < p) / p",
    out="x * mask",
    test="x",
    cache="(dropout_param, mask)",
    seed="np.random.seed(dropout_param['seed'])",
) -> str:
    lines = ["p, mode = dropout_param['p'], dropout_param['mode']", "if 'seed' in dropout_param:", f"    {seed}"]
    lines += ["mask = None", "if mode == 'train':", f"    mask = {mask}", f"    out = {out}"]
    lines += ["elif mode == 'test':", f"    out = {test}", f"return out, {cache}"]
    return function("dropout_forward(x, dropout_param)", "\n".join(lines))


def back(dx="dout * mask", test="dout", head="", last="return dx") -> str:
    lines = ["dropout_param, mask = cache", "p, mode = dropout_param['p'], dropout_param['mode']", head]
    lines += [f"dx = {dx} if mode == 'train' else {test}", last]
    return function("dropout_backward(dout, cache)", "\n".join(lines))


FORWARD, BACKWARD = "dropout_forward", "dropout_backward"
GENERATOR = "rng = np.random.default_rng(dropout_param['seed'])"

CAUSES = {
    "drop_ratio": ("p is used as the share that is dropped;", "it should be the share that is kept."),
    "randn_for_rand": (
        "numbers from randn are below p with the wrong probability;",
        "use np.random.rand, whose numbers are below p with probability p.",
    ),
    "randn_above": (
        "entries are kept where a number from randn is above p;",
        "use np.random.rand, and keep the entries where its number is below p.",
    ),
    "nothing_dropped": ("nothing is dropped in train mode.", "Look at the mask."),
    "everything_dropped": ("everything is dropped in train mode.", "Look at the mask."),
    "ratio_ignored": (
        "half of the entries are kept, whatever p is.",
        "Look at what the random numbers are compared with.",
    ),
    "scale_missing": ("kept entries are not scaled:", "divide them by p, so that the mean stays the same."),
    "mask_alone": ("dout is not used:", "multiply it by the mask."),
    "complement_of_mask": ("dout is multiplied by 1 - mask;", "multiply it by the mask itself."),
    "scale_upside_down": ("kept entries are multiplied by p;", "divide them by p."),
    "scale_twice": ("kept entries are divided by p twice.", "Look for p in the mask, and where the mask is used."),
    "scale_by_drop_ratio": ("kept entries are divided by 1 - p;", "divide them by p, the share that is kept."),
    "mask_of_rows": ("there is one random number for each example, not for each entry:", "draw a mask of x's shape."),
    "mask_of_columns": (
        "there is one random number for each feature, not for each entry:",
        "draw a mask of x's shape.",
    ),
    "seed_ignored": (
        "the mask is not drawn from the generator that was seeded.",
        "Look at where the random numbers come from.",
    ),
    "mask_always_same": (
        "something other than the seed fixes the mask;",
        "only dropout_param['seed'] should do so. Look for another seed.",
    ),
    "dropped_at_test": ("entries are dropped in test mode:", "nothing should be dropped or scaled then."),
    "scaled_at_test": (
        "there is a multiplication by p in test mode;",
        "inverted dropout should scale only in training.",
    ),
    "divided_at_test": ("there is a division by p in test mode;", "nothing should be scaled then."),
    "scaled_by_drop_ratio_at_test": ("x is multiplied by 1 - p in test mode;", "nothing should be scaled then."),
    "x_for_dout": ("x is returned in place of a gradient;", "in test mode, return dout."),
    "mask_not_used": ("dout passes everywhere:", "multiply it by the mask of the forward pass."),
    "mask_drawn_anew": (
        "the mask is drawn again in the backward pass, or belongs to a different call:",
        "keep it in the cache.",
    ),
    "mask_inverted_backward": (
        "dout passes where x was dropped, and is stopped where x was kept.",
        "Look at the mask in the cache.",
    ),
    "scale_missing_backward": (
        "the right entries of dout pass, but the division by p is missing:",
        "multiply dout by the scaled mask of the forward pass.",
    ),
    "only_scaled_backward": (
        "dout is divided by p, but nothing is dropped:",
        "multiply it by the scaled mask of the forward pass instead.",
    ),
    "scale_by_drop_ratio_backward": (
        "dout is divided by 1 - p;",
        "it should only be multiplied by the mask of the forward pass.",
    ),
}

WRONG = [
    wrong(FORWARD, "drop_ratio", drop(mask="(np.random.rand(*x.shape) > p) / p")),
    wrong(FORWARD, "drop_ratio", drop(mask="(np.random.rand(*x.shape) >= p) / (1 - p + 1e-300)")),
    wrong(FORWARD, "scale_missing", drop(mask="np.random.rand(*x.shape) < p")),
    known(FORWARD, "scaled_at_test", drop(mask="np.random.rand(*x.shape) < p", test="x * p")),
    wrong(FORWARD, "scale_upside_down", drop(mask="(np.random.rand(*x.shape) < p) * p")),
    wrong(FORWARD, "scale_twice", drop(out="x * mask / p")),
    wrong(FORWARD, "randn_for_rand", drop(mask="(np.random.randn(*x.shape) < p) / p")),
    wrong(FORWARD, "randn_above", drop(mask="(np.random.randn(*x.shape) > p) / p")),
    wrong(FORWARD, "ratio_ignored", drop(mask="(np.random.rand(*x.shape) < 0.5) / p")),
    wrong(FORWARD, "nothing_dropped", drop(mask="np.ones_like(x)")),
    wrong(FORWARD, "mask_of_rows", drop(mask="(np.random.rand(len(x), 1) < p) / p")),
    wrong(FORWARD, "mask_of_columns", drop(mask="(np.random.rand(*x.shape[1:]) < p) / p")),
    wrong(FORWARD, "nothing_dropped", drop(mask="np.random.rand(*x.shape) / p")),
    wrong(FORWARD, "dropped_at_test", drop(test="x * (np.random.rand(*x.shape) < p) / p")),
    wrong(FORWARD, "scaled_at_test", drop(test="x * p")),
    known(FORWARD, "divided_at_test", drop(test="x / p")),
    known(FORWARD, "scaled_by_drop_ratio_at_test", drop(test="x * (1 - p)")),
    wrong(FORWARD, "seed_ignored", drop(mask="(np.random.default_rng().random(x.shape) < p) / p")),
    wrong(FORWARD, "mask_always_same", drop(mask="(np.random.RandomState(0).rand(*x.shape) < p) / p")),
    wrong(FORWARD, "mutation", drop(out="np.multiply(x, mask, out=x)")),
    wrong(FORWARD, "other_mode_accepted", drop().replace("elif mode == 'test'", "else")),
    wrong(FORWARD, "returns_none", drop().replace("return", "result =")),
    wrong(BACKWARD, "mask_not_used", back(dx="dout")),
    wrong(BACKWARD, "only_scaled_backward", back(dx="dout / p")),
    wrong(BACKWARD, "scale_missing_backward", back(dx="dout * (mask > 0)")),
    wrong(BACKWARD, "scale_twice", back(dx="dout * mask / p")),
    wrong(BACKWARD, "mask_inverted_backward", back(dx="dout * (mask == 0) / p")),
    wrong(BACKWARD, "mask_drawn_anew", back(head="mask = (np.random.rand(*dout.shape) < p) / p")),
    wrong(
        BACKWARD,
        "mask_drawn_anew",
        back(
            head="if 'seed' in dropout_param:\n    np.random.seed(dropout_param['seed'])\n"
            "mask = (np.random.rand(*dout.shape) < p) / p"
        ),
    ),
    known(BACKWARD, "scaled_at_test", back(test="dout * p")),
    known(BACKWARD, "divided_at_test", back(test="dout / p")),
    known(
        BACKWARD,
        "x_for_dout",
        drop(cache="(dropout_param, (mask, x))") + back(test="x").replace("param, mask =", "param, (mask, x) ="),
    ),
    wrong(BACKWARD, "is_none", back(dx="dout * mask if mask.size else 0", test="dout * mask"), status="error"),
    wrong(BACKWARD, "returns_none", back(last="")),
    wrong(FORWARD, "drop_ratio", drop(mask="(np.random.rand(*x.shape) > p) / (1 - p)")),
    wrong(FORWARD, "drop_ratio", drop(mask="np.random.binomial(1, 1 - p, x.shape) / (1 - p)")),
    wrong(FORWARD, "drop_ratio", drop(mask="np.random.rand(*x.shape) > p")),
    wrong(FORWARD, "scale_by_drop_ratio", drop(mask="(np.random.rand(*x.shape) < p) / (1 - p)")),
    wrong(FORWARD, "everything_dropped", drop(mask="(np.random.rand(*x.shape) > 1) / p")),
    wrong(BACKWARD, "scale_by_drop_ratio_backward", back(dx="dout * (mask > 0) / (1 - p)")),
    wrong(BACKWARD, "scale_by_drop_ratio_backward", back(dx="dout * mask / (1 - p)")),
    wrong(BACKWARD, "scale_upside_down", back(dx="dout * (mask > 0) * p")),
    wrong(BACKWARD, "mask_alone", back(dx="mask * np.ones_like(dout)")),
    wrong(BACKWARD, "complement_of_mask", back(dx="dout * (1 - mask)")),
]

RIGHT = [
    right(FORWARD, "uniform", drop(mask="(np.random.uniform(size=x.shape) <= p) / p")),
    right(FORWARD, "binomial", drop(mask="np.random.binomial(1, p, size=x.shape) / p")),
    right(FORWARD, "choice", drop(mask="np.random.choice([0, 1 / p], size=x.shape, p=[1 - p, p])")),
    right(FORWARD, "above 1 - p", drop(mask="(np.random.random_sample(x.shape) >= 1 - p) / p")),
    right(
        FORWARD,
        "a generator",
        drop(
            seed=GENERATOR,
            mask="((rng if 'seed' in dropout_param else np.random.default_rng()).random(x.shape) < p) / p",
        ),
    ),
    right(FORWARD, "a copy", drop(test="x.copy()")),
    right(FORWARD, "out in place", drop(mask="np.random.rand(*x.shape) < p", out="np.where(mask, x, 0) / p")),
    right(FORWARD, "float32", drop(out="(x * mask).astype('f')")),
    right(BACKWARD, "where", back(dx="np.where(mask > 0, dout / p, 0)")),
    right(BACKWARD, "a copy", back(test="np.array(dout)")),
    right(BACKWARD, "float32", back(dx="(dout * mask).astype('f')")),
    right(BACKWARD, "a product", back(dx="np.multiply(mask, dout)", test="1 * dout")),
    # Right as documented, but fragile
    fragile(BACKWARD, "dout is changed", back(head="if mode == 'train':\n    dout *= mask", dx="dout")),
    fragile(BACKWARD, "the cache is changed", back(last="if mask is not None:\n    mask *= 0\nreturn dx")),
]
