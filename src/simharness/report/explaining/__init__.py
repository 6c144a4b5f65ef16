"""Why something is wrong: the step, both sides, the chain from deal to metric, and what the connector did.

`explanation(record, finding)` is data, `as_text` puts it into lines. Terminal, JUnit and assertion messages use these.
"""

from simharness.report.explaining.explain import explanation
from simharness.report.explaining.explanation import Explanation
from simharness.report.explaining.text import Section, as_text, sections, story_text

__all__ = ["Explanation", "Section", "as_text", "explanation", "sections", "story_text"]
