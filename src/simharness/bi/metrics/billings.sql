-- title: Billings
-- unit: money
-- formula: sum of invoices less credit memos dated in the period, without tax
SELECT '' AS by, '' AS key, COALESCE(SUM(CASE kind WHEN 'credit_memo' THEN -net ELSE net END), 0) AS value
FROM fct_document
WHERE NOT is_void AND document_date BETWEEN $start AND $end
