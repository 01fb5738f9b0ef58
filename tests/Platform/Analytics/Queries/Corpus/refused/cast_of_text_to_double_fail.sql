-- dataset: shop
-- code: cast_not_total
SELECT city::double, count(*) FROM shop GROUP BY 1
