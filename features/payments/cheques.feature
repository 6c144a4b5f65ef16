@payments @bank @money
Feature: Customers pay by cheque
  A cheque settles the invoice when it is taken, waits in undeposited funds, and may still come back.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-02-02
    And an unpaid invoice "INV-6" of USD 480.00 for "Umbrella Corp"
    And an unpaid invoice "INV-7" of USD 320.00 for "Stark Industries"

  Rule: A cheque is money on its way until the bank credits it

    Scenario: A cheque that is taken waits for the bank over the end of the month
      When cheque "1042" of USD 480.00 is taken for invoice "INV-6" on 2026-02-26
      And cheque "1042" is deposited for USD 480.00 on 2026-03-02
      And the connector finishes its work
      Then invoice "INV-6" is paid
      And account 1200 Undeposited funds holds USD 480.00 as of 2026-02-28
      And account 1000 Bank holds USD 480.00 as of 2026-03-02
      And nothing is left in the clearing account on 2026-03-02

    # 480.00 + 320.00 = 800.00 in one line of the bank
    @control:REC-02
    Scenario: Several cheques are credited in one line
      When cheque "1042" of USD 480.00 is taken for invoice "INV-6" on 2026-02-26
      And cheque "1041" of USD 320.00 is taken for invoice "INV-7" on 2026-02-27
      And these cheques are deposited for USD 800.00 together on 2026-03-02:
        | cheque |
        | 1041   |
        | 1042   |
      And the connector finishes its work
      Then invoice "INV-7" is paid
      And account 1200 Undeposited funds holds USD 0.00
      And account 1000 Bank holds USD 800.00

  Rule: A cheque brought to the bank on the same day pays the oldest invoice

    # 480.00 - 400.00 = 80.00
    Scenario: A cheque for a part of what is owed
      When cheque "1042" of USD 400.00 from "Umbrella Corp" is deposited on 2026-02-26
      And the connector finishes its work
      Then invoice "INV-6" has USD 80.00 open
      And account 1000 Bank holds USD 400.00

    Scenario: A cheque for all of it, today
      When cheque "1041" of USD 320.00 from "Stark Industries" is deposited
      And the connector finishes its work
      Then invoice "INV-7" is paid
      And customer "Stark Industries" owes USD 0.00

  Rule: A cheque that comes back leaves the invoice open as it was

    # The bank credits 480.00 and takes them back; it wants 12.00 for the trouble.
    Scenario: A cheque bounces
      When cheque "1042" of USD 480.00 from "Umbrella Corp" is deposited on 2026-02-26
      And the connector finishes its work
      And cheque "1042" is returned on 2026-03-05
      And the bank charges USD 12.00 because "returned item"
      And the connector finishes its work
      Then invoice "INV-6" has USD 480.00 open
      And account 1000 Bank holds USD -12.00
