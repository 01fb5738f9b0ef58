-- dataset: shop
-- code: cast_not_total
SELECT count(*) FROM shop WHERE city::date > DATE '2024-01-01'
