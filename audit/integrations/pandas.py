"""pandas: after `import audit.integrations.pandas`, `frame.crawlaudit.check("text")` judges the rows of a DataFrame."""

import pandas as pd

from audit.config import Config
from audit.frame import Checked, check_frame


@pd.api.extensions.register_dataframe_accessor("crawlaudit")
class CrawlauditAccessor:
    """What `audit.check_frame` does, as a method of the frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def check(self, text: str = "text", *, config: Config | None = None, **columns: str) -> Checked:
        """Judge the rows: (documents, findings). Arguments and errors are those of `audit.check_frame`."""
        return check_frame(self._frame, text, config=config, **columns)
