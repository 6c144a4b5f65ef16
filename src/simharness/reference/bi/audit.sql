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

-- What customers owe by documents is what the control account says; journal entries on it stand for themselves.
SELECT 'open items ' || CAST(subledger AS VARCHAR) || ', receivables ' || CAST(control AS VARCHAR)
FROM (
    SELECT
        COALESCE((SELECT SUM(CASE kind WHEN 'invoice' THEN open_amount ELSE -open_amount END) FROM fct_document), 0)
        - COALESCE((SELECT SUM(unapplied) FROM fct_payment), 0)
        + COALESCE((
            SELECT SUM(amount) FROM fct_journal_line JOIN dim_account USING (account_id)
            WHERE kind = 'receivable' AND source = 'journal'
        ), 0) AS subledger,
        COALESCE((
            SELECT SUM(amount) FROM fct_journal_line JOIN dim_account USING (account_id) WHERE kind = 'receivable'
        ), 0) AS control
)
WHERE subledger <> control

UNION ALL

SELECT 'lines of document ' || document_id || ' come to ' || CAST(SUM(line.net_amount) AS VARCHAR)
    || ', its net is ' || CAST(ANY_VALUE(document.net) AS VARCHAR)
FROM fct_document_line AS line JOIN fct_document AS document USING (document_id)
WHERE NOT document.is_void
GROUP BY document_id
HAVING SUM(line.net_amount) <> ANY_VALUE(document.net)

UNION ALL

SELECT 'taxes of document ' || document_id || ' come to ' || CAST(SUM(tax.tax) AS VARCHAR)
    || ', its tax is ' || CAST(ANY_VALUE(document.tax) AS VARCHAR)
FROM fct_document_tax AS tax JOIN fct_document AS document USING (document_id)
WHERE NOT document.is_void
GROUP BY document_id
HAVING SUM(tax.tax) <> ANY_VALUE(document.tax);
