"""The sentences that set the scene of a story: they fill its head and are no steps of it."""

from __future__ import annotations

from simharness.stories.telling import HEAD
from simharness.stories.vocabulary.verb import Sentence

SETTING: tuple[Sentence, ...] = (
    Sentence(pattern="the dictionary {string} is loaded", binds=("dictionary",)),
    Sentence(pattern="today is {date}", binds=("today",)),
    Sentence(pattern="the gateway pays out {word} by itself", binds=("payouts",)),
    Sentence(pattern="the connector hears of news by {word}", binds=("listens",)),
    Sentence(pattern="the books of another entity are kept by the dictionary {string}", binds=("entities",)),
    Sentence(pattern="the metrics of the team are in the folder {string}", binds=("metrics",)),
    Sentence(pattern="the {word} is played by {string}", binds=("stack", "stack")),
    Sentence(pattern="the books of {string} are kept in {currency}", binds=("books", "books")),
    Sentence(pattern="the chart of accounts:", table="chart_of_accounts"),
    Sentence(pattern="the tax codes:", table="tax_codes"),
    Sentence(pattern="tax in {string} is {percent}", binds=("tax_in", "tax_in")),
    Sentence(
        pattern="the product {string} is exempt from tax in {string}", binds=("exempt_products", "exempt_products")
    ),
    Sentence(pattern="{system} owns {entity}", binds=("owns", "owns")),
    Sentence(pattern="mapping release {string} is installed", binds=("release",)),
)

#: The keys of a story's head.
SETTING_SHAPE = HEAD
