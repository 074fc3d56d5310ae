import pytest

from assistant.chat.commands import help_lines, parse


@pytest.mark.parametrize(
    ("line", "name", "arguments"),
    [
        ("/sources", "sources", ()),
        ("/so", "sources", ()),
        ("/STUDY a b", "study", ("a", "b")),
        ("/save my file.md", "save", ("my", "file.md")),
        ("/", "help", ()),
    ],
)
def test_commands(line: str, name: str, arguments: tuple[str, ...]) -> None:
    command = parse(line)
    assert command is not None and command.known
    assert (command.name, command.arguments) == (name, arguments)


def test_a_question_is_no_command() -> None:
    assert parse("who took part?") is None
    assert parse("//comment") is None


def test_unknown_and_ambiguous_commands_name_the_nearest() -> None:
    unknown = parse("/sorces")
    assert unknown is not None and not unknown.known and unknown.nearest == "sources"
    ambiguous = parse("/s")
    assert ambiguous is not None and not ambiguous.known


def test_help_covers_every_command() -> None:
    assert {usage.split()[0] for usage, _ in help_lines()} == {"/sources", "/study", "/cmo", "/save", "/help", "/quit"}
