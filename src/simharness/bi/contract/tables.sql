-- The curated tables a connector publishes for BI. Money is DECIMAL(18, 4) in the document's currency; days are local to
-- the entity; ids are the ledger's unless the name says crm. Signs: documents and lines are positive in their natural
-- direction (`kind` tells invoice from credit_memo); journal amounts and open items are debit positive.
-- The statements run on DuckDB and on PostgreSQL as they stand.

CREATE TABLE meta (
    version VARCHAR NOT NULL,              -- grows with every publication, sortable as text
    published_at TIMESTAMP NOT NULL,       -- UTC, given by the connector, never by the database
    entity VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,             -- base currency of the entity
    time_zone VARCHAR NOT NULL,
    ledger_entries BIGINT NOT NULL,        -- control totals of the audit: journal lines read
    ledger_debits DECIMAL(18, 4) NOT NULL  -- and the sum of their debits
);

CREATE TABLE dim_account (
    account_id VARCHAR NOT NULL PRIMARY KEY,
    number VARCHAR NOT NULL,               -- '' where the ledger keeps none
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                 -- bank, receivable, current_asset, current_liability, income, contra_income, expense, ...
    is_tax BOOLEAN NOT NULL,               -- true for the accounts on which tax owed to an authority is kept
    role VARCHAR NOT NULL                  -- the one purpose it serves, '' where none: bank, gateway_clearing, payouts_in_transit,
                                           -- undeposited, unmatched, deposits, discounts_given, settlement_discounts, fees,
                                           -- bank_charges, write_offs, exchange_gain, tax_payable, deferred_revenue,
                                           -- wages, employer_taxes, employer_benefits, reimbursements
);

CREATE TABLE dim_customer (
    customer_id VARCHAR NOT NULL PRIMARY KEY,
    crm_company_id VARCHAR NOT NULL,       -- '' where the customer did not come from the CRM
    name VARCHAR NOT NULL,
    currency VARCHAR NOT NULL
);

CREATE TABLE fct_document (
    document_id VARCHAR NOT NULL PRIMARY KEY,
    kind VARCHAR NOT NULL,                 -- invoice, credit_memo, sales_receipt, refund_receipt
    number VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL,
    crm_deal_id VARCHAR NOT NULL,          -- '' where the document did not come from a deal
    document_date DATE NOT NULL,
    due_date DATE,
    currency VARCHAR NOT NULL,
    net DECIMAL(18, 4) NOT NULL,
    tax DECIMAL(18, 4) NOT NULL,
    total DECIMAL(18, 4) NOT NULL,
    open_amount DECIMAL(18, 4) NOT NULL,   -- as at publication
    is_void BOOLEAN NOT NULL,
    rate DECIMAL(20, 10) NOT NULL          -- base currency per unit; 1 in the base currency
);

CREATE TABLE fct_document_line (
    document_id VARCHAR NOT NULL,
    line_no INTEGER NOT NULL,              -- from 1, in document order
    crm_line_id VARCHAR NOT NULL,          -- '' where unknown
    product VARCHAR NOT NULL,
    account_id VARCHAR NOT NULL,
    quantity DECIMAL(18, 6),
    list_amount DECIMAL(18, 4) NOT NULL,   -- quantity x list price from the CRM line, rounded to the currency; on a document
                                           -- for a change of the deal: by how much that figure rose (credit memo: fell)
    discount_amount DECIMAL(18, 4) NOT NULL, -- list less net, line and document discounts together; a contra discount line
                                           -- has list 0 and net = less its discount
    net_amount DECIMAL(18, 4) NOT NULL,    -- without tax
    tax_code VARCHAR NOT NULL,
    cost_centre VARCHAR NOT NULL,
    location VARCHAR NOT NULL,
    PRIMARY KEY (document_id, line_no)
);

CREATE TABLE fct_document_tax (
    document_id VARCHAR NOT NULL,
    tax_code VARCHAR NOT NULL,
    rate VARCHAR NOT NULL,                 -- the ledger's name of the rate or component
    percent DECIMAL(9, 6) NOT NULL,
    base DECIMAL(18, 4) NOT NULL,
    tax DECIMAL(18, 4) NOT NULL,
    PRIMARY KEY (document_id, tax_code, rate)
);

