"""What must hold whatever happens to the process: nothing lost, nothing half-written."""
