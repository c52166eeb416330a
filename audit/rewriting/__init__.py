"""How a file is written again with other texts in it: what the formats of `audit.rewriters` share."""
