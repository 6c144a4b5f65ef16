@topologies @billing @money
Feature: The CRM has a sync of its own with the ledger

  Background:
    Given the dictionary "us-saas-beside" is loaded
    And today is 2026-01-05
    And the customer "Cascade Clinics" in region "US-OR" on terms "Net 30"
    And a deal "Cascade printers" with "Cascade Clinics" worth USD 1,000.00

  Rule: Whoever is first, the customer is billed once

    # Oregon has no sales tax.
    @control:REC-02
    Scenario: The sync was quicker, and the connector takes its invoice for the deal's
      When the deal "Cascade printers" is won on 2026-01-12
      And the native sync runs and copies "lines"
      And the connector finishes its work
      Then deal "Cascade printers" has exactly 1 invoice
      And customer "Cascade Clinics" owes USD 1,000.00

    @middleware
    Scenario: A bookkeeper voids the second invoice
      When the deal "Cascade printers" is won on 2026-01-12
      And the connector finishes its work
      And the native sync runs and copies "lines" on 2026-01-12 at 16:00
      And a bookkeeper voids the invoice of "Cascade printers" that "native-sync" wrote on 2026-01-13
      And the connector finishes its work
      Then invoice "HS-1001" is void
      And customer "Cascade Clinics" owes USD 1,000.00