CREATE TABLE fct_payment (
    payment_id VARCHAR NOT NULL PRIMARY KEY,
    customer_id VARCHAR NOT NULL,
    payment_date DATE NOT NULL,            -- the day the customer paid
    currency VARCHAR NOT NULL,
    amount DECIMAL(18, 4) NOT NULL,        -- gross of gateway fees
    unapplied DECIMAL(18, 4) NOT NULL,     -- as at publication
    account_id VARCHAR NOT NULL,           -- where it went: gateway clearing, undeposited funds, a bank account
    rate DECIMAL(20, 10) NOT NULL          -- base currency per unit; 1 in the base currency
);

-- What a journal entry put on a customer's receivable: a dispute or a returned payment (debit), a write-off (credit).
CREATE TABLE fct_open_item (
    item_id VARCHAR NOT NULL PRIMARY KEY,  -- entry_id:customer_id
    entry_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL,
    item_date DATE NOT NULL,
    currency VARCHAR NOT NULL,
    amount DECIMAL(18, 4) NOT NULL,        -- debit positive
    open_amount DECIMAL(18, 4) NOT NULL,   -- of the same sign, as at publication
    rate DECIMAL(20, 10) NOT NULL
);

CREATE TABLE fct_application (
    source_kind VARCHAR NOT NULL,          -- payment, credit_memo, journal (an open item that is a credit)
    source_id VARCHAR NOT NULL,
    document_kind VARCHAR NOT NULL,        -- invoice, journal (an open item that is a debit)
    document_id VARCHAR NOT NULL,          -- what was settled
    applied_on DATE NOT NULL,              -- the later of the days of the source and of what was settled
    amount DECIMAL(18, 4) NOT NULL,
    PRIMARY KEY (source_kind, source_id, document_kind, document_id, applied_on)
);

-- The recurring lines of won deals, as the CRM has them, and as they were before each change of their deal.
CREATE TABLE fct_recurring_line (
    crm_line_id VARCHAR NOT NULL,
    change_no INTEGER NOT NULL,            -- 0 as it was sold; a change of price, quantity or discount is the next one
    crm_deal_id VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    frequency VARCHAR NOT NULL,            -- monthly, annually, ... in the CRM's words
    starts_on DATE,                        -- first day of service at this price, NULL: since ever
    ends_on DATE,                          -- last day of service at this price, NULL: until further notice
    currency VARCHAR NOT NULL,
    monthly_amount DECIMAL(18, 4) NOT NULL, -- quantity x price less the line's own discount, a month; rounded to the currency
    PRIMARY KEY (crm_line_id, change_no)
);

-- What processed payrolls come to, in sums: no employee is in it. Amounts are positive in the natural direction of their
-- kind; those of a reversal are negative.
CREATE TABLE fct_payroll_component (
    payroll_id VARCHAR NOT NULL,           -- the payroll system's
    kind VARCHAR NOT NULL,                 -- earning, deduction, garnishment, employee_tax, employer_tax, employer_benefit,
                                           -- reimbursement, net
    code VARCHAR NOT NULL,                 -- salary, bonus, retro, retirement_401k, us_medicare, ...; of net the way of
                                           -- payment: direct_deposit, check
    cost_centre VARCHAR NOT NULL,          -- of what costs the employer, '' for all else
    cheque_date DATE NOT NULL,             -- decides the tax year
    service_from DATE NOT NULL,            -- days of service of the run; of pay that makes up for an earlier month,
    service_to DATE NOT NULL,              -- its first and its last day
    in_cash BOOLEAN NOT NULL,              -- false for an earning that is not paid in money
    amount DECIMAL(18, 4) NOT NULL,
    PRIMARY KEY (payroll_id, kind, code, cost_centre, service_from, service_to, in_cash)
);

CREATE TABLE fct_journal_line (
    entry_id VARCHAR NOT NULL,
    line_no INTEGER NOT NULL,
    entry_date DATE NOT NULL,
    account_id VARCHAR NOT NULL,
    amount DECIMAL(18, 4) NOT NULL,        -- debit positive, base currency
    customer_id VARCHAR NOT NULL,          -- '' where none
    cost_centre VARCHAR NOT NULL,
    location VARCHAR NOT NULL,
    source VARCHAR NOT NULL,               -- invoice, credit_memo, payment, refund_receipt, journal, transfer, deposit, ...
    source_id VARCHAR NOT NULL,
    PRIMARY KEY (entry_id, line_no)
);
