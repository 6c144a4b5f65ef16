# Oregon has no sales tax: USD 640.00 and USD 60.00 of consulting are USD 700.00. That the phone stays as the bookkeeper
# set it is checked with every story.
@money @ledger @customers @control:ACC-01
Feature: Who writes what

  Rule: What a bookkeeper wrote stays, and the connector writes nothing over it

    Background:
      Given the dictionary "us-saas" is loaded
      And the ledger owns customer phone
      And today is 2026-01-05
      And a deal "First order" with "O'Neill Brothers" worth USD 640.00, product "Consulting hour", cost centre "CC-30"

    Scenario: A phone number of the ledger survives the next invoice
      Given a deal "Second order" with "O'Neill Brothers" worth USD 60.00, product "Consulting hour", cost centre "CC-30"
      When the deal "First order" is won on 2026-01-12
      And the connector finishes its work
      And a bookkeeper sets the phone of "O'Neill Brothers" to "+1 503 555 0142" on 2026-01-13
      And the deal "Second order" is won on 2026-01-15
      And the connector finishes its work
      Then customer "O'Neill Brothers" owes USD 700.00

    Scenario: Without a bookkeeper only the connector has written
      When the deal "First order" is won on 2026-01-12
      And the connector finishes its work
      Then only "connector" has written to the ledger
      And every journal line names a "cost centre"
