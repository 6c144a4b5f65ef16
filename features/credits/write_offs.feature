@credits @money
Feature: Write-offs

  Background:
    Given today is 2026-01-05

  Rule: A bad debt is given up only with the word of somebody who may say so

    # 5,000.00 x 8.625 % in San Francisco, where few words put a customer: 362.50 + 68.75 = 431.25; total 5,431.25.
    @control:APP-03
    Scenario Outline: <how the books claim tax>
      Given the dictionary "<dictionary>" is loaded
      And a deal "Enron turnstiles" with "Enron" worth USD 5,000.00
      When the deal "Enron turnstiles" is won on 2026-01-12
      And the connector finishes its work
      And "Dana Scully" approves writing off USD 5,431.25 of the invoice of "Enron turnstiles" because "bankrupt" on 2026-04-07
      And the connector finishes its work
      Then account 6200 Bad debt expense holds <loss>

      Examples:
        | how the books claim tax           | dictionary     | loss         |
        | Tax is owed whether anybody pays  | us-saas        | USD 5,431.25 |
        | Tax of a bad debt is claimed back | us-saas-relief | USD 5,000.00 |

    @middleware @control:APP-01
    Scenario: Nobody approved it
      Given the dictionary "us-saas" is loaded
      And a deal "Enron turnstiles" with "Enron" worth USD 5,000.00
      When the deal "Enron turnstiles" is won on 2026-01-12
      And the connector finishes its work
      And USD 5,431.25 of the invoice of "Enron turnstiles" is written off because "tired of asking" on 2026-02-03
      And the connector finishes its work
      Then "finance-operations" is alerted about "approve" and USD 5,431.25
