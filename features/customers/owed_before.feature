@customers @money
Feature: What customers owed before the connector came

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And an unpaid invoice "INV-7" of USD 500.00 for "Globex", dated 2025-12-10

  Rule: An invoice of the old system is paid, credited and given up like any other

    # 500.00 - 200.00 = 300.00; due on receipt, so overdue since December.
    @payments
    Scenario: A part of it is paid
      When customer "Globex" pays USD 200.00 against invoice "INV-7" on 2026-01-07
      And the connector finishes its work
      Then invoice "INV-7" has USD 300.00 open
      And customer "Globex" owes USD 300.00

    # 500.00 - 20.00 = 480.00
    @credits
    Scenario: A part of it is credited
      When a credit note of USD 20.00 is issued against invoice "INV-7" because "broken on arrival" on 2026-01-06
      And the connector finishes its work
      Then invoice "INV-7" has USD 480.00 open
      And account 1100 Accounts receivable holds USD 480.00

    # 500.00 - 30.00 = 470.00
    @credits @control:APP-01
    Scenario: A part of it is given up
      When "Kim" approves writing off USD 30.00 of invoice "INV-7" because "small claim" on 2026-01-06
      And the connector finishes its work
      Then invoice "INV-7" has USD 470.00 open
      And account 6200 Bad debt expense holds USD 30.00
