"""What compare.py computes from measurements; no measurement is made here."""
import contextlib
import io
import unittest

from speed import measure, tables
from speed.cases import Case, grid


def row(kind, cell, ratio_torch, ratio_best):
    return {"kind": kind, "cell": cell, "ratio_torch": ratio_torch, "ratio_best": ratio_best}


class Cases(unittest.TestCase):
    def test_the_grid_has_every_cell_shape_and_kind_once(self):
        names = [case.name for case in grid()]
        self.assertEqual(len(names), 3 * (4 * 8 + 2 + 3))
        self.assertEqual(len(set(names)), len(names))

    def test_a_pattern_picks_cases_by_name(self):
        self.assertEqual([c.cell for c in grid("dense/.*/32x200")], ["rnn", "lstm", "gru"])

    def test_work_of_a_training_step_is_six_operations_a_weight_and_step(self):
        self.assertEqual(Case("dense", "gru", (32, 100, 8, 64)).work(), 6 * 32 * 100 * 3 * 64 * 72)

    def test_two_directions_are_twice_the_work(self):
        shape = (8, 50, 1, 16)
        self.assertEqual(Case("bidirectional", "rnn", shape).work(), 2 * Case("dense", "rnn", shape).work())

    def test_ragged_lengths_lie_between_10_and_T_and_stay_the_same(self):
        case = Case("ragged", "lstm", (32, 100, 8, 64))
        self.assertEqual(len(case.lengths), 32)
        self.assertTrue(all(10 <= n <= 100 for n in case.lengths))
        self.assertEqual(case.lengths, Case("ragged", "rnn", (32, 100, 8, 64)).lengths)

    def test_pairs_of_replies_are_the_same_for_both_ways_of_the_peer(self):
        whole, feeding = (Case("seq2seq", peer, (32, 25, 4000, 256)) for peer in ("whole", "feeding"))
        self.assertEqual(whole.pairs(), feeding.pairs())
        self.assertTrue(all(15 <= n <= 25 for side in whole.pairs() for n in side))
        self.assertNotEqual(*whole.pairs())

    def test_work_of_a_beam_search_is_two_operations_a_weight_step_and_hypothesis(self):
        weights = 3 * 8 * 16 + 3 * 8 * 32 + 5 * 8 * 8 + 100 * 8
        self.assertEqual(Case("beam", "gru", (5, 7, 100, 8)).work(), 2 * 5 * 7 * weights)

    def test_the_loop_over_cells_is_left_out_where_it_takes_too_long(self):
        self.assertEqual(Case("recurrent_dropout", "gru", (32, 200, 64, 256)).peers(), ())
        self.assertEqual(Case("recurrent_dropout", "gru", (32, 100, 64, 128)).peers(), ("torch",))


class Measuring(unittest.TestCase):
    def test_each_program_gets_every_round_and_the_first_place_in_turn(self):
        order = []
        turns = {name: (lambda n=name: order.append(n) or {"ms": 1.0, "cores": 0.5}) for name in "ab"}
        self.assertEqual(measure.take_turns(turns, 2), ({"a": [1.0, 1.0], "b": [1.0, 1.0]}, 0.5))
        self.assertEqual("".join(order), "abba")

    def test_who_fails_is_left_out_and_the_others_go_on(self):
        turns = {"a": lambda: {"ms": 1.0}, "b": lambda: {"error": "not today"}}
        with contextlib.redirect_stderr(io.StringIO()) as remarks:
            self.assertEqual(measure.take_turns(turns, 2)[0], {"a": [1.0, 1.0]})
        self.assertEqual(remarks.getvalue(), "  b: not today\n")

    def test_ratios_are_of_medians_and_the_best_peer_is_the_fastest(self):
        columns = measure.peer_columns({"refrain": [1, 2, 9], "torch": [10, 8, 1], "jax": [4, 4, 4]})
        self.assertEqual((columns["ratio_torch"], columns["ratio_best"]), (4, 2))
        self.assertIsNone(columns["onnxruntime_ms"])

    def test_without_peers_there_are_no_ratios_but_a_spread(self):
        columns = measure.peer_columns({"refrain": [1.0, 2.0, 3.0]})
        self.assertEqual((columns["ratio_torch"], columns["ratio_best"], columns["spread"]), (None, None, 1.0))

    def test_geometric_means_are_by_kind_and_cell_and_skip_what_is_missing(self):
        means = measure.geometric_means([row("dense", "gru", 2, 2), row("dense", "gru", 8, 2),
                                         row("dense", "gru", None, None), row("ragged", "gru", None, None)])
        self.assertAlmostEqual(means["dense/gru"]["torch"], 4)
        self.assertAlmostEqual(means["dense/gru"]["best"], 2)
        self.assertEqual(means["ragged/gru"], {"torch": None, "best": None})


class Tables(unittest.TestCase):
    def test_times_come_in_the_unit_that_suits_them(self):
        shown = [tables.milliseconds(ms) for ms in (0.000497, 0.0123, 3.456, 1234.0, None)]
        self.assertEqual(shown, ["0.497 µs", "12.3 µs", "3.46 ms", "1.23 s", "-"])

    def test_the_cost_of_ragged_lengths_counts_steps_that_exist(self):
        self.assertEqual(tables.dense_cost({"refrain_ms": 1.2, "dense_ms": 2.0, "live_share": 0.5}), 1.2)


if __name__ == "__main__":
    unittest.main()
