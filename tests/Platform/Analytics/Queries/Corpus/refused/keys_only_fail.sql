-- dataset: shop
-- code: no_measure
SELECT city FROM shop GROUP BY city
