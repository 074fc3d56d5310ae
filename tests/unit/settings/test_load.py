import tomllib
from pathlib import Path

import pytest

from assistant.errors import ProjectNotFound, SettingsError, StoreNotWritable
from assistant.settings.environment import cache_folder, project_folder, setting_variables
from assistant.settings.load import load_settings
from assistant.settings.project import find_project, init_project, project_at, settings_template
from assistant.settings.schema import Settings, keys, meanings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "realist.toml"


def test_flag_over_variable_over_file_over_default(file: Path) -> None:
    file.write_text("[retrieval]\ntop_k = 3\n[embedding]\nthreads = 1\nbatch_size = 2\n")
    variables = {"REALIST_RETRIEVAL_TOP_K": "4", "REALIST_EMBEDDING_THREADS": "2"}
    effective = load_settings(file, variables, {"retrieval.top_k": ("--top-k", 5)})
    assert effective.settings.retrieval.top_k == 5
    assert effective.settings.embedding.threads == 2
    assert effective.settings.embedding.batch_size == 2
    assert effective.origins["retrieval.top_k"] == "--top-k"
    assert effective.origins["embedding.threads"] == "REALIST_EMBEDDING_THREADS"
    assert effective.origins["embedding.batch_size"] == "realist.toml"
    assert effective.origins["chunking.max_tokens"] == "default"


@pytest.mark.parametrize(
    ("text", "named", "near"),
    [
        ("[retrieval]\ntop = 3\n", "retrieval.top", "retrieval.top_k"),
        ("[retreival]\ntop_k = 3\n", "retreival.top_k", "retrieval.top_k"),
        ("retrieval = 3\n", "retrieval", ""),
        ("[unheard]\n", "unheard", ""),
    ],
)
def test_unknown_keys_name_the_nearest(file: Path, text: str, named: str, near: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_settings(file)
    assert named in error.value.message and near in error.value.remedy
    assert error.value.exit_code == 2


def test_unknown_variables_and_flags_are_refused() -> None:
    with pytest.raises(SettingsError, match="REALIST_RETRIEVAL_TOP_K"):
        load_settings(None, {"REALIST_RETRIEVAL_TOPK": "3"})
    with pytest.raises(SettingsError, match="--top"):
        load_settings(None, flags={"retrieval.top": ("--top", 3)})


@pytest.mark.parametrize("value", ["0", "many", "3.5"])
def test_values_out_of_range_name_key_and_origin(value: str) -> None:
    with pytest.raises(SettingsError, match=r"retrieval\.top_k.*REALIST_RETRIEVAL_TOP_K"):
        load_settings(None, {"REALIST_RETRIEVAL_TOP_K": value})


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(SettingsError, match="target_tokens"):
        load_settings(None, {"REALIST_CHUNKING_MAX_TOKENS": "64"})


@pytest.mark.parametrize("content", [b"[retrieval\n", b"\xff\xfe"])
def test_a_broken_file_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"realist\.toml can't be read"):
        load_settings(file)


def test_the_template_holds_every_setting_at_its_default() -> None:
    uncommented = "\n".join(
        line.removeprefix("# ") if "=" in line and line.split()[1].islower() else line
        for line in settings_template().splitlines()[2:]
        if line.startswith("[") or " = " in line
    )
    assert Settings.model_validate(tomllib.loads(uncommented)) == Settings()
    assert tuple(meanings()) == keys() and all(meanings().values())


def test_projects_are_found_by_walking_up(tmp_path: Path) -> None:
    project, made = init_project(tmp_path / "review")
    below = project.root / "a" / "b"
    below.mkdir(parents=True)
    assert made and find_project(below) == project == project_at(project.root)
    with pytest.raises(ProjectNotFound, match="is no project"):
        project_at(below)
    assert load_settings(project.settings_file).settings == Settings()
    assert (project.data / ".gitignore").read_text().endswith("*\n")


def test_a_project_is_never_made_twice(tmp_path: Path) -> None:
    project, _ = init_project(tmp_path)
    project.settings_file.write_text("[retrieval]\ntop_k = 3\n")
    _, made = init_project(tmp_path)
    assert not made and "top_k = 3" in project.settings_file.read_text()


def test_outside_a_project_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFound, match="realist init"):
        find_project(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreNotWritable, match="file"):
        init_project(tmp_path / "file" / "below")


def test_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REALIST_RETRIEVAL_TOP_K", "3")
    monkeypatch.setenv("REALIST_PROJECT", str(tmp_path))
    monkeypatch.setenv("REALIST_TEST_STUDIES", "elsewhere")
    assert setting_variables() == {"REALIST_RETRIEVAL_TOP_K": "3"}
    assert project_folder() == tmp_path
    monkeypatch.delenv("REALIST_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().name == "realist"


@pytest.mark.parametrize(
    "line",
    [
        'name = "gpt-5"',
        'base_url = "ftp://lab/v1"',
        'base_url = "http://:8000"',
        'base_url = "http://lab:99999/v1"',
        'base_url = "http://lab/v1?key=1"',
        "temperature = 3",
        'temperature = "hot"',
        'output = "xml"',
        "concurrency = 0",
    ],
)
def test_chat_models_that_cannot_be_meant_are_refused(file: Path, line: str) -> None:
    file.write_text(f"[model]\n{line}\n")
    with pytest.raises(SettingsError, match=rf"model\.{line.split()[0]}"):
        load_settings(file)


def test_chat_models_are_named_with_their_provider(file: Path) -> None:
    file.write_text('[model]\nname = "ollama:qwen3:8b"\ntemperature = "default"\n')
    chosen = load_settings(file, {"REALIST_MODEL_TIMEOUT_SECONDS": "9.5"}).settings.model
    assert (chosen.provider, chosen.model, chosen.temperature) == ("ollama", "qwen3:8b", "default")
    assert chosen.timeout_seconds == 9.5


@pytest.mark.parametrize("key", ["api_key", "key", "openai_api_key", "token"])
def test_keys_in_settings_are_refused_without_being_said(file: Path, key: str) -> None:
    file.write_text(f'[model]\n{key} = "sk-0123456789"\n')
    with pytest.raises(SettingsError, match="OPENAI_API_KEY") as error:
        load_settings(file)
    assert "sk-0123456789" not in str(error.value)


def test_a_password_in_an_address_is_refused_without_being_said(file: Path) -> None:
    file.write_text('[model]\nbase_url = "https://me:hunter2@lab/v1"\n')
    with pytest.raises(SettingsError, match="keys come from the environment") as error:
        load_settings(file)
    assert "hunter2" not in str(error.value)
