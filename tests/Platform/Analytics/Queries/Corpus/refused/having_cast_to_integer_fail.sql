-- dataset: shop
-- code: cast_not_total
SELECT city, sum(amount) AS s FROM shop GROUP BY city HAVING CAST(s AS INTEGER) > 5
