"""`python -m audit` is `crawlaudit`."""

from audit.cli import main

if __name__ == "__main__":
    main()
