-- title: Billings
-- unit: money
-- formula: sum of invoices and sales receipts less credit memos and refund receipts dated in the period, without tax
SELECT
    '' AS by,
    '' AS key,
    COALESCE(SUM(
        CASE WHEN kind IN ('credit_memo', 'refund_receipt') THEN -1 ELSE 1 END
        * CASE WHEN rate = 1 THEN net ELSE ROUND(net * rate, 2) END
    ), 0) AS value
FROM fct_document
WHERE NOT is_void AND document_date BETWEEN $start AND $end
