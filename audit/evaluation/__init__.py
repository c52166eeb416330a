"""The rooms of `crawlaudit evaluate`: what was said beside what is true, figures, mistakes, their text."""
