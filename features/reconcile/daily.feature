# Oregon has no sales tax: USD 1,000.00 of consulting. The gateway keeps 2.9 % of 1,000.00 = 29.00, and 0.30: 29.30.
@money @reconcile @control:REC-02
Feature: The daily reconciliations

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Globex" in region "US-OR" on terms "Net 30"

  Rule: What one system knows and the other does not is a difference with a reason

    Background:
      Given a deal "Globex hours" with "Globex" worth USD 1,000.00, product "Consulting hour", cost centre "CC-30"

    Scenario: Money in the gateway that is not in the books yet
      When the deal "Globex hours" is won on 2026-01-12
      And the connector finishes its work
      And customer "Globex" pays USD 1,000.00 against the invoice of "Globex hours" on 2026-01-20 as "P-1"
      Then gateway to ledger shows these differences:
        | reference | left         | right | reason        |
        | P-1       | USD 1,000.00 |       | missing right |
        | P-1       | USD -29.30   |       | *             |

    Scenario: A deal that cannot be billed is somebody's difference
      Given the customer "Globex" has no "region"
      When the deal "Globex hours" is won on 2026-01-12
      And the connector finishes its work
      Then difference "Globex hours" is assigned to "finance-operations"
      And deal "Globex hours" has no invoice

    Scenario: Invoices agree with deals and with BI
      When the deal "Globex hours" is won on 2026-01-12
      And the connector finishes its work
      And the reconciliations run for 2026-01-12
      Then CRM to invoices reconciles
      And invoices to ledger reconciles
      And ledger to BI reconciles
      And gateway to ledger reconciles, nothing expected true

  @payments @bank
  Rule: Once everything is booked, both sides agree

    Background:
      Given an unpaid invoice "INV-7" of USD 1,000.00 for "Globex"

    Scenario: From the charge to the bank nothing is left over
      When customer "Globex" pays USD 1,000.00 against invoice "INV-7" on 2026-01-20
      And the gateway pays out USD 970.70 on 2026-01-23
      And the bank receives USD 970.70 with reference "payout" on 2026-01-26
      And the connector finishes its work
      And the reconciliations run for 2026-01-26
      Then gateway to ledger reconciles
      And payouts to bank reconciles
