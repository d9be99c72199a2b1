"""The quality benchmark on a folder small enough to work its figures out by hand."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import phrases
from bench.matching_quality import Answer, Query, calibration_error, false_accepts, rank_of, ranking_figures

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

VOCABULARY = """label_id\tlabel\tconcept
1\tstøvsugning\tx/dust
2\tgulvvask\tx/floor
3\tvask af gulve\tx/floor
4\topvask\tx/dishes
5\tsengeredning\tx/beds
"""
QUERIES = """slice\tquery\tgold_concept\tsource_label
clean\tgulvvask\tx/floor\tgulvvask
typo1\tstøvsugninng\tx/dust\tstøvsugning
typo1\topvask\tx/beds\topvask
oov\tqwrtpsdfghj\t-\t
"""
HARD = """slice\tquery\tgold_concept\tsource_label
neg\tikke opvask\tx/dishes\topvask
neg\topvask\tx/dishes\topvask
"""
PROFILES = {
    "openings": [{"id": "o1", "sector": "a", "skills": [{"text": "opvask", "level": 2, "must": True}]}],
    "citizens": [
        {"id": "c1", "sector": "a", "skills": [{"text": "støvsugning", "level": 3}]},
        {"id": "c2", "sector": "a", "skills": [{"text": "opvask", "level": 3}]},
        {"id": "c3", "sector": "b", "skills": [{"text": "opvask", "level": 3}]},
    ],
}
GRADES = "opening\tcitizen\tgrade\no1\tc2\t3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "t1_vocab.tsv": VOCABULARY,
        "t1_norm_queries.tsv": QUERIES,
        "t1_hard_queries.tsv": HARD,
        "t2_profiles.json": json.dumps(PROFILES),
        "t2_qrels.tsv": GRADES,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "bench" / "matching_quality.py"
    return subprocess.run(
        [sys.executable, str(script), "--data", str(folder), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def figures(folder: Path, *more: str) -> dict:
    out = folder / "figures.json"
    done = run(folder, "--json", str(out), *more)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text(encoding="utf-8"))


def test_the_figures_of_a_small_folder_are_those_worked_out_by_hand(folder):
    found = figures(folder)

    t1 = found["T1"]["Lexicon"]
    assert t1["clean"] == {"n": 1, "acc@1": 1.0, "MRR": 1.0, "R@5": 1.0}
    assert t1["typo1"] == {"n": 2, "acc@1": 0.5, "MRR": 0.5, "R@5": 0.5}  # one is right; of one nothing is
    assert t1["CORE"] == 0.5
    assert t1["FAR95"] == 0.0
    assert t1["negation"] == {"phrases": 2, "refused": 1, "falsely flagged": 0, "of": 4}
    assert found["T1"]["ratio"]["clean"]["acc@1"] == 1.0
    assert found["T2"]["as in the portal (nobody answers)"]["nDCG@10"] == 1.0
    assert found["T2"]["as in the portal (nobody answers)"]["P@5norm"] == 1.0
    assert found["machine"]["python"]
    assert found["version"]


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        (["t1_hard_queries.tsv"], {"T1", "T2"}),
        (["t1_norm_queries.tsv"], {"T1", "T2"}),
        (["t1_norm_queries.tsv", "t1_hard_queries.tsv"], {"T2"}),
        (["t2_profiles.json"], {"T1"}),
        (["t2_qrels.tsv"], {"T1"}),
    ],
)
def test_a_missing_file_leaves_its_part_out(folder, missing, left):
    for name in missing:
        (folder / name).unlink()

    assert set(figures(folder)) - {"machine", "version"} == left


def test_a_folder_with_nothing_to_measure_says_what_is_needed(tmp_path):
    done = run(tmp_path)

    assert done.returncode == 1
    assert "t1_vocab.tsv" in done.stderr


def test_a_file_with_other_columns_is_named(folder):
    (folder / "t1_norm_queries.tsv").write_text("text\tmeaning\na\tb\n", encoding="utf-8")

    done = run(folder)

    assert done.returncode == 1
    assert "t1_norm_queries.tsv: expected the columns slice, query, gold_concept" in done.stderr


def test_only_the_named_concepts_are_asked_about(folder):
    names = folder / "names.txt"
    names.write_text("x/dust\n", encoding="utf-8")

    t1 = figures(folder, "--only", str(names), "--t1")["T1"]["Lexicon"]

    assert t1["queries"] == 2  # the misspelled one, and the one that means nothing
    assert t1["typo1"]["acc@1"] == 1.0
    assert "clean" not in t1


def test_the_figures_go_into_their_section_of_the_page_and_nowhere_else(folder):
    page = folder / "page.md"
    page.write_text(
        "# Before\n\n<!-- matching-quality -->\nold\n<!-- /matching-quality -->\n\nafter\n", encoding="utf-8"
    )

    assert run(folder, "--write", "--page", str(page)).returncode == 0

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Before\n\n<!-- matching-quality -->\n")
    assert text.endswith("<!-- /matching-quality -->\n\nafter\n")
    assert "old" not in text
    assert "| typo1 | 0.500/0.500/0.500 |" in text
    assert "Negated phrases refused: 1 of 2; falsely flagged: 0 of 4." in text


# --- The measures themselves --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "gold", "rank"),
    [
        ([3, 2, 1], 0, 1),
        ([3, 2, 1], 2, 3),
        ([2, 2, 1], 0, 1.5),
        ([1, 1, 1], 1, 2),
        ([3, 2, -1], 2, float("inf")),
    ],
)
def test_ties_count_as_the_mean_of_their_ranks(scores, gold, rank):
    assert rank_of(np.array(scores), gold) == rank


def test_false_accepts_are_counted_at_the_score_that_keeps_the_right_ones():
    core = [Answer(1, score / 100) for score in range(1, 101)]  # keeping 95 of 100 takes 0.06 and above
    unknown = [Answer(float("inf"), score) for score in (0.05, 0.06, 0.5, 0.01)]

    assert false_accepts(core, unknown) == 0.5


def test_calibration_error_weighs_each_bin_by_its_texts():
    queries = [Query("typo1", "", "x")] * 4
    answers = [Answer(1, 0.95), Answer(1, 0.95), Answer(2, 0.95), Answer(2, 0.15)]

    # bin .9: 3 x .95 said, 2 right; bin .1: .15 said, 0 right
    assert calibration_error(queries, answers) == pytest.approx((0.85 + 0.15) / 4)


def test_ranking_figures_of_one_opening():
    grades = {"o": {"a": 3, "b": 2, "c": 1}}

    worst_first = ranking_figures({"o": ["x", "c", "b", "a"]}, grades)

    gain = 1 / 1.584962 + 3 / 2 + 7 / 2.321928
    best = 7 + 3 / 1.584962 + 1 / 2
    assert worst_first["nDCG@10"] == pytest.approx(gain / best, abs=1e-5)
    assert worst_first["P@5norm"] == 1.0


SKILLS = """sector,category,canonical_da,synonyms_da,english
køkken,faglig,opvask,vaske op;tage opvasken,Dishwashing
køkken,faglig,borddækning,dække bord;dækning af borde,Setting tables
rengøring,faglig,gulvvask,vaske gulv;moppe gulve,Floor washing
fælles,stillingsbetingelse,børneattest,attest,Certificate
"""
PHRASES = """text\tconcepts\twho\tacceptable
vaske op\topvask\temployer\t
jeg vasker gulve\tgulvvask\tlearner\t
børneattest\tbørneattest\temployer\t
børneattest\t-\tlearner\t
dække bord\topvask\temployer\t
moppe gulve\topvask\temployer\tgulvvask
vi bor i Helsinge\t-\temployer\t
"""


def test_phrases_are_counted_as_a_hand_would(tmp_path):
    """One of five meaningful texts is taken as another thing; a card is never given a condition."""
    (tmp_path / "skills.csv").write_text(SKILLS, encoding="utf-8")
    (tmp_path / "phrases.tsv").write_text(PHRASES, encoding="utf-8")
    vocabulary = phrases.SkillsFile.read(tmp_path / "skills.csv")
    asked = phrases.read_phrases(tmp_path / "phrases.tsv", vocabulary)

    found, questions = phrases.understood(vocabulary.lexicon(), asked, vocabulary)

    assert found.shares() == {"right taken": 3 / 5, "taken or shown": 3 / 5, "wrongly taken": 1 / 7}
    assert found.mistakes == [("dække bord", "borddækning")]
    assert questions[:3] == [0, 0, 0], "what is taken is not asked about"


def test_wordings_of_one_stem_are_in_one_fold():
    assert phrases.fold_of("vaske gulvet") == phrases.fold_of("gulve vaske")


def test_a_concept_that_the_vocabulary_has_not_is_named(tmp_path):
    (tmp_path / "skills.csv").write_text(SKILLS, encoding="utf-8")
    (tmp_path / "phrases.tsv").write_text("text\tconcepts\twho\nfeje\tfejning\tcv\n", encoding="utf-8")

    with pytest.raises(SystemExit, match="fejning"):
        phrases.read_phrases(tmp_path / "phrases.tsv", phrases.SkillsFile.read(tmp_path / "skills.csv"))
