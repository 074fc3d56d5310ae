from assistant.embedding.vocabulary import HIDDEN, OPENING, PARTING, packaged_tokenizer


def test_the_special_tokens_are_the_tokenizer_s() -> None:
    tokenizer = packaged_tokenizer()
    assert [tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", "[MASK]")] == [OPENING, PARTING, HIDDEN]


def test_lengths_are_true() -> None:
    long, short = packaged_tokenizer().encode_batch(["trust " * 600, "trust"])
    assert (len(long), len(short)) == (602, 3)
