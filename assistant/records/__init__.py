"""What is kept of the work: journals of runs, candidates, answers."""
