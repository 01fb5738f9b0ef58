-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop WHERE time BETWEEN DATE '2024-01-01' AND DATE '2024-01-31'
