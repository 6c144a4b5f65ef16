"""The command line as people use it: a process of its own, its output piped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("simharness")

STORY = """\
story: {name}
tags: [money, billing]
dictionary: us-saas
today: 2026-01-05
given:
  - customer: Globex
    region: US-CA-SF
    terms: Net 30
  - deal: Globex rollout
    customer: Globex
    lines:
      - {{product: Badge printer, quantity: 1, unit_price: USD 4000.00, discount: 10%}}   # net 3,600.00
when:
  - {{deal_won: Globex rollout, on: 2026-01-12}}
  - connector_finishes
then:
  - {{invoice_of: Globex rollout, net: USD 3600.00, tax: USD {tax}}}   # 8.625 % of 3,600.00 is 310.50
"""


def story(name: str = "A deal is billed", tax: str = "310.50") -> str:
    return STORY.format(name=name, tax=tax)


def simharness(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key not in {"FORCE_COLOR", "NO_COLOR", "COLUMNS"}}
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        cwd=cwd, env=plain | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
