"""A small company and a way to write stories about it into a folder, for laws about reading and playing."""

from __future__ import annotations

from pathlib import Path

from simharness.core.errors import ContentError
from simharness.stories import discovery
from simharness.stories.story import Story

DICTIONARY = """\
name: tiny
version: "1"
entity: main
currency: USD
time_zone: America/Los_Angeles
policy: {tax_model: us}
accounts:
  - {number: "1100", name: Accounts receivable, kind: receivable, role: receivable}
  - {number: "2200", name: Sales tax payable, kind: current_liability, role: tax_payable}
  - {number: "4010", name: Hardware sales, kind: income}
revenue_types:
  - {name: Hardware, account: "4010"}
products:
  - {name: Badge printer, sku: BP, tax_category: goods, revenue_type: Hardware}
tax_codes:
  - name: CA San Francisco
    account: "2200"
    components:
      - {authority: California, percent: 7.25}
      - {authority: San Francisco, percent: 1.25, valid_until: 2025-12-31}
      - {authority: San Francisco, percent: 1.375, valid_from: 2026-01-01}
regions:
  - {code: US-CA-SF, name: San Francisco, taxes: [{category: goods, code: CA San Francisco}]}
  - {code: US-OR, name: Oregon}
terms:
  - {name: Net 30, days: 30}
cost_centres:
  - {code: CC-10, name: Sales West}
"""

STORY = """\
story: A deal
dictionary: tiny
today: 2026-01-05
given:
  - {customer: Globex, region: US-CA-SF, terms: Net 30}
  - {deal: Rollout, customer: Globex, lines: [{product: Badge printer, quantity: 1, unit_price: USD 4000.00}]}
when:
  - {deal_won: Rollout, on: 2026-01-12}
  - connector_finishes
then:
  - {invoices_of: Rollout, count: 1}
"""


def folder(root: Path, story: str = STORY, dictionary: str = DICTIONARY) -> Path:
    """A folder with one story file and one dictionary."""
    (root / "dictionaries").mkdir(parents=True, exist_ok=True)
    (root / "dictionaries" / "tiny.yaml").write_text(dictionary, encoding="utf-8")
    (root / "story.yaml").write_text(story, encoding="utf-8")
    return root


def one(root: Path, story: str = STORY) -> Story:
    """The only story of a text."""
    (found,) = discovery.load([folder(root, story)])
    return found


def problems(root: Path, story: str = STORY, dictionary: str = DICTIONARY) -> list[ContentError]:
    """What lint says of a text."""
    return discovery.lint([folder(root, story, dictionary)])
