-- dataset: shop
-- code: cast_not_total
SELECT city, sum(amount) FROM shop GROUP BY city HAVING CAST(sum(amount) AS INTEGER) > 5
