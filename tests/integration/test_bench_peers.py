import json
import subprocess
import sys
from pathlib import Path


def peers(*arguments: str | Path) -> str:
    """Runs the peers as a benchmark does, in a fresh process."""
    command = [sys.executable, "-m", "evals.bench.peers", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout


def test_the_usual_pipeline_builds_and_answers(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "rota.txt").write_text("Nurses liked the new rota because it left them time to rest.\n\n" * 40)
    (texts / "garden.txt").write_text("Residents walked more once the garden had benches.")
    built = json.loads(peers("build", texts, tmp_path / "store"))
    assert built["chunks"] > 3 and built["seconds"] > 0 and built["megabytes"] > 50
    said = peers("ask", tmp_path / "store", "What made residents walk?")
    assert said.startswith("garden.txt: Residents walked")
