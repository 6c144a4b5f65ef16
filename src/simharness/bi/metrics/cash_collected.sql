-- title: Cash collected
-- unit: money
-- formula: sum of customer payments by the day the customer paid, gross of gateway fees, tax included
SELECT '' AS by, '' AS key, COALESCE(SUM(amount), 0) AS value
FROM fct_payment
WHERE payment_date BETWEEN $start AND $end
