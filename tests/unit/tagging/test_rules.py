"""The rules on own sentences: one for each shape of claim, and one for each kind that is not coded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.study import BlockKind, SectionType
from assistant.tagging.places import codable_sentences
from assistant.tagging.rules import RuleTagger

from .tagging_studies import claims_of, read, roles_of, study_of

SHAPES = {
    "active": (
        "The weekly huddle led to earlier reporting of errors.",
        [("resource", "The weekly huddle"), ("outcome", "earlier reporting of errors")],
    ),
    "because": (
        "Apprentices stayed behind because they trusted the foreman.",
        [("outcome", "Apprentices stayed behind"), ("reasoning", "they trusted the foreman")],
    ),
    "inverted": (
        "Poor take-up was due to a lack of childcare in the villages.",
        [("outcome", "Poor take-up"), ("context", "a lack of childcare in the villages")],
    ),
    "where": (
        "Where neighbours already met, the shared garden resulted in fewer empty plots.",
        [
            ("context", "neighbours already met"),
            ("resource", "the shared garden"),
            ("outcome", "fewer empty plots"),
        ],
    ),
    "without": (
        "Without a line manager's blessing, the toolkit led to resentment among clerks.",
        [
            ("context", "Without a line manager's blessing"),
            ("resource", "the toolkit"),
            ("outcome", "resentment among clerks"),
        ],
    ),
    "by doing": (
        "By pairing novices with veterans, the depot cut its losses because newcomers felt less exposed.",
        [
            ("resource", "pairing novices with veterans"),
            ("outcome", "the depot cut its losses"),
            ("reasoning", "newcomers felt less exposed"),
        ],
    ),
    "relative": (
        "The clinic offered evening slots, which meant that shift workers could attend.",
        [("resource", "The clinic offered evening slots"), ("outcome", "shift workers could attend")],
    ),
    "so that": (
        "Wardens carried spare keys so that tenants no longer waited outside.",
        [("resource", "Wardens carried spare keys"), ("outcome", "tenants no longer waited outside")],
    ),
    "chain": (
        "The mentoring scheme fostered a sense of belonging, which led to longer stays.",
        [
            ("resource", "The mentoring scheme"),
            ("reasoning", "a sense of belonging"),
            ("outcome", "longer stays"),
        ],
    ),
    "condition and reason": (
        "Visits lasted longer when the ward was quiet because relatives felt welcome.",
        [
            ("outcome", "Visits lasted longer"),
            ("context", "the ward was quiet"),
            ("reasoning", "relatives felt welcome"),
        ],
    ),
    "kept verb": (
        "Shared rotas hindered contact between the two teams [12].",
        [("resource", "Shared rotas"), ("outcome", "hindered contact between the two teams")],
    ),
    "cue that names a response": (
        "The badge motivated stewards to greet every visitor.",
        [
            ("resource", "The badge"),
            ("reasoning", "motivated stewards"),
            ("outcome", "greet every visitor"),
        ],
    ),
    "frame": (
        "The rehearsal gave pupils the confidence to speak in public.",
        [("resource", "The rehearsal"), ("reasoning", "the confidence"), ("outcome", "speak in public")],
    ),
    "labels after": (
        "A distant head office (context) bred a fear of blame (mechanism) and so silence at briefings (outcome).",
        [
            ("context", "A distant head office"),
            ("reasoning", "bred a fear of blame"),
            ("outcome", "silence at briefings"),
        ],
    ),
    "labels before": (
        "Context: scattered hamlets; Mechanism: pride in one's own well; Outcome: pumps were kept in repair.",
        [
            ("context", "scattered hamlets"),
            ("reasoning", "pride in one's own well"),
            ("outcome", "pumps were kept in repair"),
        ],
    ),
    "labels after a list": (
        "Trust between depots, and rotas that left slack (context), prompted swaps (mechanism), which led to "
        "calm (outcome).",
        [
            ("context", "Trust between depots, and rotas that left slack"),
            ("reasoning", "swaps"),
            ("outcome", "calm"),
        ],
    ),
    "if then": (
        "If wardens (paid, local or both) hold keys then repairs improve because tenants feel trusted.",
        [
            ("context", "wardens (paid, local or both) hold keys"),
            ("outcome", "repairs improve"),
            ("reasoning", "tenants feel trusted"),
        ],
    ),
    "response and then": (
        "Volunteers felt ignored by the council, and half of them had resigned by June.",
        [
            ("reasoning", "Volunteers felt ignored by the council"),
            ("outcome", "half of them had resigned by June"),
        ],
    ),
    "reported": (
        "Several porters explained that the new radio enabled them to share the load.",
        [("resource", "the new radio"), ("outcome", "them to share the load")],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_read_into_its_roles(shape: str) -> None:
    text, expected = SHAPES[shape]

    assert expected in read(text)


NOT_CODED = [
    "The aim of this study was to examine whether training led to confidence.",
    "We interviewed twelve porters because they had used the radio.",
    "Empowerment is defined as a process that leads to control.",
    "Nine depots were funded in the first wave of the scheme.",
    "Satisfaction rose from 3.2 to 4.1 in the second year.",
    "Does a shared garden lead to fewer empty plots?",
    "Managers should be trained in giving feedback to clerks.",
    "Whether the huddle led to candour among nurses remains open.",
    "The huddle " + "x" * 2000 + " led to candour among nurses.",
]


@pytest.mark.parametrize("text", NOT_CODED)
def test_what_the_codebook_leaves_out_is_left_out(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("section", [SectionType.METHODS, SectionType.REFERENCES, SectionType.BACK_MATTER])
def test_other_sections_are_never_coded(section: SectionType) -> None:
    assert read("The weekly huddle led to earlier reporting of errors.", section=section) == []


@pytest.mark.parametrize("kind", [BlockKind.TABLE, BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.RUNNING_HEAD])
def test_other_kinds_are_never_coded(kind: BlockKind) -> None:
    study = study_of("A first plain paragraph stands here.", "The weekly huddle led to earlier reporting.", kind=kind)

    assert codable_sentences(study) == ()


def test_methods_of_a_structured_abstract_are_not_coded() -> None:
    assert read("Methods: the huddle led to earlier reporting of errors by the night staff.") == []


def test_two_reasons_make_two_claims() -> None:
    found = read("Drivers refused the app because they feared tracking and clerks liked it because it saved time.")

    assert len(found) == 2
    assert ("outcome", "Drivers refused the app") in found[0]
    assert ("reasoning", "they feared tracking") in found[0]
    assert ("outcome", "clerks liked it") in found[1]


LEVELS = [
    ("The huddle led to earlier reporting of errors.", SectionType.RESULTS, Level.FINDING),
    ("“I came back because I trusted the nurse who rang me.”", SectionType.RESULTS, Level.QUOTE),
    ("We hypothesised that the huddle leads to earlier reporting.", SectionType.BODY, Level.HYPOTHESIS),
    ("If tenants hold the keys then repairs improve because they feel trusted.", SectionType.BODY, Level.HYPOTHESIS),
    ("Lack of time led to poor handover in earlier work [4].", SectionType.BACKGROUND, Level.BACKGROUND),
]


@pytest.mark.parametrize(("text", "section", "level"), LEVELS)
def test_who_makes_the_claim(text: str, section: SectionType, level: Level) -> None:
    (claim,) = claims_of(study_of(text, section=section))

    assert claim.level is level


def test_a_quotation_that_opens_in_one_sentence_holds_the_next() -> None:
    study = study_of(
        "She said: “They never asked us first. We left because nobody trusted the scheme.” Then it closed."
    )

    assert [claim.level for claim in claims_of(study)] == [Level.QUOTE]


POLARITIES = [
    ("The huddle led to earlier reporting of errors among clerks.", Polarity.ENABLING),
    ("Shared rotas hindered contact between the two teams.", Polarity.CONSTRAINING),
    ("Lack of time led to hurried visits in every district.", Polarity.CONSTRAINING),
    ("The new rota led to burnout among the porters.", Polarity.CONSTRAINING),
    ("The helpline prevented conflict between tenants and wardens.", Polarity.ENABLING),
    ("The merger did not lead to closer working between the offices.", Polarity.CONSTRAINING),
    ("Take-up of the offer depended on the attitude of the head teacher.", Polarity.MIXED),
]


@pytest.mark.parametrize(("text", "polarity"), POLARITIES)
def test_which_way_the_claim_goes(text: str, polarity: Polarity) -> None:
    (claim,) = claims_of(study_of(text))

    assert claim.polarity is polarity


def test_a_complete_claim_is_surer_than_a_partial_one() -> None:
    (whole,) = claims_of(study_of("Where nurses knew each other, the huddle led to candour because they felt safe."))
    (part,) = claims_of(study_of("The huddle led to candour among nurses."))

    assert whole.confidence > part.confidence


def test_the_same_text_gives_the_same_claims() -> None:
    study = study_of(*(text for text, _ in SHAPES.values()))

    assert claims_of(study) == claims_of(study)


WORDS = st.sampled_from(
    "because led to where the nurses trusted , ; ( ) “ ” ‘ ’ so that without by meeting [12] and it this felt "
    "valued . ! "
    "not training enabled staff improved which when if more reasons for (context) (outcome) Outcome: as a result, – "
    "^{3} I".split()
)


@given(st.lists(WORDS, max_size=40))
def test_marks_keep_to_the_rules_whatever_the_words(words: list[str]) -> None:
    study = study_of("It opened in May. " + " ".join(words))
    for claim in claims_of(study):
        assert 0.0 <= claim.confidence <= 1.0
        assert {mark.role for mark in claim.marks} > {Role.OUTCOME}
        for mark in claim.marks:
            quote = mark.span.of(study.text)
            assert claim.passage.covers(mark.span)
            assert quote == quote.strip(" ,;")
        for first, second in zip(claim.marks, claim.marks[1:], strict=False):
            assert first.span.end <= second.span.start


def test_a_tagger_answers_for_every_sentence() -> None:
    study = study_of("The huddle led to candour among nurses. It met on Mondays.")
    sentences = codable_sentences(study)
    tags = RuleTagger().tag(sentences)

    assert len(tags) == len(sentences) == 2
    assert tags[0].score == tags[0].claims[0].score > 0
    assert tags[1].claims == ()
    assert tags[0].claims[0].runs(Role.OUTCOME)[0].of(study.text) == "candour among nurses"
    assert roles_of(study.text, claims_of(study)[0])
