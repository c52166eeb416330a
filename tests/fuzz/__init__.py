"""What must hold for any bytes at all: tried by hypothesis in the suite, and for minutes by atheris."""
