@deposits @money
Feature: Deposits and the invoice after them

  Background:
    Given the dictionary "ee-saas" is loaded
    And today is 2025-06-02
    And the customer "Tallinn Ferry Terminal" in region "EE" on terms "Net 14"
    And a deal "Ferry gates" with "Tallinn Ferry Terminal", deposit 30%, cost centre CC-10 and these lines:
      | product       | quantity | unit price   |
      | Visitor kiosk | 10       | EUR 1,000.00 |

  Rule: A deposit is a debt to the customer until something is delivered

    # 10,000.00 x 30 % = 3,000.00, at 22 % = 660.00; 16 June + 14 days.
    @ledger @taxes
    Scenario: The deposit is invoiced when the deal is won
      When the deal "Ferry gates" is won on 2025-06-16
      And the connector finishes its work
      Then the invoice of "Ferry gates" totals EUR 3,660.00, net EUR 3,000.00, due 2025-06-30
      And the balances are:
        | account                  | balance       |
        | 1100 Accounts receivable | EUR 3,660.00  |
        | 2200 VAT payable         | EUR -660.00   |
        | 2310 Customer deposits   | EUR -3,000.00 |
      And the deal "Ferry gates" shows billing status "deposit invoiced"

    @payments
    Scenario: The deposit is paid
      When the deal "Ferry gates" is won on 2025-06-16
      And the connector finishes its work
      And customer "Tallinn Ferry Terminal" pays EUR 3,660.00 against the invoice of "Ferry gates" by card on 2025-06-20
      And the connector finishes its work
      Then the deal "Ferry gates" shows billing status "deposit paid"
      And the deal "Ferry gates" shows EUR 0.00 outstanding
      And metric "net revenue" for 2025-06 is EUR 0.00

  Rule: What is delivered is sold, and the deposit is taken off it

    # 3,000.00 were taxed at 22 % in June; the rest, 7,000.00, at the 24 % of July: 1,680.00; 8,680.00 are asked for.
    @taxes @control:DEP-01
    Scenario: The rate of tax changes between deposit and delivery
      When the deal "Ferry gates" is won on 2025-06-16
      And the connector finishes its work
      And the deal "Ferry gates" is delivered on 2025-07-15
      And the connector finishes its work
      Then the second invoice of "Ferry gates" nets EUR 7,000.00
      And the second invoice of "Ferry gates" carries EUR 1,680.00 of tax under "EE 24"
      And account 4010 Hardware sales holds EUR -10,000.00

  Rule: A deposit of an order that is cancelled is given back

    @credits
    Scenario: The order is cancelled before anybody paid
      When the deal "Ferry gates" is won on 2025-06-16
      And the connector finishes its work
      And "Kaja Tamm" approves a credit note of EUR 3,660.00 against the invoice of "Ferry gates" because "the order is cancelled" on 2025-07-03
      And the deal "Ferry gates" is reopened
      And the connector finishes its work
      Then the deal "Ferry gates" shows billing status "deposit given back"
      And customer "Tallinn Ferry Terminal" owes EUR 0.00
