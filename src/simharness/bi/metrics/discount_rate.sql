-- title: Discount rate
-- unit: ratio
-- formula: discounts over list amounts of lines of invoices less credit memos dated in the period, deposits left out
WITH lines AS (
    SELECT
        COALESCE(SUM(CASE d.kind WHEN 'credit_memo' THEN -l.discount_amount ELSE l.discount_amount END), 0) AS discount,
        COALESCE(SUM(CASE d.kind WHEN 'credit_memo' THEN -l.list_amount ELSE l.list_amount END), 0) AS list
    FROM fct_document_line AS l
    JOIN fct_document AS d USING (document_id)
    LEFT JOIN dim_account AS a USING (account_id)
    WHERE d.kind IN ('invoice', 'credit_memo') AND NOT d.is_void AND d.document_date BETWEEN $start AND $end
        AND COALESCE(a.role, '') <> 'deposits'
),
scaled AS (
    -- Whole numbers, so that the quotient is rounded half up exactly and no binary fraction is involved.
    SELECT CAST(discount * 10000 AS HUGEINT) * 10000 AS above, CAST(list * 10000 AS HUGEINT) AS below FROM lines
)
SELECT
    '' AS by,
    '' AS key,
    CASE
        WHEN below <= 0 THEN NULL
        WHEN above >= 0 THEN CAST((2 * above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(5, 4))
        ELSE -CAST((2 * -above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(5, 4))
    END AS value
FROM scaled
