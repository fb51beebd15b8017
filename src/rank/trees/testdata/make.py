"""Writes the models and the predictions that the tests compare with.

    python3 -m venv lgb && lgb/bin/pip install lightgbm==4.7.0 numpy scipy
    lgb/bin/python src/rank/trees/testdata/make.py v4
    (and once more with lightgbm==3.3.5 'numpy<2', to v3)

All data is made up, with fixed seeds. A model's text is `NAME.txt`; `NAME.csv` has a row a line: the
features' values, then what LightGBM predicts with `raw_score=True`, then what it predicts without. Numbers are
written so that reading them gives the same bits.
"""

import pathlib
import sys

import lightgbm as lgb
import numpy as np

FIXED = dict(verbose=-1, seed=7, deterministic=True, num_threads=1, force_col_wise=True)

# What the older version wrote or did otherwise, or might have: one model of each kind.
V3 = ["binary", "cross_entropy_lambda", "missing_zero", "forest", "linear_holes", "stumps", "categories"]


def odd_rows(columns):
    """Rows of what a model seldom sees."""
    odd = [np.nan, 0.0, -0.0, 1e-36, -1e-36, 1.1e-35, -1.1e-35, 1e300, -1e300, np.inf, -np.inf, -1.0, -0.5, 0.5]
    odd += [3.7, 31.0, 32.0, 63.0, 64.0, 1000.0, 2.0**31 - 1, 2.0**31, 2.0**32 + 3, -(2.0**33)]
    rows = [[value] * columns for value in odd]
    rng = np.random.default_rng(11)
    rows += rng.choice(odd, size=(16, columns)).tolist()
    return np.array(rows)


def numbers(rng, rows=600, columns=5):
    x = np.round(rng.normal(size=(rows, columns)), 3)
    x[:, 1] = np.round(x[:, 1] * 3)  # many zeros
    y = x[:, 0] * 2 + np.sin(x[:, 1]) + x[:, 2] * (x[:, 3] > 0) + rng.normal(size=rows) * 0.1
    return x, y


def main(folder):
    folder.mkdir(exist_ok=True)

    def save(name, x, y, rounds=4, dataset=None, keeps_parameters=False, **params):
        if folder.name == "v3" and name not in V3:
            return
        params = {**FIXED, "num_leaves": 8, **params}
        data = lgb.Dataset(x, y, **{"params": params, **(dataset or {})})
        booster = lgb.train(params, data, rounds)
        text = booster.model_to_string()
        rows = np.vstack([x[:24], odd_rows(x.shape[1])])
        raw = booster.predict(rows, raw_score=True)
        # Of the text, not of the booster: what the text does not keep, its reader cannot know.
        final = lgb.Booster(model_str=text).predict(rows)
        lines = (",".join(repr(float(value)) for value in [*row, r, p]) for row, r, p in zip(rows, raw, final))
        if not keeps_parameters:
            # Two kilobytes that nobody reads.
            text = text[: text.index("\nparameters:")]
        (folder / f"{name}.txt").write_text(text)
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")

    rng = np.random.default_rng(5)
    x, y = numbers(rng)
    positive = np.exp(y / 4)
    holes = x.copy()
    holes[rng.random(x.shape) < 0.2] = np.nan

    save("regression", x, y, objective="regression", keeps_parameters=True)
    save("regression_sqrt", x, y * 3, objective="regression", reg_sqrt=True)
    save("l1_sqrt", x, y * 3, rounds=2, objective="regression_l1", reg_sqrt=True)
    save("huber", x, y, rounds=2, objective="huber", reg_sqrt=True)
    save("quantile", x, y, rounds=2, objective="quantile", alpha=0.9)
    save("binary", x, y > 0, objective="binary", sigmoid=0.7)
    save("poisson", x, np.floor(positive * 3), objective="poisson")
    save("tweedie", x, positive, rounds=2, objective="tweedie")
    save("cross_entropy", x, 1 / (1 + np.exp(-y)), rounds=2, objective="cross_entropy")
    save("cross_entropy_lambda", x, 1 / (1 + np.exp(-y)), rounds=2, objective="cross_entropy_lambda")
    relevance = np.clip(np.floor(y + 2), 0, 4)
    save("lambdarank", x, relevance, objective="lambdarank", dataset={"group": [20] * 30})
    save("rank_xendcg", x, relevance, rounds=2, objective="rank_xendcg", dataset={"group": [20] * 30})
    if folder.name != "v3":
        save("custom", x, y, rounds=2, objective=lambda scores, data: (scores - data.get_label(), np.ones(len(scores))))
    save("missing_nan", holes, y, rounds=6, objective="regression")
    save("missing_zero", np.nan_to_num(holes), y, rounds=6, objective="regression", zero_as_missing=True)
    save("missing_unused", holes, y, rounds=6, objective="regression", use_missing=False)
    save("forest", x, y, objective="regression", boosting="rf", bagging_freq=1, bagging_fraction=0.6)
    save("forest_binary", x, y > 0, rounds=3, objective="binary", boosting="rf", bagging_freq=1, bagging_fraction=0.6)
    save("dart", x, y, rounds=6, objective="regression", boosting="dart", drop_rate=0.5)
    save("linear", x, y, objective="regression", linear_tree=True)
    save("linear_holes", holes, y, objective="regression", linear_tree=True)
    save("stumps", x, y, rounds=2, objective="regression", min_data_in_leaf=10_000)

    c = x.copy()
    c[:, 0] = rng.integers(0, 80, size=len(c))
    c[:, 4] = rng.integers(0, 3, size=len(c))
    c[rng.random(len(c)) < 0.1, 0] = np.nan
    y = np.sin(np.nan_to_num(c[:, 0], nan=5) * 7) * 3 + c[:, 4] + x[:, 2]
    groups = dict(min_data_per_group=5, cat_smooth=1, cat_l2=1, min_data_in_leaf=5)
    save("categories", c, y, rounds=6, objective="regression", dataset={"categorical_feature": [0, 4]}, **groups)


if __name__ == "__main__":
    main(pathlib.Path(__file__).parent / sys.argv[1])
