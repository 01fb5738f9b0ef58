-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop WHERE time > DATE '2024-01-31'
