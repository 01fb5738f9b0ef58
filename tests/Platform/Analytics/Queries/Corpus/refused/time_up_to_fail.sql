-- dataset: shop
-- code: time_condition
-- fragment: time <= DATE '2024-01-31'
SELECT count(*) FROM shop WHERE time <= DATE '2024-01-31'
