-- What must hold before a version is published: each row is something wrong, in words.

SELECT 'debits and credits differ by ' || CAST(SUM(amount) AS VARCHAR) AS problem
FROM fct_journal_line
HAVING SUM(amount) <> 0

UNION ALL

SELECT 'entry ' || entry_id || ' does not balance: ' || CAST(SUM(amount) AS VARCHAR)
FROM fct_journal_line
GROUP BY entry_id
HAVING SUM(amount) <> 0

UNION ALL

SELECT 'journal lines read: ' || CAST(found.lines AS VARCHAR) || ', control total: ' || CAST(meta.ledger_entries AS VARCHAR)
FROM meta, (SELECT COUNT(*) AS lines FROM fct_journal_line) AS found
WHERE found.lines <> meta.ledger_entries

UNION ALL

-- What customers owe by documents and open items is what the control account says. Customers who are billed in another
-- currency are left out: what is open of them stands in theirs.
SELECT 'open items ' || CAST(both_sides.subledger AS VARCHAR) || ', receivables ' || CAST(both_sides.control AS VARCHAR)
FROM (
    SELECT
        COALESCE((
            SELECT SUM(CASE kind WHEN 'invoice' THEN open_amount WHEN 'credit_memo' THEN -open_amount ELSE 0 END)
            FROM fct_document JOIN dim_customer USING (customer_id) JOIN meta ON meta.currency = dim_customer.currency
        ), 0)
        - COALESCE((
            SELECT SUM(unapplied)
            FROM fct_payment JOIN dim_customer USING (customer_id) JOIN meta ON meta.currency = dim_customer.currency
        ), 0)
        + COALESCE((
            SELECT SUM(open_amount)
            FROM fct_open_item JOIN dim_customer USING (customer_id) JOIN meta ON meta.currency = dim_customer.currency
        ), 0) AS subledger,
        COALESCE((
            SELECT SUM(amount)
            FROM fct_journal_line
            JOIN dim_account USING (account_id)
            JOIN dim_customer USING (customer_id)
            JOIN meta ON meta.currency = dim_customer.currency
            WHERE kind = 'receivable'
        ), 0) AS control
) AS both_sides
WHERE both_sides.subledger <> both_sides.control

UNION ALL

SELECT 'receivables without a customer: ' || CAST(SUM(amount) AS VARCHAR)
FROM fct_journal_line JOIN dim_account USING (account_id)
WHERE kind = 'receivable' AND customer_id = ''
HAVING SUM(amount) <> 0

UNION ALL

SELECT 'lines of document ' || document_id || ' come to ' || CAST(SUM(line.net_amount) AS VARCHAR)
    || ', its net is ' || CAST(MIN(document.net) AS VARCHAR)
FROM fct_document_line AS line JOIN fct_document AS document USING (document_id)
WHERE NOT document.is_void
GROUP BY document_id
HAVING SUM(line.net_amount) <> MIN(document.net)

UNION ALL

SELECT 'taxes of document ' || document_id || ' come to ' || CAST(SUM(tax.tax) AS VARCHAR)
    || ', its tax is ' || CAST(MIN(document.tax) AS VARCHAR)
FROM fct_document_tax AS tax JOIN fct_document AS document USING (document_id)
WHERE NOT document.is_void
GROUP BY document_id
HAVING SUM(tax.tax) <> MIN(document.tax);
