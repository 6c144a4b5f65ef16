-- title: Receipts
-- unit: money
-- formula: what customers paid in the period, before the gateway's fees and without what went back
SELECT COALESCE(SUM(amount), 0) AS value
FROM fct_payment
WHERE amount > 0 AND payment_date BETWEEN $start AND $end
