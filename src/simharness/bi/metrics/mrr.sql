-- title: Monthly recurring revenue
-- unit: money
-- formula: recurring lines of won deals that run on the last day of the period, a month's worth each, in the currency of the books; discounts of a whole document are one-off and do not reduce it
WITH running AS (
    SELECT r.product, r.monthly_amount
    FROM fct_recurring_line AS r
    JOIN meta AS m ON m.currency = r.currency
    WHERE (r.starts_on IS NULL OR r.starts_on <= $end) AND (r.ends_on IS NULL OR r.ends_on >= $end)
)
SELECT '' AS by, '' AS key, COALESCE(SUM(monthly_amount), 0) AS value FROM running
UNION ALL
SELECT 'product', product, SUM(monthly_amount) FROM running GROUP BY product
ORDER BY 1, 2
