"""Where the models are learned: the only room that imports scikit-learn."""
