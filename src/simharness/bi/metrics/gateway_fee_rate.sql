-- title: Gateway fee rate
-- unit: ratio
-- formula: gateway fees of the period over payments through the gateway of the period, gross; four decimals
WITH fees AS (
    SELECT COALESCE(SUM(j.amount), 0) AS amount
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.role = 'fees' AND j.entry_date BETWEEN $start AND $end
),
charged AS (
    SELECT COALESCE(SUM(CASE WHEN p.rate = 1 THEN p.amount ELSE ROUND(p.amount * p.rate, 2) END), 0) AS amount
    FROM fct_payment AS p
    JOIN dim_account AS a USING (account_id)
    WHERE a.role = 'gateway_clearing' AND p.payment_date BETWEEN $start AND $end
),
scaled AS (
    -- Whole numbers, so that the quotient is rounded half up exactly and no binary fraction is involved.
    SELECT CAST(fees.amount * 10000 AS HUGEINT) * 10000 AS above, CAST(charged.amount * 10000 AS HUGEINT) AS below
    FROM fees, charged
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
