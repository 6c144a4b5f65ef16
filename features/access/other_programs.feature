# Oregon has no sales tax: USD 1,000.00 of consulting is an invoice of USD 1,000.00.
@access @ledger @control:ACC-01
Feature: Who may write to the ledger

  Rule: None but the connector posts

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And a deal "Globex hours" with "Globex" worth USD 1,000.00, product "Consulting hour", cost centre "CC-30"

    Scenario Outline: <who tries it> is refused
      When the deal "Globex hours" is won on 2026-01-12
      And the connector finishes its work
      And <attempt>
      Then the posting is refused because "<reason>"
      And only "the connector" has written to the ledger
      And account 4020 Service revenue holds USD -1,000.00

      Examples:
        | who tries it                        | attempt                                                              | reason                         |
        | BI with a key that reads            | "BI" tries to post to the ledger                                     | ApplicationAuthorizationFailed |
        | the CRM with its own key            | "the CRM" tries to post to the ledger with its key crm               | AuthenticationFailed           |
        | a former supplier without a key     | "a former supplier" tries to post to the ledger with its key none    | ApplicationAuthorizationFailed |

    Scenario: An attempt by itself posts nothing
      Given the connector finishes its work
      When "BI" tries to post to the ledger with its key read
      Then the ledger posts nothing
      And the posting is refused because "ApplicationAuthorizationFailed"
